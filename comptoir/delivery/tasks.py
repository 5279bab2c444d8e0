"""The outbox at work."""

from __future__ import annotations

from comptoir.core.tasks import OUTSIDE, REPLIES, Retry, task
from comptoir.delivery.attempts import make_attempt
from comptoir.delivery.claiming import NotYetError, claim
from comptoir.delivery.draft_files import forget_files_that_left
from comptoir.delivery.held_up import notice_held_up
from comptoir.delivery.moderation import moderate as moderate_message
from comptoir.delivery.outcomes import settle
from comptoir.delivery.recovery import close_cut_attempts, queue_forgotten
from comptoir.delivery.running import in_flight
from comptoir.delivery.signalling import signal as show_signal
from comptoir.delivery.wording import carry_out as carry_out_worded


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


@task("delivery.moderate", lane=REPLIES)
def moderate(moderation_id: int) -> None:
    """Hide, show or delete one message on its network, trying for a day."""
    moderate_message(moderation_id)


@task("delivery.carry_out", lane=REPLIES)
def carry_out(act_id: int) -> None:
    """Change one answer, or report one message, on its network, trying for a day."""
    carry_out_worded(act_id)


@task("delivery.signal", lane=OUTSIDE)
def signal(conversation_id: int, has_read: bool, typed_at: float) -> None:
    """Have a customer see that we type, and where ``has_read`` that we have read."""
    show_signal(conversation_id, has_read=has_read, typed_at=typed_at)


@task("delivery.recover", every="* * * * * */10")
def recover(timestamp: int) -> None:
    """Every ten seconds: what a crash left open."""
    close_cut_attempts()
    queue_forgotten()


@task("delivery.notice_held_up", every="* * * * *")
def notice_what_is_held_up(timestamp: int) -> None:
    """Every minute: accounts from which nothing leaves, and those from which it does again."""
    notice_held_up()


@task("delivery.forget_files", every="37 4 * * *")
def forget_files(timestamp: int) -> None:
    """Every night: the files of drafts whose replies left long ago."""
    while forget_files_that_left():
        pass
