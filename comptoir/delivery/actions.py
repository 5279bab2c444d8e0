"""What people do with replies: queue one, take it back, send it again, decide what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from comptoir.brands.numbers import number_patterns
from comptoir.connectors.base import Connector, FilledTemplate, OutgoingFile, SendsMessages, Sent, Visibility
from comptoir.conversations.actions import attach_outgoing
from comptoir.conversations.models import Conversation, Draft, Message
from comptoir.conversations.models.conversation import PREVIEW_CHARS
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.delivery.checking import (
    check_choices,
    check_filled,
    check_once,
    check_seen,
    check_text,
    check_window,
    check_wish,
    clean_choices,
    clean_text,
    limits_in_force,
    read_files,
    sending_connector,
)
from comptoir.delivery.draft_files import bring_files_back
from comptoir.delivery.models import Attempt
from comptoir.delivery.outcomes import mark_message_sent, release_next
from comptoir.delivery.outgoing import build_outgoing, circumstances
from comptoir.delivery.refusals import (
    DepartureError,
    MergedMeanwhileError,
    NothingToDecideError,
    TakenBeforeError,
    TooLateError,
)
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Agent

#: For how long a reply may be held back by its writer.
LONGEST_WAIT = timedelta(days=90)


def acting(by: Agent | None, actor: Actor | None = None) -> Actor:
    """Who is written down: the given actor, else the agent, else the system."""
    return actor or (Actor("agent", by.pk) if by else SYSTEM)


@transaction.atomic
def queue_reply(
    conversation_id: int,
    *,
    by: Agent | None,
    text: str,
    visibility: Visibility,
    files: Sequence[UploadedFile[bytes] | OutgoingFile] = (),
    parent: Message | None = None,
    personal_data_confirmed: bool = False,
    send_after: datetime | None = None,
    actor: Actor | None = None,
    key: uuid.UUID | None = None,
    seen_up_to: int | None = None,
    template: FilledTemplate | None = None,
    choices: Sequence[str] = (),
    is_automatic: bool = False,
) -> Message:
    """Queue one reply; it leaves after the time to undo, or at ``send_after``, never before those queued earlier.

    ``parent`` is the message answered, by default the customer's last. A disconnected account keeps its replies
    until it is reconnected. With ``key``, asking again for the same reply returns the one that was queued; with
    ``seen_up_to``, a colleague's answer after that message refuses it. ``template`` is what the network approved, of
    which ``text`` is the filled-in form: it may be sent outside the reply window. ``choices`` are answers that the
    customer may press. What is ``is_automatic`` answers nobody: whoever waits goes on waiting. Raises a
    ReplyRefusedError whose text is for the writer; nothing is stored then.
    """
    conversation = _held(conversation_id)
    text, offered = clean_text(text), clean_choices(choices)
    if key and (earlier := Message.objects.filter(key=key).first()):
        asked = _Asked(conversation.pk, by, text, visibility, offered, [_size(file) for file in files])
        return _repeated(earlier, asked)
    if conversation.merged_into_id:
        raise MergedMeanwhileError
    if seen_up_to is not None:
        check_seen(conversation, by=by, seen_up_to=seen_up_to)
    check_filled(text, *offered)
    connector = sending_connector(conversation.account)
    may_carry = personal_data_confirmed or visibility == "private"
    limits = limits_in_force(connector).of(visibility)
    check_text(
        text, has_files=bool(files), may_carry_personal_data=may_carry, limits=limits, choices=offered,
        patterns=() if may_carry else number_patterns(conversation.account.brand),
    )  # fmt: skip
    check_choices(offered, text, limits)
    if template is None:
        check_window(conversation, limits)
    last = last_incoming(conversation)
    check_wish(type(connector), conversation)
    check_once(type(connector), parent or last, visibility)
    read = read_files(files, limits)
    message = _queued_message(conversation, by, text, visibility, parent or last, send_after, key, template)
    if offered or is_automatic:
        message.choices, message.is_automatic = offered, is_automatic
        message.save(update_fields=["choices", "is_automatic"])
    attach_outgoing(message, read)
    _reserve_external_id(message, connector)
    _show_last(conversation, message.sent_at, text)
    record("message.queued", subject=message, by=acting(by, actor), visibility=visibility)
    defer("delivery.deliver", at=message.send_after, message_id=message.pk)
    return message


def _held(conversation_id: int) -> Conversation:
    conversations = Conversation.objects.select_for_update(of=("self",), no_key=True)
    return conversations.select_related("account__brand", "identity").get(pk=conversation_id)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A reply as it was asked for, to be told from another."""

    conversation_id: int
    by: Agent | None
    text: str
    visibility: str
    choices: list[str]
    sizes: list[int]


