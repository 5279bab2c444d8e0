"""What analysis does about events: messages that are new or say something else are read; conversations whose messages
moved or went are told anew; the tone of replies that left is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.analysis.backlog import ask_to_read
from comptoir.analysis.tone import ask_to_read_replies
from comptoir.analysis.turns import retell_readings
from comptoir.events.models import Event

NEW = frozenset({"message.received"})
OTHER_WORDS = frozenset({"message.completed", "message.edited"})
MOVED = frozenset(
    {"message.deleted"} | {f"conversation.{what}" for what in ("merged", "merged_away", "unmerged", "parted", "split")}
)
LEFT = frozenset({"message.sent"})
READ_ABOUT = NEW | OTHER_WORDS | MOVED | LEFT


def follow_messages(events: Sequence[Event]) -> None:
    """React to a batch of events, whichever of READ_ABOUT are in it."""
    ask_to_read({event.subject_id for event in events if event.name in NEW}, again=False)
    ask_to_read({event.subject_id for event in events if event.name in OTHER_WORDS})
    ask_to_read_replies({event.subject_id for event in events if event.name in LEFT})
    moved = [event for event in events if event.name in MOVED]
    concerned = [event.conversation_id for event in moved] + [event.details.get("into") for event in moved]
    retell_readings(pk for pk in concerned if isinstance(pk, int))
