"""Messages: what was said, and replies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Literal

from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import Field

from comptoir.api.analyses import Analysis, shown_analysis, with_analyses
from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.conversations import asked_conversation, readable_conversation
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError, invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked, Id, Instant, Words
from comptoir.conversations.models import Attachment as StoredAttachment
from comptoir.conversations.models import Conversation
from comptoir.conversations.models import Message as StoredMessage
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply, resend, settle_uncertain
from comptoir.delivery.moderation import CannotModerateError
from comptoir.delivery.refusals import (
    CannotAnswerHereError,
    NothingToDecideError,
    PersonalDataError,
    ReplyRefusedError,
    ReplyWindowClosedError,
    TooLateError,
)
from comptoir.desk import sending
from comptoir.people.permissions import Permission

router = Router(tags=["messages"])

_LATEST = timedelta(days=90)
_APART = frozenset({"analysis", "attachments"})
_STATE_ERRORS = (
    TooLateError, NothingToDecideError, CannotAnswerHereError, ReplyWindowClosedError, CannotModerateError,
)  # fmt: skip


class Attachment(Schema):
    id: int
    kind: str
    state: str
    name: str
    mime_type: str
    size_bytes: int | None
    alt_text: str
    reason: str


class Message(Schema):
    id: int
    conversation_id: int
    direction: Literal["incoming", "outgoing"]
    visibility: Literal["public", "private"]
    kind: str
    state: str
    external_id: str | None
    parent_external_id: str
    identity_id: int | None = Field(description="Who wrote it, when it is incoming.")
    agent_id: int | None = Field(description="Who wrote it, when it is outgoing.")
    is_automatic: bool
    is_unreadable: bool = Field(description="Somebody said something that the network does not hand on.")
    text: str
    choices: list[str] = Field(description="Answers that the customer may press, below a reply of ours.")
    subject: str
    language: str
    url: str
    rating_value: float | None
    rating_best: float | None
    sent_at: datetime
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    hidden_at: datetime | None = Field(description="Since when the network hides it from the public, at our wish.")
    liked_at: datetime | None
    send_after: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    failure: str
    analysis: Analysis | None = Field(
        None, description="What was read in it, as corrected by people; null until it is read, and when it is outgoing."
    )
    attachments: list[Attachment]


class MessagePage(Schema):
    items: list[Message]
    next: str | None = None


class Reply(Asked):
    text: Annotated[Words, Field(max_length=100_000)] = ""
    visibility: Literal["public", "private"] | None = Field(None, description="By default, the conversation's own.")
    parent_id: Id | None = Field(None, description="The message answered; by default the customer's last.")
    confirm_personal_data: bool = Field(False, description="The personal data in a public reply may be published.")
    choices: Annotated[list[Annotated[Words, Field(max_length=250)]], Field(max_length=50)] = Field(
        default_factory=list,
        description="Answers to press, in private, where the network has them (WhatsApp, Messenger, Instagram, "
        "Telegram, LINE, Viber, RCS); how many and how long is the network's.",
    )
    send_after: Instant | None = Field(None, description="Not before this instant, at most 90 days ahead.")


class Settlement(Asked):
    was_sent: bool


@router.get(
    "/conversations/{int:conversation_id}/messages",
    response=MessagePage,
    **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS),
)
def list_messages(request: ApiRequest, conversation_id: int, cursor: Cursor = "", limit: Limit = 50) -> MessagePage:
    """The messages of one conversation, oldest first."""
    messages = with_analyses(asked_conversation(request, conversation_id).messages.prefetch_related("attachments"))
    found, following = page_of(messages, by=["sent_at", "id"], cursor=cursor, limit=limit, request=request)
    return MessagePage(items=[_shown(message, message.attachments.all()) for message in found], next=following)


@router.post(
    "/conversations/{int:conversation_id}/messages",
    response={201: Message},
    **needs(Scope.MESSAGES_WRITE, Permission.ANSWER),
)
def post_reply(request: ApiRequest, conversation_id: int, asked: Reply) -> Message:
    """Queue a reply. It is `queued` until it can no longer be taken back, and `sent` once the network has it."""
    return _reply(request, conversation_id, asked, [])


@router.post(
    "/conversations/{int:conversation_id}/messages/with-files",
    response={201: Message},
    **needs(Scope.MESSAGES_WRITE, Permission.ANSWER),
)
def post_reply_with_files(
    request: ApiRequest, conversation_id: int, asked: Form[Reply], files: File[list[UploadedFile]]
) -> Message:
    """Queue a reply with files, as multipart/form-data."""
    return _reply(request, conversation_id, asked, files)


@router.post("/messages/{int:message_id}/take-back", response=Message, **needs(Scope.MESSAGES_WRITE, Permission.ANSWER))
def take_reply_back(request: ApiRequest, message_id: int) -> Message:
    """Undo a reply that has not left, and what went with it; its text becomes its writer's draft."""
    decide = partial(sending.take_reply_back, message_id, by=request.agent, actor=acting(request))
    return _decided(request, message_id, decide)


