"""Calls of which nobody tells how they ended: a switchboard that lost its way to us, or that only tells of the ring.

They do not ring, or go on, for ever: after a while the call is shown as one whose end is not known. It stays what it
was: a ring that nobody is known to have taken waits for an answer, and what is told later still holds.
"""

from __future__ import annotations

from datetime import timedelta

from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.events.record import Happening, record_many
from comptoir.intake.receiving.rows import rows

#: Nobody lets it ring for longer, or holds a line in a queue; and no call goes on for longer (Twilio ends them itself).
RINGS_AT_MOST = timedelta(minutes=30)
LASTS_AT_MOST = timedelta(hours=4)
_AT_ONCE = 1000

_GIVE_UP = """
UPDATE conversations_message SET call_lost_at = %(now)s
WHERE id IN (
    SELECT id FROM conversations_message
    WHERE call_state IN (%(ringing)s, %(answered)s) AND call_lost_at IS NULL AND created_at < %(rung_before)s
        AND (call_state = %(ringing)s OR created_at < %(begun_before)s)
    ORDER BY created_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
RETURNING id, conversation_id
"""


def give_up_lost_calls() -> int:
    """Show calls as over of which no more was told; return how many."""
    asked = {
        "now": now(),
        "ringing": Message.CallState.RINGING,
        "answered": Message.CallState.ANSWERED,
        "rung_before": now() - RINGS_AT_MOST,
        "begun_before": now() - LASTS_AT_MOST,
        "most": _AT_ONCE,
    }
    lost = rows(_GIVE_UP, asked)
    record_many(Happening("call.lost", "message", pk, conversation_id=conversation) for pk, conversation in lost)
    return len(lost)
