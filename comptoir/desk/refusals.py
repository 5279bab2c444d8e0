"""What staff are told when what passes between teams, experts and matters no longer makes sense."""

from __future__ import annotations

from django.utils.translation import gettext as _

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
            HandOff.State.REFUSED: _("%(who)s has refused it already: the conversation stays where it was."),
            HandOff.State.WITHDRAWN: _("%(who)s has taken it back: the conversation stays where it was."),
        }
        super().__init__(sentences[HandOff.State(hand_off.state)] % {"who": who})
