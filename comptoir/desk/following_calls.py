"""What follows for calls to be made: a customer who asks for one in writing, a call that was picked up or was not."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta

from comptoir.conversations.models import JoinedConversation, Matter, Message
from comptoir.core.clock import now
from comptoir.desk.call_backs import keep_wish_to_be_called
from comptoir.desk.errors import DeskError
from comptoir.desk.matters import join_conversation
from comptoir.desk.models import CallBack
from comptoir.desk.telephone_numbers import numbers_held, written_numbers
from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.understanding.calling_back import asks_to_be_called

#: Events of a message that may be a call, or ask for one.
FOLLOWED = frozenset(
    {"message.received", "message.sent", "call.answered", "call.ended", "call.missed", "call.voicemail"}
)
#: Whoever asked for a call longer ago than this (an imported history) asked somebody else.
_OUTDATED = timedelta(days=1)
_TAKEN = ("answered", "ended")
_NOT_TAKEN = ("missed", "voicemail")


def follow_calls(events: Sequence[Event]) -> None:
    """Keep the wishes to be called that were written, and settle the calls that were made."""
    told = Message.objects.filter(pk__in={event.subject_id for event in events}).values_list("pk", "text", "call_state")
    of_use = [pk for pk, text, call_state in told if call_state or asks_to_be_called(text)]
    messages = Message.objects.filter(pk__in=of_use).select_related("conversation__account", "conversation__identity")
    for message in messages.order_by("pk"):
        if message.call_state:
            _settle(message)
        elif _is_said_now(message):
            numbers = [*written_numbers(message.text), *numbers_held(message.conversation)]
            keep_wish_to_be_called(message, number=numbers[0] if numbers else "")


def _is_said_now(message: Message) -> bool:
    is_theirs = message.direction == Message.Direction.INCOMING and not message.is_automatic
    return is_theirs and message.sent_at > now() - _OUTDATED


def _settle(call: Message) -> None:
    """The call that waits for this number, made or taken since it was asked for."""
    identity, conversation = call.conversation.identity, call.conversation
    waiting = CallBack.objects.waiting().filter(account=conversation.account_id, number=identity.external_id)
    held = waiting.filter(asked_at__lte=call.sent_at).select_for_update(of=("self",)).select_related("conversation")
    for call_back in held.order_by("pk"):
        if call.call_state in _TAKEN:
            _reached(call_back, call)
        elif call.call_state in _NOT_TAKEN and call.direction == Message.Direction.OUTGOING:
            _missed(call_back, call)


def _reached(call_back: CallBack, call: Message) -> None:
    call_back.end(CallBack.State.REACHED, at=now())
    call_back.call = call.conversation
    call_back.save(update_fields=["state", "ended_at", "ended_by", "call"])
    record("call_back.reached", subject=call_back, call=call.conversation)
    joined = JoinedConversation.objects.filter(
        conversation=call_back.conversation, matter__status=Matter.Status.OPEN
    ).first()
    if joined is not None:
        with contextlib.suppress(DeskError):  # it belongs to another matter, or to somebody else
            join_conversation(joined.matter_id, conversation_id=call.conversation_id, by=None)


def _missed(call_back: CallBack, call: Message) -> None:
    """Not picked up: it waits on. One call counts once, however often it is told of."""
    if call_back.missed_at is not None and call_back.missed_at >= call.sent_at:
        return
    call_back.missed_at, call_back.call = call.sent_at, call.conversation
    call_back.tries += 1
    call_back.save(update_fields=["missed_at", "call", "tries"])
    record("call_back.missed", subject=call_back, call=call.conversation)