@router.post("/messages/{int:message_id}/resend", response=Message, **needs(Scope.MESSAGES_WRITE, Permission.ANSWER))
def resend_reply(request: ApiRequest, message_id: int) -> Message:
    """Send a failed reply again."""
    return _decided(request, message_id, lambda: resend(message_id, by=request.agent, actor=acting(request)))


@router.post("/messages/{int:message_id}/settle", response=Message, **needs(Scope.MESSAGES_WRITE, Permission.ANSWER))
def settle_reply(request: ApiRequest, message_id: int, asked: Settlement) -> Message:
    """Say of a reply that was perhaps sent whether it is on the network; if it is not, it leaves again."""

    def settle() -> StoredMessage:
        return settle_uncertain(message_id, was_sent=asked.was_sent, by=request.agent, actor=acting(request))

    return _decided(request, message_id, settle)


def _reply(request: ApiRequest, conversation_id: int, asked: Reply, files: Sequence[DjangoFile[bytes]]) -> Message:
    conversation = readable_conversation(request, conversation_id)
    parent = _parent(conversation, asked.parent_id)
    send_after = _departure(asked.send_after)
    try:
        message = queue_reply(
            conversation.pk,
            by=request.agent,
            text=asked.text,
            visibility=asked.visibility or ("public" if conversation.is_public else "private"),
            files=files,
            parent=parent,
            personal_data_confirmed=asked.confirm_personal_data,
            send_after=send_after,
            actor=acting(request),
            choices=asked.choices,
        )
    except ReplyRefusedError as error:
        raise refusal(error) from error
    return _shown(message, message.attachments.all())


def _parent(conversation: Conversation, parent_id: int | None) -> StoredMessage | None:
    if parent_id is None:
        return None
    parent = conversation.messages.filter(pk=parent_id).first()
    if parent is None:
        raise invalid("/parent_id", _("No such message in this conversation."))
    return parent


def _departure(send_after: datetime | None) -> datetime | None:
    present = now()
    if send_after is None or send_after <= present:
        return None
    if send_after - present > _LATEST:
        raise invalid("/send_after", _("A reply waits for 90 days at most."))
    return send_after


def _decided(request: ApiRequest, message_id: int, decide: Callable[[], StoredMessage]) -> Message:
    """Decide about a reply in a conversation that the agent may read."""
    readable = Conversation.objects.visible_to(request.agent)
    if not StoredMessage.objects.outgoing().filter(pk=message_id, conversation__in=readable).exists():
        raise ProblemError("not-found", _("No such reply."))
    try:
        message = decide()
    except ReplyRefusedError as error:
        raise refusal(error) from error
    return _shown(message, message.attachments.all())


def refusal(error: ReplyRefusedError) -> ProblemError:
    """The problem that a refusal is: with the state, with personal data, or with what was asked."""
    if isinstance(error, PersonalDataError):
        found = [{"kind": one.kind, "start": one.start, "end": one.end} for one in error.found]
        return ProblemError("personal-data", str(error), found=found)
    return ProblemError("conflict" if isinstance(error, _STATE_ERRORS) else "refused", str(error))


def _shown(message: StoredMessage, attachments: Iterable[StoredAttachment]) -> Message:
    fields = {name: getattr(message, name) for name in Message.model_fields if name not in _APART}
    return Message(
        **fields,
        analysis=shown_analysis(message),
        attachments=[_shown_attachment(attachment) for attachment in attachments],
    )


def _shown_attachment(attachment: StoredAttachment) -> Attachment:
    return Attachment(**{name: getattr(attachment, name) for name in Attachment.model_fields})
