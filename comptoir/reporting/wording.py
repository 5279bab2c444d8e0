"""What each figure means, in words, for the hints beside the numbers and the list below them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Meaning:
    """One figure: what it is called, and what it counts."""

    label: Promise
    says: Promise


MEANINGS: dict[str, Meaning] = {
    "received": Meaning(
        pgettext_lazy("figure", "Received"),
        _(
            "Conversations in which a customer first asked something on these days. One that is resolved and reopened"
            " is one; merged ones are one, since the first question; split ones are two."
        ),
    ),
    "first_reply": Meaning(
        pgettext_lazy("figure", "First reply"),
        _(
            "From the customer’s first message to the first answer after it, by the network’s own time, nights and"
            " Sundays included. Automatic receipts and sends that failed answer nothing; a call answers when it is"
            " taken. Only conversations that were answered."
        ),
    ),
    "first_reply_kept": Meaning(
        pgettext_lazy("figure", "First reply in time"),
        _(
            "Of the promised first replies whose outcome is known, the share that was kept, each by its own promise and"
            " calendar. Late is late, also where the conversation was closed afterwards. One that still runs is not"
            " counted; nor is a late one that runs again because a calendar or a promise was changed, of which whoever"
            " changes it is told beforehand, and the record afterwards."
        ),
    ),
    "response_rate": Meaning(
        pgettext_lazy("figure", "Answered"),
        _(
            "Of the conversations whose outcome is known, the share that a person answered. What still waits, open for"
            " less than seven days, is left out. With the never answered this makes 100%."
        ),
    ),
    "never_answered": Meaning(
        pgettext_lazy("figure", "Never answered"),
        _(
            "Conversations closed without an answer, or left without one for seven days. An answer that comes later"
            " takes a conversation out of these."
        ),
    ),
    "waiting": Meaning(
        pgettext_lazy("figure", "Still waiting"), _("Not answered yet, open, and for less than seven days.")
    ),
    "resolution": Meaning(
        pgettext_lazy("figure", "Resolution"),
        _(
            "How long the conversation was open until it was last resolved; the time it lay resolved before it was"
            " reopened is not counted. Only conversations that are resolved now."
        ),
    ),
    "resolution_kept": Meaning(
        pgettext_lazy("figure", "Resolution in time"),
        _("Of the promised resolutions whose outcome is known, the share that was kept, each by its own calendar."),
    ),
    "transferred": Meaning(
        pgettext_lazy("figure", "Passed on"),
        _(
            "The share that went from one team to another, by a person, a program, or because nobody there took it."
            " What rules place anew when a message has been read thoroughly is not counted."
        ),
    ),
    "reopened": Meaning(
        pgettext_lazy("figure", "Reopened"),
        _("The share that was open again after it was resolved. A slip that was undone is not counted."),
    ),
    "backlog": Meaning(
        pgettext_lazy("figure", "Open"),
        _(
            "Conversations that were not resolved when the day ended, at midnight in the company’s zone, pending and"
            " put away ones included; today: now. A team’s are those it had then."
        ),
    ),
    "hand_off": Meaning(
        pgettext_lazy("figure", "Handed to another team"),
        _("Hand-offs offered on these days; the time is that from the offer until somebody of that team accepted."),
    ),
    "consultation": Meaning(
        pgettext_lazy("figure", "Asked of an expert"),
        _("Consultations asked on these days; the time is that from the question until the expert’s answer."),
    ),
    "median": Meaning(
        pgettext_lazy("figure", "Median"),
        _("Half of them took this long or less. It is one of the times that were measured, not an average."),
    ),
    "p90": Meaning(
        pgettext_lazy("figure", "9 in 10"), _("Nine in ten took this long or less; one in ten took longer.")
    ),
    "parity": Meaning(
        pgettext_lazy("figure", "Spread"),
        _(
            "The slowest channel’s median by the fastest’s, for the same kind of matter. 1 is the same treatment"
            " everywhere. Channels with fewer than five answers are left out."
        ),
    ),
}

#: What holds for all of them.
GENERAL: tuple[Promise, ...] = (
    _("Days begin and end at midnight in the company’s zone; a conversation belongs to the day of its first question."),
    _(
        "Spam, and what was said before the account was connected, is not counted. A message that the customer deleted"
        " before it was answered asks nothing."
    ),
    _(
        "Replies are of the team that had the conversation when it was answered, and of the person who answered; the"
        " rest is of the team that has it, and of the person who resolved it."
    ),
    _("The topic is that of the first message in which one was read."),
    _("A late event changes the past: figures of former days may still move, and always tell what is known now."),
)
