"""The outbox at work."""

from __future__ import annotations

from datetime import datetime, timedelta

from comptoir.connectors.base import TransientError, UncertainError
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.core.tasks import REPLIES, Retry, task
from comptoir.delivery.attempts import make_attempt
from comptoir.delivery.claiming import NotYetError, claim
from comptoir.delivery.deletions import delete_from_network, refuse_deletion
from comptoir.delivery.moderation import moderate as moderate_message
from comptoir.delivery.outcomes import settle
from comptoir.delivery.recovery import close_cut_attempts, queue_forgotten
from comptoir.delivery.running import in_flight
from comptoir.events.record import Actor

_DELETE_AGAIN_AFTER = timedelta(seconds=30)


@task("delivery.deliver", lane=REPLIES)
def deliver(message_id: int) -> None:
    """Send one queued reply, if it is this process that gets it."""
    try:
        attempt = claim(message_id)
    except NotYetError as error:
        raise Retry(after=error.after) from None
    if attempt is None:
        return
    try:
        settle(attempt, make_attempt(attempt))
    finally:
        in_flight.discard(attempt.pk)


@task("delivery.delete_sent", lane=REPLIES)
def delete_sent(message_id: int, agent_id: int, until: str) -> None:
    """Delete one message of ours from its network, trying ``until`` an instant (ISO 8601)."""
    by = Actor("agent", agent_id)
    try:
        delete_from_network(message_id, by=by)
    except (TransientError, UncertainError) as error:
        if now() > datetime.fromisoformat(until):
            refuse_deletion(Message.objects.get(pk=message_id), error, by=by)
            return
        wish = error.retry_after if isinstance(error, TransientError) else None
        raise Retry(after=wish or _DELETE_AGAIN_AFTER) from error


@task("delivery.moderate", lane=REPLIES)
def moderate(moderation_id: int) -> None:
    """Hide, show or delete one message on its network, trying for a day."""
    moderate_message(moderation_id)


@task("delivery.recover", every="* * * * * */10")
def recover(timestamp: int) -> None:
    """Every ten seconds: what a crash left open."""
    close_cut_attempts()
    queue_forgotten()
