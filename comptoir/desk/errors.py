"""What staff are told when an act no longer makes sense."""

from __future__ import annotations

from django.utils.translation import gettext as _


class DeskError(Exception):
    """An act that the conversation's present state does not allow; the text, translated, is for whoever tried."""


class ConversationResolvedError(DeskError):
    """The conversation was resolved meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This conversation has been resolved. Reopen it first."))


class ConversationOpenError(DeskError):
    """The conversation is open already."""

    def __init__(self) -> None:
        super().__init__(_("This conversation is open already."))


class MergedAwayError(DeskError):
    """The conversation goes on in another one."""

    def __init__(self) -> None:
        super().__init__(_("This conversation was merged into another one: go on there, or undo the merge first."))


class ReplacedConversationError(DeskError):
    """A newer conversation with the same person in the same thread is live."""

    def __init__(self) -> None:
        super().__init__(_("A newer conversation with this person is open in the same thread: go on there."))


class NotAssignableError(DeskError):
    """The person can not take this conversation."""

    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s cannot answer, so the conversation was not given to them.") % {"name": name})


class EmptyTextError(DeskError):
    """There is nothing in the note, or in the tag."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing written yet."))


class PastInstantError(DeskError):
    """It was to be put away until an instant that is over."""

    def __init__(self) -> None:
        super().__init__(_("That moment is over: choose one that is still to come."))


class FarInstantError(DeskError):
    """Nobody means a moment that far away."""

    def __init__(self) -> None:
        super().__init__(_("This moment is too far away: choose one within the next five years."))


class NotSpamError(DeskError):
    """It is not among the spam, or no longer."""

    def __init__(self) -> None:
        super().__init__(_("This conversation is not among the spam."))


class GoneError(DeskError):
    """Who or what was named is there no longer."""

    def __init__(self) -> None:
        super().__init__(_("The person or the team that was named no longer exists: choose another."))


class UnseenError(DeskError):
    """The agent may not see the conversation, or no longer."""

    def __init__(self) -> None:
        super().__init__(_("You can no longer see this conversation: it was left as it is."))


class ChangedSinceError(DeskError):
    """Somebody has gone on since: what was done is not undone over their heads."""

    def __init__(self) -> None:
        super().__init__(_("It has been changed since: it was left as it is now."))


class GivenSinceError(DeskError):
    """Somebody was given it, by a rule or by hand: it is not taken from them again."""

    def __init__(self, name: str) -> None:
        super().__init__(_("It has been given to %(name)s since: it was left with them.") % {"name": name})


class NothingChosenError(DeskError):
    """An act on many conversations without any."""

    def __init__(self) -> None:
        super().__init__(_("No conversation is chosen, or none that you can see."))


class NoPrivatePlaceError(DeskError):
    """The brand has no chat to go on in."""

    def __init__(self) -> None:
        super().__init__(
            _("This brand has no live chat to go on in. Connect one under Accounts, or write a private message.")
        )


class PrivateAlreadyError(DeskError):
    """What is private already needs no invitation."""

    def __init__(self) -> None:
        super().__init__(_("This conversation is private already."))


class InvitationUsedError(DeskError):
    """Somebody else has used the link, or its time is over."""

    def __init__(self) -> None:
        super().__init__(_("This link has been used already, or its time is over. Ask us for another one."))


class NameTakenError(DeskError):
    """There is a view of that name already."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is a view called “%(name)s” already: choose another name.") % {"name": name})


class NotYoursError(DeskError):
    """Only those who may share views change what is everybody's."""

    def __init__(self) -> None:
        super().__init__(_("Only supervisors and administrators share views, and change those that are shared."))


class MergeRefusedError(DeskError):
    """The two cannot be made one, or no longer be made two."""


class MoveRefusedError(DeskError):
    """The conversation cannot go on by that account."""


class SplitRefusedError(DeskError):
    """These messages cannot become a conversation of their own."""
