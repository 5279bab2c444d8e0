"""What follows from one attempt, in one transaction: the reply's state, its account, its conversation, the record."""

from __future__ import annotations

import random
import threading
import time
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, IntegrityError, InterfaceError, connection, transaction
from django.db.models import Exists, Min, OuterRef

from comptoir.channels.actions import disconnect_account
from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import Sent
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.waiting import changes_of_reviews
from comptoir.conversations.wishes import is_refusing
from comptoir.core.away import is_away
from comptoir.core.clock import now
from comptoir.core.reasons import Reason, template
from comptoir.core.tasks import defer
from comptoir.delivery.attempts import Accepted, Later, Refused, Result, Unauthorised, Unknown
from comptoir.delivery.budget import block
from comptoir.delivery.echoes import absorb_echo, keep_parts
from comptoir.delivery.models import Attempt
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.sla.actions import start_clocks, stop_clocks
from comptoir.sla.recomputing import reopen_clocks, settle_pauses

log = structlog.get_logger("comptoir.delivery")

#: With the pauses between them, about a day.
MAX_ATTEMPTS = 34
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_WISH = timedelta(hours=24)
_DATABASE_PATIENCE_S = 90.0
_RACES = 5

GAVE_UP = template("The network did not take it for a day. Its last answer: %(answer)s")


def pause_before(number: int) -> timedelta:
    """How long to wait after ``number`` attempts in vain: doubling up to an hour, a quarter more or less by chance."""
    doubled = min(LONGEST_PAUSE.total_seconds(), FIRST_PAUSE.total_seconds() * 2 ** min(number - 1, 20))
    return timedelta(seconds=doubled * random.uniform(0.75, 1.25))  # noqa: S311  # spreads load, hides nothing


def settle(attempt: Attempt, result: Result) -> None:
    """Write down what an attempt led to, waiting for a database that is away: what is known now is not known again."""
    deadline = time.monotonic() + _DATABASE_PATIENCE_S
    races = 0
    while True:
        try:
            _settle_once(attempt, result)
            return
        except IntegrityError:  # the echo of what we sent came in at this very moment
            races += 1
            if races == _RACES:
                raise
        except (DatabaseError, InterfaceError) as error:
            if not is_away(error) or connection.in_atomic_block or time.monotonic() > deadline:
                raise
            log.warning("database away, outcome of an attempt waits", attempt_id=attempt.pk)
            connection.close()
            threading.Event().wait(0.5)


@transaction.atomic
def _settle_once(attempt: Attempt, result: Result) -> None:
    conversation = Conversation.objects.select_for_update(of=("self",), no_key=True).get(messages=attempt.message_id)
    message = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .get(pk=attempt.message_id)
    )
    if isinstance(result, Accepted):
        _settle_accepted(attempt, message, conversation, result)
        return
    outcome = _OUTCOMES[type(result)]
    if not _close(attempt, outcome, result.reason) or message.state != Message.State.SENDING:
        return  # closed by recovery, or decided by somebody: this is old news
    if isinstance(result, Later):
        _settle_later(message, result.reason, retry_after=result.retry_after, may_have_left=result.cut_before)
    elif isinstance(result, Unauthorised):
        _settle_unauthorised(message, result)
    elif isinstance(result, Unknown):
        if result.may_be_retried:
            _settle_later(message, result.reason, may_have_left=True)
        else:
            _end(message, Message.State.UNCERTAIN, result.reason)
    else:
        _end(message, Message.State.UNCERTAIN if result.cut_before else Message.State.FAILED, result.reason)


_OUTCOMES: dict[type[Result], str] = {
    Later: Attempt.Outcome.LATER,
    Refused: Attempt.Outcome.REFUSED,
    Unauthorised: Attempt.Outcome.UNAUTHORISED,
    Unknown: Attempt.Outcome.UNCERTAIN,
}


def _close(attempt: Attempt, outcome: str, reason: str) -> bool:
    """Close the attempt unless it is closed."""
    still_open = Attempt.objects.filter(pk=attempt.pk, finished_at=None)
    return bool(still_open.update(finished_at=now(), outcome=outcome, reason=reason))


def _settle_accepted(attempt: Attempt, message: Message, conversation: Conversation, result: Accepted) -> None:
    """Also when recovery has given the attempt up: the network's word counts."""
    attempts = Attempt.objects.filter(pk=attempt.pk)
    was_open = attempts.filter(finished_at=None).exists()
    attempts.update(finished_at=now(), outcome=Attempt.Outcome.ACCEPTED, reason="", was_found=result.was_found)
    if was_open and message.state == Message.State.FAILED:
        # The network took it, then reported that it does not arrive: that is the later word, whichever we read first.
        release_next(conversation.pk)
        return
    if message.is_at_the_network:
        others = message.attempts.filter(outcome=Attempt.Outcome.ACCEPTED, was_found=False).exclude(pk=attempt.pk)
        if result.sent.external_id != message.external_id and others.exists():
            record("message.doubled", subject=message, external_id=result.sent.external_id)
        elif result.sent.external_id == message.external_id:
            # An echo of its first part was quicker than the network's answer, which alone names the others.
            keep_parts(message, result.sent.part_ids)
        return
    mark_message_sent(message, conversation, result.sent, by=SYSTEM)


