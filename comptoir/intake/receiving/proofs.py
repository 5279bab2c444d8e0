"""The network shows us, or confirms, messages of ours of which we did not know yet that they were sent."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.connectors.base import Sent
from comptoir.conversations.models import Conversation, Message
from comptoir.core.reasons import Reason
from comptoir.delivery.outcomes import mark_message_sent
from comptoir.events.record import SYSTEM
from comptoir.intake.arrivals import Arrival
from comptoir.intake.receiving.messages import Placed
from comptoir.intake.receiving.rows import KnownMessage, rows

UNSETTLED = ("queued", "sending", "uncertain")

_UNNAMED = """
SELECT id, conversation_id, text, state FROM conversations_message
WHERE conversation_id = ANY(%s) AND direction = 'outgoing' AND external_id IS NULL AND state IN ('sending', 'uncertain')
ORDER BY id
"""

Proof = tuple[Arrival, KnownMessage]


def unnamed_proofs(placed: Sequence[Placed]) -> list[tuple[Placed, KnownMessage]]:
    """Echoes that say what a message of ours, still being sent in the same conversation, says: it is that message."""
    echoes = [one for one in placed if one[0].is_ours and one[1].id]
    if not echoes:
        return []
    found: list[tuple[Placed, KnownMessage]] = []
    for pk, conversation_id, text, state in rows(_UNNAMED, [sorted({exchange.id for _, exchange, _ in echoes})]):
        echo = next((one for one in echoes if one[1].id == conversation_id and _says(one[0], text)), None)
        if echo is not None:
            echoes.remove(echo)
            found.append((echo, KnownMessage(pk, conversation_id, True, None, state, False, echo[1])))
    return found


def _says(arrival: Arrival, text: str) -> bool:
    return (arrival.event.text or "").split() == text.split()


def settle_proofs(proofs: Sequence[Proof]) -> set[int]:
    """Mark messages as sent, as delivery does when the network answers; the conversations they are in."""
    settled: set[int] = set()
    for arrival, known in sorted(proofs, key=lambda proof: (proof[1].conversation_id, proof[1].id)):
        conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=known.conversation_id)
        message = Message.objects.select_for_update(of=("self",)).select_related("account").get(pk=known.id)
        if message.state not in UNSETTLED:
            continue
        mark_message_sent(message, conversation, _sent(arrival), by=SYSTEM, reason=Reason("The network shows it."))
        settled.add(conversation.pk)
    return settled


def _sent(arrival: Arrival) -> Sent:
    event = arrival.event
    external_id = arrival.external_id if arrival.is_spoken else arrival.target_id
    return Sent(external_id, arrival.at, url=event.url if arrival.is_spoken else None, custom=event.custom)
