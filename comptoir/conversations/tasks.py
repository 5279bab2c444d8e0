"""Fetching in the background what customers sent as an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from comptoir.channels.connecting import opened, parser_for
from comptoir.connectors import registry
from comptoir.connectors.base import (
    ANYWHERE,
    AuthError,
    ConnectorError,
    LocatesMedia,
    MediaSource,
    TransientError,
    UncertainError,
)
from comptoir.conversations.fetching import FetchFailedError, ForeignHostError, fetch_file
from comptoir.conversations.files import FileRefusedError, FilesAwayError
from comptoir.conversations.indexing import catch_up
from comptoir.conversations.models import Attachment, Message
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.http import UnsafeAddressError
from comptoir.core.reasons import reason_of
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
        for attachment in message.attachments.filter(state=Attachment.State.PENDING).select_related("message__account")
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
        source, hosts = _source(attachment)
        kept = fetch_file(source.url, hosts=hosts, headers=source.headers)
    except (FilesAwayError, FetchFailedError, ConnectorError, UnreadableSecretError) as error:
        if _may_heal(error) and not last_try:
            return False
        attachment.state, attachment.reason = Attachment.State.FAILED, reason_of(error)
    except (FileRefusedError, ForeignHostError, UnsafeAddressError) as error:
        attachment.state, attachment.reason = Attachment.State.REFUSED, reason_of(error)
    else:
        attachment.state, attachment.reason = Attachment.State.STORED, ""
        attachment.storage_key, attachment.sha256 = kept.storage_key, kept.sha256
        attachment.mime_type, attachment.size_bytes = kept.mime_type, kept.size_bytes
    attachment.save()
    return True


def _source(attachment: Attachment) -> tuple[MediaSource, Sequence[str]]:
    """Where the file can be had, and from which hosts: most have an address of their own, some networks have to be
    asked for it.
    """
    account = attachment.message.account
    kind = registry.connector_classes().get(account.kind)
    if kind is None:  # a file outlives the connector it came by
        return MediaSource(attachment.source_url), ANYWHERE
    if not issubclass(kind, LocatesMedia):
        return MediaSource(attachment.source_url), parser_for(account).media_hosts_here()
    with opened(account) as connector:
        assert isinstance(connector, LocatesMedia)
        return connector.locate(attachment.source_url), connector.media_hosts_here()


def _may_heal(error: Exception) -> bool:
    """Whether asking again may help: network or storage was away, or a person will open the account again."""
    if isinstance(error, FetchFailedError):
        return not error.for_good
    return isinstance(error, TransientError | AuthError | UncertainError | FilesAwayError)


@task("conversations.catch_up_search", every="* * * * *")
def catch_up_search(timestamp: int) -> None:
    """Put into the search what no event told of: imported history, everything after an update or a restore."""
    catch_up()