def _size(file: UploadedFile[bytes] | OutgoingFile) -> int:
    return len(file.content) if isinstance(file, OutgoingFile) else file.size or 0


def _repeated(earlier: Message, asked: _Asked) -> Message:
    """The reply that was queued, where what is asked now is the same one. Raises TakenBeforeError."""
    sizes = [size or 0 for size in earlier.attachments.order_by("position").values_list("size_bytes", flat=True)]
    about = (earlier.conversation_id, earlier.agent, earlier.text, earlier.visibility, earlier.choices)
    taken = _Asked(*about, sizes)
    if taken != asked or earlier.state == Message.State.CANCELLED:
        raise TakenBeforeError
    return earlier


def last_incoming(conversation: Conversation) -> Message | None:
    spoken = conversation.messages.incoming().filter(external_id__isnull=False, deleted_at=None)
    return spoken.order_by("-sent_at", "-pk").first()


def _queued_message(
    conversation: Conversation,
    by: Agent | None,
    text: str,
    visibility: Visibility,
    parent: Message | None,
    send_after: datetime | None,
    key: uuid.UUID | None,
    template: FilledTemplate | None,
) -> Message:
    present = now()
    sender = by.name if by else conversation.account.brand.name
    return Message.objects.create(
        key=key or uuid.uuid4(),
        conversation=conversation,
        account=conversation.account,
        direction=Message.Direction.OUTGOING,
        visibility=visibility,
        state=Message.State.QUEUED,
        parent_external_id=(parent.external_id or "") if parent else "",
        agent=by,
        text=text,
        language=conversation.language,
        custom=circumstances(conversation, parent, sender_name=sender, template=template),
        sent_at=present,
        send_after=_due(conversation, send_after, present),
    )


def _due(conversation: Conversation, send_after: datetime | None, present: datetime) -> datetime:
    """When the reply leaves: not before one that can still be taken back, which was written before it."""
    undo = timedelta(seconds=settings.UNDO_SECONDS)
    queued = conversation.messages.filter(state=Message.State.QUEUED, send_after__lte=present + undo)
    before = queued.order_by("-send_after").values_list("send_after", flat=True).first()
    wanted = present + undo if send_after is None else send_after
    return max(wanted, before) if before else wanted


def _reserve_external_id(message: Message, connector: Connector) -> None:
    """Where the network lets us choose, the reply has its id before it leaves: its echo finds it, twice cannot be."""
    if isinstance(connector, SendsMessages):
        reserved = connector.reserve_external_id(build_outgoing(message))
        if reserved:
            message.external_id = reserved
            message.save(update_fields=["external_id"])


def _show_last(conversation: Conversation, at: datetime, text: str) -> None:
    conversation.last_message_at = max(conversation.last_message_at, at)
    conversation.last_message_text = text[:PREVIEW_CHARS]
    conversation.save(update_fields=["last_message_at", "last_message_text"])


def _locked(message_id: int) -> tuple[Message, Conversation]:
    """A reply of ours and its conversation, locked in the order everybody locks them."""
    conversation = Conversation.objects.select_for_update(of=("self",), no_key=True).get(messages=message_id)
    messages = (
        Message.objects.outgoing().select_for_update(of=("self",), no_key=True).select_related("account", "agent")
    )
    return messages.get(pk=message_id), conversation


@transaction.atomic
def take_back(message_id: int, *, by: Agent, actor: Actor | None = None) -> Message:
    """Undo: the reply does not leave, its text and its files are its writer's draft.

    Raises TooLateError once it may have left.
    """
    message, conversation = _locked(message_id)
    may_have_left = message.attempts.filter(outcome=Attempt.Outcome.UNCERTAIN).exists()
    if message.state != Message.State.QUEUED or may_have_left:
        raise TooLateError
    message.state, message.external_id = Message.State.CANCELLED, None
    message.save(update_fields=["state", "external_id"])
    _return_to_draft(message, message.agent or by)
    bring_files_back(message, agent=message.agent or by)
    last = conversation.messages.exclude(state=Message.State.CANCELLED).in_order().last()
    shown = conversation.messages.shown().in_order().last()
    conversation.last_message_at = last.sent_at if last else conversation.started_at
    conversation.last_message_text = shown.text[:PREVIEW_CHARS] if shown else ""
    conversation.save(update_fields=["last_message_at", "last_message_text"])
    record("message.taken_back", subject=message, by=acting(by, actor))
    release_next(conversation.pk)
    return message


