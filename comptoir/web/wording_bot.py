"""The bot's decisions in words: what was done, by what, and why not more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comptoir.bot.models import BotSwitch, CatalogueSurety, Decision, Mode
from comptoir.bot.queries import Share
from comptoir.bot.rules import RULES
from comptoir.understanding.deciding.certainty import faultless_needed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_LANGUAGE_FREE: dict[str, StrOrPromise] = {
    Mode.SILENT: gettext_lazy("The bot is silent here: it decides, and sends nothing."),
    Mode.PROPOSES: gettext_lazy("The bot proposes here: a person sends."),
    Mode.ANSWERS: gettext_lazy("The bot answers here by itself where it may."),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a decision came out as it did: what it would have taken, and what each rule said."""

    summary: str
    mode: StrOrPromise
    sureness: str
    sure_per_cent: int
    forbade: Sequence[StrOrPromise]
    passed: Sequence[StrOrPromise]


def explained(decision: Decision) -> Explanation:
    """In the reader's language."""
    return Explanation(
        summary=done_words(decision),
        mode=_LANGUAGE_FREE[decision.mode],
        sureness=sureness_words(decision),
        sure_per_cent=_per_cent(decision.confidence),
        forbade=[RULES.get(rule, rule) for rule in decision.rules],
        passed=[words for rule, words in RULES.items() if rule not in decision.rules],
    )


def done_words(decision: Decision) -> str:
    """What was done, in a sentence."""
    if decision.done == Decision.Done.ANSWERED:
        return _("The bot answered by itself.")
    if decision.done == Decision.Done.PROPOSED:
        return _("The bot proposed this answer; nothing left without a person.")
    if decision.entry_id is None:
        return _("The bot found nothing that answers this.")
    if decision.would_answer:
        return _("The bot would have answered this by itself; it sent nothing.")
    return _("The bot noted this answer, and sent nothing.")


def sureness_words(decision: Decision) -> str:
    """How sure it was, beside what it takes to answer alone."""
    values = {"sure": _per_cent(decision.confidence), "least": _per_cent(decision.answers_from or 0)}
    if decision.answers_from is None:
        text = _("%(sure)s%% sure. The catalogue has not proven itself yet: nothing is answered alone.")
    elif decision.confidence >= decision.answers_from:
        text = _("%(sure)s%% sure; from %(least)s%% on it may answer alone.")
    else:
        text = _("%(sure)s%% sure; only from %(least)s%% on it may answer alone.")
    asked = _("Of this entry’s answers %(share)s in 100 must be proven right.") % {"share": decision.least_per_cent}
    return f"{text % values} {asked}"


def target_words(per_cent: int) -> str:
    """What it takes, and what it leaves, when so many of a hundred answers must be proven right."""
    values = {"share": per_cent, "wrong": 100 - per_cent, "needed": faultless_needed(per_cent / 100)}
    text = ngettext(
        "%(share)s%%: after %(needed)s judged answers without a mistake; up to %(wrong)s answer in 100 may be wrong",
        "%(share)s%%: after %(needed)s judged answers without a mistake; up to %(wrong)s answers in 100 may be wrong",
        100 - per_cent,
    )
    return text % values


def _per_cent(share: float) -> int:
    """Rounded down: 99.6 % is not certain."""
    return int(100 * share)


def share_words(share: Share) -> str:
    """« 46 of 48 right: 95 %, between 85 and 99 % »."""
    bounds = share.bounds
    if bounds is None:
        return _("nothing judged yet")
    text = _("%(right)s of %(judged)s right: %(share)s%%, between %(low)s and %(high)s%%")
    return text % {
        "right": share.right, "judged": share.judged, "share": share.per_cent, "low": bounds[0], "high": bounds[1],
    }  # fmt: skip


def surety_words(surety: CatalogueSurety | None) -> str:
    """What the catalogue has proven."""
    if surety is None:
        return _("Nobody has asked the catalogue yet: it proves itself with the first messages.")
    values = {
        "right": surety.right, "asked": surety.asked, "proven": formats.number_format(100 * surety.proven, 1),
        "least": _per_cent(surety.answers_from or 0), "takes": surety.least_per_cent,
    }  # fmt: skip
    if surety.answers_from is None:
        return (
            _(
                "Nothing is answered alone yet. Of the phrasings that were tried and the answers that were judged, "
                "%(right)s of the surest %(asked)s were right, which proves %(proven)s%%; it takes %(takes)s%%."
            )
            % values
        )
    return (
        _(
            "From %(least)s%% sure on the bot may answer alone: %(right)s of %(asked)s such phrasings and judged "
            "answers were right, which proves %(proven)s%%."
        )
        % values
    )


def switch_words(switch: BotSwitch | None) -> str:
    """Who stopped every bot, or that none is stopped."""
    if switch is None or not switch.is_stopped:
        return _("The bots do what their accounts say below.")
    name = switch.changed_by.name if switch.changed_by else _("Somebody")
    text = _("%(name)s has stopped every bot. They decide and are scored; nothing is sent or proposed.")
    return text % {"name": name}
