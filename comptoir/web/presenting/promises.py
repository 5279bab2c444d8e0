"""Promises as the screens say them: what was promised in a conversation, and the policies as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comptoir.analysis.models import Intent
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.routing.conditions.kinds import either
from comptoir.sla.models import PolicyWarning, SLAPolicy
from comptoir.sla.picturing import Strip, strip_of
from comptoir.sla.places import Subject, promise_given
from comptoir.sla.queries import Given, promises_given
from comptoir.sla.telling import duration, steps, terms
from comptoir.web.wording import channel_in_line, language_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Explained:
    """One promise and how its due time came about: each step a sentence, with its day drawn beside it."""

    terms: str
    calendar: str
    steps: Sequence[tuple[str, Strip | None]]


def promises_explained(conversation: Conversation) -> list[Explained]:
    """The last promises of a conversation, with why each is due when it is."""
    return [_explained(one) for one in promises_given(conversation)]


def promise_explained(subject: Subject) -> list[Explained]:
    """What was promised of a hand-off, a consultation or a matter, in the same way; empty where nothing was."""
    found = promise_given(subject)
    return [_explained(found)] if found is not None else []


def _explained(one: Given) -> Explained:
    return Explained(one.terms(_), one.calendar_name, list(_drawn_steps(one)))


def _drawn_steps(one: Given) -> Iterator[tuple[str, Strip | None]]:
    present = now() if one.clock.stopped_at is None else None
    for step in steps(one.case, one.due_at, _):
        yield step.text, strip_of(one.case, step.day, due=one.due_at, present=present) if step.day else None
    ended = one.end(_)
    if ended:
        yield ended, None


def policy_words(policy: SLAPolicy) -> str:
    """A policy as a sentence: « Première réponse sous 1 min ouverte, par chat, en privé, pour Aurore »."""
    said = [terms(policy.promise, policy.target, policy.target_working_days, policy.is_in_working_time, _)]
    if policy.target_working_days is not None and policy.working_week != SLAPolicy.WorkingWeek.OPENING:
        said.append(policy.get_working_week_display())
    if policy.kinds:
        said.append(_("on %(channels)s") % {"channels": ", ".join(channel_in_line(kind) for kind in policy.kinds)})
    if policy.is_public is not None:
        said.append(_("in public") if policy.is_public else _("in private"))
    if policy.brand is not None:
        said.append(_("for %(brand)s") % {"brand": policy.brand.name})
    if policy.team is not None:
        said.append(_("by the team %(team)s") % {"team": policy.team.name})
    said += _seldom(policy)
    if len(said) == 1:
        said.append(_("for everybody"))
    if policy.pauses:
        said.append(str(_PAUSES[policy.pauses]))
    return ", ".join(said)


def _seldom(policy: SLAPolicy) -> Iterator[str]:
    """What few policies ask of a customer and of what they want."""
    if policy.least_priority is not None:
        yield _("from priority “%(priority)s” on") % {"priority": policy.get_least_priority_display()}
    if policy.topic is not None:
        yield _("about “%(reason)s”") % {"reason": policy.topic.name}
    if policy.intents:
        named = dict(Intent.choices)
        yield _("when the kind of message is %(intents)s") % {
            "intents": either([str(named[one]).lower() for one in policy.intents])
        }
    if policy.languages:
        yield _("to who writes in %(languages)s") % {
            "languages": either([language_name(code) for code in policy.languages])
        }
    if policy.customer_tags:
        yield _("to customers with the tag %(tags)s") % {"tags": either(policy.customer_tags)}
    if policy.card_field:
        values = {"field": policy.card_field, "values": either(policy.card_values)}
        yield _("to customers whose card says %(field)s: %(values)s") % values


_PAUSES: dict[str, StrOrPromise] = {
    SLAPolicy.Pauses.PENDING: gettext_lazy("standing still while pending"),
    SLAPolicy.Pauses.ANSWERED: gettext_lazy("standing still while our answer is the last word"),
}


def warning_words(warning: PolicyWarning) -> str:
    """A warning as a sentence: « 30 min avant l’échéance : prévenir les superviseurs, rendre plus urgente »."""
    labels = dict(PolicyWarning.Audience.choices)
    does: list[StrOrPromise] = [_TELLS[audience] for audience in labels if audience in warning.tells]
    if warning.raises_priority:
        does.append(_("make it more urgent"))
    if warning.gives_back:
        does.append(_("give it to somebody else of the team"))
    if warning.escalates_to is not None:
        does.append(_("pass it to the team %(team)s") % {"team": warning.escalates_to.name})
    does += [_("post it in %(webhook)s") % {"webhook": endpoint.url} for endpoint in warning.endpoints.all()]
    return _("%(when)s: %(acts)s") % {"when": _when(warning.from_due), "acts": ", ".join(str(one) for one in does)}


_TELLS: dict[str, StrOrPromise] = {
    PolicyWarning.Audience.OWNER: gettext_lazy("tell whoever has it"),
    PolicyWarning.Audience.TEAM: gettext_lazy("tell its team"),
    PolicyWarning.Audience.SUPERVISORS: gettext_lazy("tell the supervisors"),
}


def _when(from_due: timedelta) -> str:
    if not from_due:
        return _("When it is due")
    days, rest = divmod(abs(from_due), timedelta(days=1))
    number = ngettext("%(number)s day", "%(number)s days", days) % {"number": days}
    length = " ".join(part for part in (number if days else "", duration(rest) if rest else "") if part)
    said = _("%(time)s before it is due") if from_due < timedelta(0) else _("%(time)s after it was due")
    return said % {"time": length}
