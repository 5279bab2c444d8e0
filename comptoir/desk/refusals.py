"""What staff are told when what passes between teams, experts and matters no longer makes sense."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comptoir.conversations.models import HandOff
from comptoir.desk.errors import DeskError


class SameTeamError(DeskError):
    """It would be passed to the team that has it."""

    def __init__(self, team: str) -> None:
        super().__init__(_("This conversation is with the team %(team)s already: choose another one.") % {"team": team})


class UnsaidError(DeskError):
    """Nobody is asked for nothing."""

    def __init__(self) -> None:
        super().__init__(_("Say what is asked, in a sentence: whoever receives it begins there."))


class ReasonNeededError(DeskError):
    """A refusal without its reason."""

    def __init__(self) -> None:
        super().__init__(_("Say why, in a sentence: whoever gave it goes on from there."))


class NobodyThereError(DeskError):
    """The team has nobody who could accept."""

    def __init__(self, team: str) -> None:
        super().__init__(
            _("Nobody in the team %(team)s can accept it: choose another team, or add somebody to it.") % {"team": team}
        )


class HandOffUnderWayError(DeskError):
    """It is offered already."""

    def __init__(self, team: str) -> None:
        super().__init__(
            _("It is offered to the team %(team)s already: take that back first, or wait for their word.")
            % {"team": team}
        )


class NotOfTeamError(DeskError):
    """Only the team that is asked decides."""

    def __init__(self, team: str) -> None:
        super().__init__(_("Only the team %(team)s, or a supervisor, decides on this.") % {"team": team})


class HandOffDecidedError(DeskError):
    """Somebody was faster; the text says who, and how."""

    def __init__(self, hand_off: HandOff) -> None:
        who = hand_off.ended_by.name if hand_off.ended_by else _("The system")
        sentences = {
            HandOff.State.ACCEPTED: _("%(who)s has accepted it already: the conversation is with them."),
            HandOff.State.ANSWERED: _("%(who)s has accepted it already, and it was given back with an answer."),
            HandOff.State.REFUSED: _("%(who)s has refused it already: the conversation stays where it was."),
            HandOff.State.WITHDRAWN: _("%(who)s has taken it back: the conversation stays where it was."),
        }
        super().__init__(sentences[HandOff.State(hand_off.state)] % {"who": who})


class GoneOnError(DeskError):
    """It was given back already, or has gone another way."""

    def __init__(self) -> None:
        super().__init__(
            _("It has gone another way since, or was given back already. Your words were not kept: copy them first.")
        )


class WithColleagueError(DeskError):
    """A colleague of the team has it."""

    def __init__(self, name: str) -> None:
        super().__init__(_("It is with %(name)s: only they give it back.") % {"name": name})


class OneExpertError(DeskError):
    """Nobody is asked, or two are."""

    def __init__(self) -> None:
        super().__init__(_("Choose a colleague, or give the address of somebody outside: one of the two."))


class BadAddressError(DeskError):
    """Nothing can be mailed there."""

    def __init__(self, address: str) -> None:
        super().__init__(_("“%(address)s” is no e-mail address. Your question was kept.") % {"address": address})


class NotAskedError(DeskError):
    """The colleague could not answer."""

    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s cannot write notes, and so could not answer: ask somebody else.") % {"name": name})


class ConsultationOverError(DeskError):
    """It was answered already, or taken back."""

    def __init__(self) -> None:
        super().__init__(_("This question was answered already, or taken back. Your words were not sent: keep them."))


class NotAnsweredError(DeskError):
    """There is no answer yet that could be used."""

    def __init__(self) -> None:
        super().__init__(_("The expert has not answered yet."))


class UntitledError(DeskError):
    """A matter is found by its name."""

    def __init__(self) -> None:
        super().__init__(_("Say in a few words what the customer wants solved."))


class TwoPeopleError(DeskError):
    """A matter is one person's."""

    def __init__(self) -> None:
        super().__init__(
            _("These conversations are of two people: make them one on the customer’s card first, if they are.")
        )


class JoinedAlreadyError(DeskError):
    """A conversation is part of one matter."""

    def __init__(self, title: str) -> None:
        super().__init__(
            _("One of these conversations is part of “%(title)s” already: take it out there first.") % {"title": title}
        )


class MatterResolvedError(DeskError):
    """It was resolved meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This matter has been resolved. Reopen it first."))


class BeyondReachError(DeskError):
    """Somebody else's conversations are part of it."""

    def __init__(self, count: int) -> None:
        super().__init__(
            ngettext(
                "%(count)s conversation of this matter is another team’s: ask them to resolve it, or a supervisor to "
                "resolve the matter.",
                "%(count)s conversations of this matter are other teams’: ask them to resolve them, or a supervisor to "
                "resolve the matter.",
                count,
            )
            % {"count": count}
        )


class NotRepliedError(DeskError):
    """One of the replies cannot be sent as it is: nothing was sent, nothing resolved."""

    def __init__(self, account: str, reason: str) -> None:
        super().__init__(
            _("On %(account)s: %(reason)s Nothing was sent and nothing resolved.")
            % {"account": account, "reason": reason}
        )


class NotPublishedError(NotRepliedError):
    """Words to several customers at once carry personal data where everybody reads them: here nobody confirms that."""

    def __init__(self, account: str, kinds: str) -> None:
        reason = _(
            "Everybody will read this, and it carries personal data (%(kinds)s): "
            "take them out, or do not tell it there."
        )
        super().__init__(account, reason % {"kinds": kinds})


class BadNumberError(DeskError):
    """What was written is no telephone number."""

    def __init__(self) -> None:
        super().__init__(_("This is no telephone number: write it like 01 23 45 67 89 or +32 2 345 67 89."))


class CostlyNumberError(BadNumberError):
    """A number at which the one who calls pays."""

    def __init__(self) -> None:
        super(BadNumberError, self).__init__(
            _("Whoever calls this number pays for it: it is not called. Ask the customer for another one.")
        )


class NoNumberError(DeskError):
    """The customer did not say on which number."""

    def __init__(self) -> None:
        super().__init__(_("Enter the number first: the customer did not say on which one."))


class NoTelephoneAccountError(DeskError):
    """The brand has no telephone from which customers are called."""

    def __init__(self) -> None:
        super().__init__(_("This brand has no telephone account: an administrator can connect one in the settings."))


class CallBackOverError(DeskError):
    """The call was made, or is not needed any more."""

    def __init__(self) -> None:
        super().__init__(_("This call has been settled meanwhile: nothing is left to do."))