@transaction.atomic
def change_departure(message_id: int, *, send_after: datetime | None, by: Agent) -> Message:
    """Let a reply that waits leave at another time, or (None) at once. Raises TooLateError, DepartureError."""
    message, conversation = _locked(message_id)
    if message.state != Message.State.QUEUED or message.attempts.exists():
        raise TooLateError
    check_departure(send_after)
    message.send_after = _due(conversation, send_after, now())
    message.save(update_fields=["send_after"])
    record("message.rescheduled", subject=message, by=acting(by), until=message.send_after.isoformat())
    defer("delivery.deliver", at=message.send_after, message_id=message.pk)
    release_next(conversation.pk)
    return message


def check_departure(send_after: datetime | None) -> None:
    """Raise DepartureError for an instant that is over or too far away."""
    if send_after is not None and not timedelta(0) < send_after - now() <= LONGEST_WAIT:
        raise DepartureError


def _return_to_draft(message: Message, writer: Agent) -> None:
    """Before whatever the writer has begun since: nothing that was written is lost."""
    draft, is_new = Draft.objects.select_for_update().get_or_create(
        conversation_id=message.conversation_id,
        agent=writer,
        defaults={"text": message.text, "visibility": message.visibility, "choices": message.choices},
    )
    if not is_new:
        draft.text = f"{message.text}\n\n{draft.text}" if draft.text.strip() else message.text
        draft.choices = message.choices or draft.choices
        draft.visibility = message.visibility if draft.visibility != "note" else draft.visibility
        draft.save()


@transaction.atomic
def resend(message_id: int, *, by: Agent, actor: Actor | None = None) -> Message:
    """Send a failed reply again, or one that was perhaps sent, as this person's decision.

    Raises NothingToDecideError for any other.
    """
    message, _conversation = _locked(message_id)
    if message.state not in {Message.State.FAILED, Message.State.UNCERTAIN}:
        raise NothingToDecideError
    former = message.state
    message.attempts.update(is_superseded=True)
    message.state, message.failure, message.send_after = Message.State.QUEUED, "", now()
    message.save(update_fields=["state", "failure", "send_after"])
    record("message.requeued", subject=message, by=acting(by, actor), former=former)
    defer("delivery.deliver", message_id=message.pk)
    return message


@transaction.atomic
def settle_uncertain(message_id: int, *, was_sent: bool, by: Agent, actor: Actor | None = None) -> Message:
    """A person has looked: the reply is on the network, or it is not and leaves again. Raises NothingToDecideError."""
    message, conversation = _locked(message_id)
    if message.state != Message.State.UNCERTAIN:
        raise NothingToDecideError
    if not was_sent:
        return resend(message_id, by=by, actor=actor)
    last = message.attempts.order_by("-number").values_list("started_at", flat=True).first()
    sent = Sent(external_id=message.external_id or "", sent_at=last or message.sent_at)
    mark_message_sent(
        message, conversation, sent, by=acting(by, actor), reason=gettext_noop("Found on the network by a person.")
    )
    return message


@transaction.atomic
def confirm_sent(message_id: int, *, sent: Sent) -> Message:
    """The network itself shows our reply (its echo came in): it is sent, whatever its attempt comes to say."""
    message, conversation = _locked(message_id)
    if not message.is_at_the_network:
        mark_message_sent(message, conversation, sent, by=SYSTEM)
    return message


def release_queue(account_id: int) -> int:
    """Let everything that waits on an account go, oldest first: it is connected again. Return how many."""
    waiting = Message.objects.outgoing().filter(account=account_id, state=Message.State.QUEUED).order_by("pk")
    ids = list(waiting.values_list("pk", "send_after"))
    for message_id, due in ids:
        defer("delivery.deliver", at=due, message_id=message_id)
    return len(ids)
