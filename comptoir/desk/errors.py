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


class NotSpamError(DeskError):
    """It is not among the spam, or no longer."""

    def __init__(self) -> None:
        super().__init__(_("This conversation is not among the spam."))