def mark_message_sent(message: Message, conversation: Conversation, sent: Sent, *, by: Actor, reason: str = "") -> None:
    """The network has our reply: join its echo, stop the clocks, let the next one go. The caller holds both rows."""
    at = sent.sent_at or now()
    _take_the_place_of_earlier(message, conversation)
    external_id = absorb_echo(message, sent.external_id) if sent.external_id else None
    message.mark_sent(at, external_id=external_id, url=sent.url or "")
    message.custom = dict(sent.custom)
    message.save()
    keep_parts(message, sent.part_ids)
    if not message.is_automatic:
        conversation.waiting_since = _unanswered_since(message, conversation)
    conversation.last_message_at = max(conversation.last_message_at, at)
    conversation.save(update_fields=["waiting_since", "last_message_at"])
    if not message.is_automatic:
        _settle_clocks(message, conversation, at)
    record("message.sent", subject=message, by=by, reason=reason, external_id=message.external_id)
    release_next(conversation.pk)


def _take_the_place_of_earlier(message: Message, conversation: Conversation) -> None:
    """Under a review there is one answer: the one before is read by nobody any more, and its id is the new one's."""
    kind = registry.connector_classes().get(message.account.kind)
    if kind is None or not kind.limits.one_answer:
        return
    earlier = conversation.messages.outgoing().filter(state__in=Message.AT_THE_NETWORK, deleted_at=None)
    for one in earlier.filter(visibility=message.visibility).exclude(pk=message.pk):
        one.deleted_at, one.external_id = now(), None
        one.save(update_fields=["deleted_at", "external_id"])
        record("message.replaced", subject=one, by=SYSTEM, by_message=message)


def _settle_clocks(message: Message, conversation: Conversation, at: datetime) -> None:
    """Whatever the customer wrote after the reply was queued it does not answer, whenever it left."""
    answered = conversation.messages.incoming().filter(pk__lt=message.pk).order_by("-sent_at").first()
    until = max(at, answered.sent_at) if answered else at
    stop_clocks(conversation.pk, until, owed_since=conversation.waiting_since, written_at=message.created_at)
    if conversation.waiting_since is not None:
        start_clocks({conversation.pk: conversation.waiting_since})
    settle_pauses({conversation.pk: until})


def _unanswered_since(message: Message, conversation: Conversation) -> datetime | None:
    if conversation.status == Conversation.Status.RESOLVED or conversation.is_spam:
        return None
    answers = conversation.messages.answering()
    later = conversation.messages.asking().filter(pk__gt=message.pk)
    asked = later.exclude(Exists(answers.filter(pk__gt=OuterRef("pk"), sent_at__gte=OuterRef("sent_at"))))
    changed = changes_of_reviews(conversation).filter(replaced_at__gt=message.created_at)
    said_again = changed.exclude(Exists(answers.filter(pk__gt=message.pk, sent_at__gte=OuterRef("replaced_at"))))
    first = (asked.aggregate(at=Min("sent_at"))["at"], said_again.aggregate(at=Min("replaced_at"))["at"])
    return min((at for at in first if at is not None), default=None)


def _settle_later(
    message: Message, reason: str, *, retry_after: timedelta | None = None, may_have_left: bool = False
) -> None:
    counted = message.attempts.filter(
        is_superseded=False, outcome__in=[Attempt.Outcome.LATER, Attempt.Outcome.UNCERTAIN]
    ).count()
    if counted >= MAX_ATTEMPTS:
        state = Message.State.UNCERTAIN if may_have_left else Message.State.FAILED
        _end(message, state, Reason(GAVE_UP, answer=reason))
        return
    wish = min(retry_after or timedelta(0), LONGEST_WISH)
    until = now() + max(pause_before(counted), wish)
    if wish:
        block(message.account_id, until=now() + wish)
    _queue_again(message, until, reason)
    record("message.delayed", subject=message, reason=reason, until=until.isoformat())


def _settle_unauthorised(message: Message, result: Unauthorised) -> None:
    """The account's queue stops; it is released when a person has renewed the credentials."""
    _queue_again(message, now(), result.reason)
    account = ChannelAccount.objects.select_for_update().get(pk=message.account_id)
    if bytes(account.encrypted_credentials) == result.credentials:  # not renewed while we were sending
        disconnect_account(account, reason=result.reason)
    record("message.delayed", subject=message, reason=result.reason)


def _queue_again(message: Message, due: datetime, reason: str) -> None:
    """It waits for another try; until then it says why it has not left."""
    message.state, message.send_after, message.failure = Message.State.QUEUED, due, reason
    message.save(update_fields=["state", "send_after", "failure"])
    defer("delivery.deliver", at=due, message_id=message.pk)


def _end(message: Message, state: Message.State, reason: str) -> None:
    message.state, message.failure = state, reason
    message.save(update_fields=["state", "failure"])
    record(f"message.{state.value}", subject=message, reason=reason)
    _bring_back(message.conversation, reason)
    release_next(message.conversation_id)


def _bring_back(conversation: Conversation, reason: str) -> None:
    """A reply that did not leave must not lie in a conversation that is closed: somebody has to see it."""
    if conversation.status != Conversation.Status.RESOLVED:
        return
    conversation.reopen()
    conversation.waiting_since = None if is_refusing(conversation) else conversation.last_incoming_at
    try:
        with transaction.atomic():
            conversation.save(update_fields=["status", "resolved_at", "snoozed_until", "waiting_since"])
    except IntegrityError:
        return  # a newer conversation of the same person is open, and shows this one beside it
    reopen_clocks({conversation.pk: now()})
    if conversation.waiting_since is not None:
        start_clocks({conversation.pk: conversation.waiting_since})
    record("conversation.reopened", subject=conversation, reason=reason)


def release_next(conversation_id: int) -> None:
    """Let the next queued reply of a conversation go: it may have waited for the one before it."""
    queued = Message.objects.outgoing().filter(conversation=conversation_id, state=Message.State.QUEUED)
    following = queued.order_by("pk").first()
    if following is not None:
        defer("delivery.deliver", at=following.send_after, message_id=following.pk)
