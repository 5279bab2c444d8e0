"""Why a reply was not taken: each text is for the person who wrote it, in their language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from comptoir.conversations.models import Message
from comptoir.understanding.personal_data import PersonalData

_KINDS = {
    "phone": gettext_lazy("telephone number"),
    "email": gettext_lazy("e-mail address"),
    "address": pgettext_lazy("where somebody lives", "address"),
    "iban": gettext_lazy("bank account"),
    "card": gettext_lazy("payment card"),
    "nir": gettext_lazy("social security number"),
    "tax": gettext_lazy("tax number"),
    "order": gettext_lazy("order number"),
    "customer": gettext_lazy("customer number"),
}


def kinds_in_words(found: Sequence[PersonalData]) -> str:
    """What was found, each kind named once: “telephone number, e-mail address”."""
    return ", ".join(dict.fromkeys(str(_KINDS[one.kind]) for one in found))


class ReplyRefusedError(Exception):
    """A reply that was not taken; nothing was stored, and the text says what to do."""


class EmptyReplyError(ReplyRefusedError):
    """Neither text nor file."""

    def __init__(self) -> None:
        super().__init__(_("This reply is empty: write something or add a file."))


class PersonalDataError(ReplyRefusedError):
    """A public reply carries personal data and nobody confirmed it; ``found`` says what and where."""

    def __init__(self, found: Sequence[PersonalData]) -> None:
        kinds = kinds_in_words(found)
        super().__init__(
            _(
                "Everybody will read this reply, and it carries personal data (%(kinds)s). It was not sent: "
                "take them out, answer in private, or confirm that they may be published."
            )
            % {"kinds": kinds}
        )
        self.found = tuple(found)


class TextTooLongError(ReplyRefusedError):
    """Longer than the network takes, counted as the network counts."""

    def __init__(self, *, length: int, longest: int) -> None:
        super().__init__(
            _("This reply is too long for this channel (%(length)s out of %(longest)s). It was not sent: shorten it.")
            % {"length": length, "longest": longest}
        )
        self.length, self.longest = length, longest


class UnfilledError(ReplyRefusedError):
    """Words in braces that nobody has filled in; ``missing`` are they."""

    def __init__(self, missing: Sequence[str]) -> None:
        text = _("%(words)s is still to be filled in. Your reply was kept and not sent: write it, or take it out.")
        super().__init__(text % {"words": ", ".join(missing)})
        self.missing = tuple(missing)


class FilesRefusedError(ReplyRefusedError):
    """Too many files, too large, or of a type that the network does not take."""


class ChoicesRefusedError(ReplyRefusedError):
    """Too many answers to press, too long, twice the same, or where the network has no such thing."""


class ReplyWindowClosedError(ReplyRefusedError):
    """The network lets us answer only for ``window`` after the customer's last message; ``has_templates``: then it
    takes messages that it approved beforehand.
    """

    def __init__(self, *, window: timedelta, has_templates: bool) -> None:
        if has_templates:
            text = _(
                "This network lets a company answer for %(span)s after the customer's last message, and that time is "
                "over. The reply was not sent: send an approved message instead."
            )
        else:
            text = _(
                "This network lets a company answer for %(span)s after the customer's last message, and that time is "
                "over. The reply was not sent: reach the customer on another channel."
            )
        super().__init__(text % {"span": _span(window)})


def _span(window: timedelta) -> str:
    if window > timedelta(days=1):
        return _("%(days)s days") % {"days": window.days}
    return _("%(hours)s hours") % {"hours": window // timedelta(hours=1)}


class TakenBeforeError(ReplyRefusedError):
    """The form it comes from has given a reply already, and it was another one, or has been taken back since."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Another reply was already taken from here before you changed it: see above what became of it. "
                "This text was kept and not sent. Sent again, it leaves as a second reply."
            )
        )


class ColleagueAnsweredError(ReplyRefusedError):
    """Somebody else has answered since this reply was begun; ``answers`` are their words, the earliest first."""

    def __init__(self, answers: Sequence[Message]) -> None:
        names = dict.fromkeys(answer.agent.name for answer in answers if answer.agent)
        super().__init__(
            _(
                "%(names)s answered while you were writing. Your reply was kept and not sent: read theirs, then "
                "change yours, or send it all the same."
            )
            % {"names": ", ".join(names)}
        )
        self.answers = tuple(answers)


class DepartureError(ReplyRefusedError):
    """The instant at which a reply should leave is over, or too far away."""

    def __init__(self) -> None:
        super().__init__(
            _("A reply leaves within the next 90 days. It was kept and not sent: choose another day and time.")
        )


class AnsweredOnceError(ReplyRefusedError):
    """The customer's comment has had the one private reply that the network lets it have."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This comment has had its private reply, and the network allows one. Yours was kept and not sent: go "
                "on where the customer answers, or answer in public."
            )
        )


class CannotAnswerHereError(ReplyRefusedError):
    """The channel has no way to answer."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or _("Nobody can answer from here on this channel: answer on the network itself."))


class MergedMeanwhileError(ReplyRefusedError):
    """What is written here would no longer be seen where the exchange goes on."""

    def __init__(self) -> None:
        super().__init__(
            _("This conversation was merged into another one. Your reply was kept and not sent: go on there.")
        )


class TooLateError(ReplyRefusedError):
    """A reply that has left, or may have, can no longer be taken back."""

    def __init__(self) -> None:
        super().__init__(_("This reply has already left: it can no longer be taken back."))


class UnchangedError(ReplyRefusedError):
    """The words that should take the place of others are the same."""

    def __init__(self) -> None:
        super().__init__(_("These are the words that are there already: nothing was changed."))


class NothingToDecideError(ReplyRefusedError):
    """The reply is not in a state that this decision is about, perhaps because somebody else has decided."""

    def __init__(self) -> None:
        super().__init__(_("Nothing is to be decided about this reply any more: look at it again."))
