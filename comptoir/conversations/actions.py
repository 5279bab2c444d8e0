"""Keeping the files of messages, and words that came after them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from comptoir.connectors.base import Attachment as NetworkAttachment
from comptoir.connectors.base import OutgoingFile
from comptoir.conversations.files import FileRefusedError, FilesAwayError, keep_file
from comptoir.conversations.models import Attachment, Conversation, Message
from comptoir.conversations.models.conversation import PREVIEW_CHARS
from comptoir.conversations.threads import SPLIT_MARK
from comptoir.core.tasks import defer
from comptoir.events.record import record

#: What has a web address of its own and is not a file to be fetched.
_POINTERS = frozenset({"link", "location", "contact"})
#: So many files of one message are fetched: each costs space and time, and a stranger may name thousands.
MOST_FETCHED = 50
#: In a message's custom: the digest of what it said before names took the place of ids. The network may say it again.
AS_SAID = "as_said"


def attach_received(message: Message, received: Sequence[NetworkAttachment]) -> list[Attachment]:
    """Keep what came with an incoming message; what is still at the network is fetched in the background.

    Called in the transaction that stores the message. A file we refuse stays listed with the reason.
    """
    attachments = Attachment.objects.bulk_create(
        [_received(message, position, one) for position, one in enumerate(received)], ignore_conflicts=True
    )
    if any(attachment.state == Attachment.State.PENDING for attachment in attachments):
        defer("conversations.fetch_attachments", message_id=message.pk)
    return attachments


@transaction.atomic
def complete_message(
    message_id: int, *, text: str = "", url: str = "", files: Sequence[NetworkAttachment] = ()
) -> bool:
    """Give a message that came without its words those the network tells of it; whether it had none until now."""
    conversation = Conversation.objects.select_for_update(of=("self",), no_key=True).get(messages=message_id)
    message = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=message_id)
    if message.text or message.deleted_at or not (text or files):
        return False
    message.text, message.url = text, url or message.url
    message.save(update_fields=["text", "url"])
    if files and not message.attachments.exists():
        attach_received(message, files)
    _tell_completed(conversation, message)
    return True


@transaction.atomic
def call_by_names(message_id: int, *, said: str, named: str) -> bool:
    """Put the names that the network tells in the place of ids, where the message still says what it said then."""
    conversation = Conversation.objects.select_for_update(of=("self",), no_key=True).get(messages=message_id)
    message = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=message_id)
    if message.text != said or message.deleted_at or named in ("", said):
        return False
    message.text = named
    message.custom[AS_SAID] = hashlib.sha256(said.encode()).hexdigest()
    message.save(update_fields=["text", "custom"])
    _tell_completed(conversation, message)
    return True


def _tell_completed(conversation: Conversation, message: Message) -> None:
    last = conversation.messages.exclude(state=Message.State.CANCELLED).in_order().last()
    if last is not None and last.pk == message.pk:
        conversation.last_message_text = message.text[:PREVIEW_CHARS]
        conversation.save(update_fields=["last_message_text"])
    record("message.completed", subject=message)


@transaction.atomic
def name_thread(account_id: int, thread_id: str, name: str) -> None:
    """Call the conversations of one place (a channel, a group) by its name: those without a subject, and those in
    course that go by what it was called before (a subject that was never said); what was split off is in the same
    place. An address replaces no name.
    """
    split_off = Q(thread_id__startswith=f"{thread_id}{SPLIT_MARK}")
    here = Conversation.objects.filter(Q(thread_id=thread_id) | split_off, account=account_id)
    wanted = here.filter(subject="")
    if name != thread_id:
        said = Message.objects.filter(conversation=OuterRef("pk"), subject=OuterRef("subject"))
        in_course = here.exclude(status=Conversation.Status.RESOLVED).exclude(subject=name)
        wanted |= in_course.filter(~Exists(said))
    for conversation in wanted.order_by("pk").select_for_update(of=("self",), no_key=True):
        conversation.subject = name
        conversation.save(update_fields=["subject"])
        record("conversation.named", subject=conversation)


def _received(message: Message, position: int, one: NetworkAttachment) -> Attachment:
    attachment = Attachment(
        message=message,
        position=position,
        kind=one.kind[:12],
        name=(one.name or "").replace("\x00", "")[:255],
        declared_type=(one.mime_type or "")[:255],
        size_bytes=one.size_bytes,
        source_url=one.url or "",
        alt_text=one.alt_text or "",
        content_id=(one.content_id or "")[:255],
    )
    if one.content is not None:
        _keep(attachment, one.content)
    elif one.kind in _POINTERS or (one.kind == "sticker" and not one.url):  # known by what it shows
        attachment.state = Attachment.State.LINKED
    elif position >= MOST_FETCHED:
        attachment.state = Attachment.State.REFUSED
        attachment.reason = _("More files came with this message than are fetched. It is whole at the network.")
    elif not one.url:
        attachment.state = Attachment.State.FAILED
        attachment.reason = _("The network did not say where this file is.")
    return attachment


def attach_outgoing(message: Message, files: Sequence[OutgoingFile]) -> list[Attachment]:
    """Keep the files of a reply. Raises FileRefusedError."""
    attachments = []
    for position, file in enumerate(files):
        kept = keep_file(io.BytesIO(file.content), declared_type=file.mime_type)
        kind = kept.mime_type.partition("/")[0]
        attachment = Attachment(
            message=message,
            position=position,
            kind=kind if kind in {"image", "video", "audio"} else "file",
            state=Attachment.State.STORED,
            name=file.name[:255],
            declared_type=file.mime_type[:255],
            mime_type=kept.mime_type,
            size_bytes=kept.size_bytes,
            sha256=kept.sha256,
            storage_key=kept.storage_key,
            alt_text=file.alt_text,
        )
        attachments.append(attachment)
    return Attachment.objects.bulk_create(attachments)


def _keep(attachment: Attachment, content: bytes) -> None:
    try:
        kept = keep_file(io.BytesIO(content), declared_type=attachment.declared_type)
    except FilesAwayError:
        raise  # the message waits in the raw log until they can be kept
    except FileRefusedError as error:
        attachment.state, attachment.reason, attachment.size_bytes = Attachment.State.REFUSED, str(error), len(content)
        return
    attachment.state = Attachment.State.STORED
    attachment.storage_key, attachment.sha256 = kept.storage_key, kept.sha256
    attachment.mime_type, attachment.size_bytes = kept.mime_type, kept.size_bytes
