"""Telephone calls as they go on: the state that is furthest on stands, in whatever order networks tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from comptoir.connectors.base import Call
from comptoir.conversations.actions import attach_received
from comptoir.conversations.models import Message
from comptoir.events.record import SYSTEM, Happening
from comptoir.intake.arrivals import Arrival
from comptoir.intake.receiving.messages import storable_file
from comptoir.intake.receiving.rows import KnownMessage, rows

#: From the least to the most that can be known of a call.
_ORDER = ("ringing", "answered", "ended", "missed", "voicemail")
_LONGEST = timedelta(days=7)

# How long a voice message is, not the call that it was left in, is what is said of it.
_GO_ON = """
UPDATE conversations_message AS message
SET call_state = CASE WHEN array_position(%(order)s, new.state) > COALESCE(array_position(%(order)s, call_state), 0)
        THEN new.state ELSE call_state END,
    call_lost_at = CASE WHEN array_position(%(order)s, new.state) > COALESCE(array_position(%(order)s, call_state), 0)
        THEN NULL ELSE call_lost_at END,
    call_duration = new.duration,
    text = CASE WHEN message.text = '' THEN new.text ELSE message.text END
FROM (
    SELECT told.id, told.state, told.text, CASE WHEN told.state = 'voicemail' AND former.call_state <> 'voicemail'
        THEN told.duration WHEN told.state <> 'voicemail' AND former.call_state = 'voicemail'
        THEN former.call_duration ELSE COALESCE(told.duration, former.call_duration) END AS duration
    FROM (SELECT %(id)s::bigint AS id, %(state)s AS state, %(duration)s::interval AS duration, %(text)s AS text) AS told
    JOIN conversations_message AS former USING (id)
) AS new
WHERE message.id = new.id AND (array_position(%(order)s, new.state) > COALESCE(array_position(%(order)s, call_state), 0)
    OR call_duration IS DISTINCT FROM new.duration OR (message.text = '' AND new.text <> ''))
RETURNING call_state
"""


def apply_calls(told: Sequence[tuple[Arrival, KnownMessage]]) -> list[tuple[Arrival, KnownMessage, Happening]]:
    """Bring calls up to date with what was told of them; those that changed by it, with what is to be recorded."""
    changed = []
    for arrival, message in told:
        call = arrival.event.call
        if call is None or message.is_deleted:
            continue
        state = _gone_on(message.id, call, arrival.text)
        _keep_recordings(message.id, arrival)
        if state is not None:
            about = Happening(f"call.{state}", "message", message.id, SYSTEM, message.conversation_id)
            changed.append((arrival, message, about))
    return changed


def _gone_on(message_id: int, call: Call, text: str) -> str | None:
    duration = call.duration if call.duration is not None and timedelta(0) <= call.duration <= _LONGEST else None
    asked = {"id": message_id, "state": call.state, "duration": duration, "text": text, "order": list(_ORDER)}
    found = rows(_GO_ON, asked)
    return str(found[0][0]) if found else None


def _keep_recordings(message_id: int, arrival: Arrival) -> None:
    if arrival.event.attachments and not Message(pk=message_id).attachments.exists():
        attach_received(Message(pk=message_id), [storable_file(file) for file in arrival.event.attachments])
