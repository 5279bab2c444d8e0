"""The files beside a draft: kept as soon as they are chosen, so that nothing has to be added twice."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from comptoir.connectors.base import Limits, OutgoingFile
from comptoir.conversations.files import discard_file, keep_file, open_file
from comptoir.conversations.models import DraftFile, Message
from comptoir.core.clock import now
from comptoir.delivery.checking import check_file
from comptoir.people.models import Agent

MAX_ALT_CHARS = 2000
#: Longer than any undo; a reply that waits to leave keeps its own copies.
FORGOTTEN_AFTER = timedelta(days=2)
#: Nobody lays more beside one draft, whatever the network takes.
MOST_FILES = 30


def files_beside(conversation_id: int, agent: Agent) -> QuerySet[DraftFile]:
    """What lies beside the agent's draft and has not left."""
    return DraftFile.objects.filter(conversation=conversation_id, agent=agent, message=None)


@transaction.atomic
def lay_file(
    conversation_id: int, *, agent: Agent, file: UploadedFile[bytes] | OutgoingFile, limits: Limits
) -> DraftFile:
    """Keep one file beside the draft.

    Raises FilesRefusedError when the network would not take it, FileRefusedError when we do not.
    """
    beside = files_beside(conversation_id, agent).count()
    read = check_file(file, limits, is_one_too_many=beside >= min(limits.max_files, MOST_FILES))
    return _kept(conversation_id, agent, read)


def _kept(conversation_id: int, agent: Agent, read: OutgoingFile) -> DraftFile:
    kept = keep_file(io.BytesIO(read.content), declared_type=read.mime_type)
    return DraftFile.objects.create(
        conversation_id=conversation_id,
        agent=agent,
        name=read.name.replace("\x00", "")[:255],
        storage_key=kept.storage_key,
        mime_type=kept.mime_type,
        size_bytes=kept.size_bytes,
        alt_text=read.alt_text,
    )


def describe_file(file_id: int, *, agent: Agent, alt_text: str) -> None:
    """Say what a picture shows, for those who do not see it. Raises DraftFile.DoesNotExist."""
    file = DraftFile.objects.get(pk=file_id, agent=agent, message=None)
    file.alt_text = alt_text.replace("\x00", "").strip()[:MAX_ALT_CHARS]
    file.save(update_fields=["alt_text"])


@transaction.atomic
def take_file_off(file_id: int, *, agent: Agent) -> None:
    """Forget one file; one that is gone, or has left, is no error."""
    for file in DraftFile.objects.select_for_update().filter(pk=file_id, agent=agent, message=None):
        file.delete()
        transaction.on_commit(functools.partial(discard_file, file.storage_key))


def read_beside(files: Iterable[DraftFile]) -> list[OutgoingFile]:
    """Their contents, to be sent. Raises FileNotFoundError."""
    return [_read(file) for file in files]


def _read(file: DraftFile) -> OutgoingFile:
    with open_file(file.storage_key) as stream:
        return OutgoingFile(file.name, file.mime_type, stream.read(), file.alt_text)


def copy_files(conversation_id: int, *, of: Agent, to: Agent) -> None:
    """Lay beside one agent's draft what lies beside another's."""
    for file in read_beside(files_beside(conversation_id, of)):
        _kept(conversation_id, to, file)


def mark_left(files: Sequence[DraftFile], message: Message) -> None:
    """They left with this reply; it has copies of its own, these come back when it is taken back."""
    DraftFile.objects.filter(pk__in=[file.pk for file in files]).update(message=message)


@transaction.atomic
def bring_files_back(message: Message, *, agent: Agent) -> None:
    """Lay the files of a reply that was taken back beside its writer's draft again."""
    if DraftFile.objects.filter(message=message, agent=agent).update(message=None):
        return
    for attachment in message.attachments.filter(state="stored"):
        with open_file(attachment.storage_key) as stream:
            read = OutgoingFile(attachment.name, attachment.mime_type, stream.read(), attachment.alt_text)
        _kept(message.conversation_id, agent, read)


def forget_files_that_left() -> int:
    """Discard what left with replies some time ago; return how many."""
    states = [Message.State.QUEUED, Message.State.SENDING]
    left = DraftFile.objects.filter(message__isnull=False, message__created_at__lt=now() - FORGOTTEN_AFTER)
    gone = list(left.exclude(message__state__in=states)[:500])
    DraftFile.objects.filter(pk__in=[file.pk for file in gone]).delete()
    for file in gone:
        discard_file(file.storage_key)
    return len(gone)
