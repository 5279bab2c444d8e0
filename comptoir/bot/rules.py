"""What forbids that the bot answers alone, in the order it is told: about the message, the entry, the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Each as what it says of a decision that it forbade.
RULES: Final[dict[str, StrOrPromise]] = {
    "automatic": _("a machine wrote the message"),
    "spam": _("it is spam"),
    "no_answer_needed": _("it calls for no answer"),
    "asks_for_person": _("the customer asks for a person"),
    "complaint": _("it is a complaint"),
    "anger": _("the customer is angry"),
    "urgency": _("it is urgent"),
    "legal": _("it is a legal matter"),
    "health": _("it is about health"),
    "minors": _("it is about a minor"),
    "personal_data": _("it holds personal data"),
    "language": _("the entry is not in the customer’s language"),
    "few_phrasings": _("the entry has fewer than five phrasings"),
    "not_allowed": _("the entry is not for bots"),
    "doubted": _("it was wrong with this entry when it was sure"),
    "resting": _("the entry was taken off the bot"),
    "no_variant": _("the entry has no answer for this channel and language"),
    "unfilled": _("the answer needs something that is not known"),
    "files": _("the channel does not take the files that go with the answer"),
    "no_words": _("the bot cannot say in this language that it is automatic"),
    "person_in_charge": _("a person sees to it"),
    "answered": _("somebody has answered"),
    "written_since": _("the customer has written since"),
    "asked_before": _("the customer has asked for a person before"),
    "did_not_help": _("the same answer did not help"),
    "in_row": _("the bot has answered often enough in a row"),
    "too_late": _("the message is older than a day"),
    "hours": _("it is not the bot’s hour"),
    "budget": _("the day’s answers are used up"),
    "refused": _("the channel did not take it"),
}
#: After these a person takes over from a bot that has spoken.
HAND_OVER: Final = frozenset(
    {"asks_for_person", "asked_before", "did_not_help", "in_row", "complaint", "anger", "urgency", "legal", "health"}
)
#: With these nothing is proposed either: there is nothing to answer, or nothing to answer with, or it is over.
NOTHING_TO_PROPOSE: Final = frozenset(
    {"automatic", "spam", "no_answer_needed", "no_variant", "files", "answered", "written_since"}
)


def in_order(found: set[str]) -> list[str]:
    """As they are told."""
    return [rule for rule in RULES if rule in found]
