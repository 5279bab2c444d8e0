"""Promises as the screens say them: what was promised in a conversation, and the policies as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.sla.models import SLAPolicy
from comptoir.sla.picturing import Strip, strip_of
from comptoir.sla.queries import Given, promises_given
from comptoir.sla.telling import steps, terms
from comptoir.web.wording import channel_label


@dataclass(frozen=True, slots=True)
class Explained:
    """One promise and how its due time came about: each step a sentence, with its day drawn beside it."""

    terms: str
    calendar: str
    steps: Sequence[tuple[str, Strip | None]]


def promises_explained(conversation: Conversation) -> list[Explained]:
    """The last promises of a conversation, with why each is due when it is."""
    return [Explained(one.terms(_), one.calendar_name, list(_drawn_steps(one))) for one in promises_given(conversation)]


def _drawn_steps(one: Given) -> Iterator[tuple[str, Strip | None]]:
    present = now() if one.clock.stopped_at is None else None
    due = one.clock.due_at
    for step in steps(one.case, due, _):
        yield step.text, strip_of(one.case, step.day, due=due, present=present) if step.day else None


def policy_words(policy: SLAPolicy) -> str:
    """A policy as a sentence: « Première réponse sous 1 min ouverte, par chat, en privé, pour Aurore »."""
    said = [terms(policy.promise, policy.target, policy.target_working_days, policy.is_in_working_time, _)]
    if policy.kinds:
        said.append(_("on %(channels)s") % {"channels": ", ".join(channel_label(kind) for kind in policy.kinds)})
    if policy.is_public is not None:
        said.append(_("in public") if policy.is_public else _("in private"))
    if policy.brand is not None:
        said.append(_("for %(brand)s") % {"brand": policy.brand.name})
    if policy.team is not None:
        said.append(_("by the team %(team)s") % {"team": policy.team.name})
    if len(said) == 1:
        said.append(_("for everybody"))
    return ", ".join(said)
