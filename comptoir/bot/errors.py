"""What people are told when the bot's state does not allow what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from comptoir.bot.models import Ruling


class BotError(Exception):
    """An act that cannot be done now; the text, translated, is for whoever tried."""


class RuledAlreadyError(BotError):
    """Somebody else has ruled on it; ``ruling`` is theirs."""

    def __init__(self, ruling: Ruling) -> None:
        text = _("%(name)s has ruled on this meanwhile (%(verdict)s). Nothing more was sent.")
        name = ruling.agent.name if ruling.agent else _("Somebody")
        super().__init__(text % {"name": name, "verdict": ruling.get_verdict_display()})
        self.ruling = ruling


class AnsweredMeanwhileError(BotError):
    """The conversation has gone on: the answer would come late."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This message has been answered, or the customer has written since. Your text was kept and not sent: "
                "look at the conversation, then say whether the bot was right."
            )
        )


class NothingToSendError(BotError):
    """The decision has no answer that could be sent."""

    def __init__(self) -> None:
        super().__init__(_("There is no answer to send here: say whether the bot was right, or refuse it."))


class ProposalChangedError(BotError):
    """The entry says something else than when whoever rules was shown it."""

    def __init__(self) -> None:
        super().__init__(
            _("The catalogue’s answer was changed meanwhile. Nothing was sent: read what it says now, then send it.")
        )


class CauseNeededError(BotError):
    """A refusal without a reason teaches nothing."""

    def __init__(self) -> None:
        super().__init__(_("Say why you refuse it: that is what the bot learns from."))


class FileGoneError(BotError):
    """A file of the answer is not where the catalogue keeps it."""

    def __init__(self, name: str) -> None:
        text = _("“%(name)s”, which goes with this answer, can no longer be read. Nothing was sent: answer without it.")
        super().__init__(text % {"name": name})
