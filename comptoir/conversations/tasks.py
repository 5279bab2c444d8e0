"""Fetching in the background what customers sent as an address."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from comptoir.conversations.fetching import FetchFailedError, fetch_file
from comptoir.conversations.files import FileRefusedError
from comptoir.conversations.indexing import catch_up
from comptoir.conversations.models import Attachment, Message
from comptoir.core.clock import now
from comptoir.core.http import UnsafeAddressError
from comptoir.core.tasks import OUTSIDE, defer, task
from comptoir.events.record import record

MAX_TRIES = 5


@task("conversations.fetch_attachments", lane=OUTSIDE)
def fetch_attachments(message_id: int, tries: int = 0) -> None:
    """Fetch the files of one message; those whose host does not answer are tried again, five times in half an hour."""
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        return
    unanswered = [
        attachment
        for attachment in message.attachments.filter(state=Attachment.State.PENDING)
        if not _fetch(attachment, last_try=tries + 1 >= MAX_TRIES)
    ]
    with transaction.atomic():
        record("attachments.fetched", subject=message)
    if unanswered:
        pause = timedelta(minutes=2**tries)
        defer("conversations.fetch_attachments", at=now() + pause, message_id=message_id, tries=tries + 1)


def _fetch(attachment: Attachment, *, last_try: bool) -> bool:
    """Fetch one file; False when it should be tried again."""
    try:
        kept = fetch_file(attachment.source_url)
    except FileRefusedError as error:
        attachment.state, attachment.reason = Attachment.State.REFUSED, str(error)
    except UnsafeAddressError as error:
        attachment.state, attachment.reason = Attachment.State.REFUSED, str(error)
    except FetchFailedError as error:
        if not (error.for_good or last_try):
            return False
        attachment.state, attachment.reason = Attachment.State.FAILED, str(error)
    else:
        attachment.state, attachment.reason = Attachment.State.STORED, ""
        attachment.storage_key, attachment.sha256 = kept.storage_key, kept.sha256
        attachment.mime_type, attachment.size_bytes = kept.mime_type, kept.size_bytes
    attachment.save()
    return True


@task("conversations.catch_up_search", every="* * * * *")
def catch_up_search(timestamp: int) -> None:
    """Put into the search what no event told of: imported history, everything after an update or a restore."""
    catch_up()
