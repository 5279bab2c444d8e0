"""The files beside drafts, once what they lay beside has left."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from comptoir.conversations.files import keep_file, open_file
from comptoir.conversations.models import Conversation, DraftFile, Message
from comptoir.core.clock import now
from comptoir.delivery.tasks import forget_files
from comptoir.people.models import Agent
from tests.factories import make_outgoing


def _laid(conversation: Conversation, agent: Agent, message: Message | None, *, age: timedelta) -> DraftFile:
    kept = keep_file(io.BytesIO(b"colis"), declared_type="text/plain")
    if message is not None:
        Message.objects.filter(pk=message.pk).update(created_at=now() - age)
    return DraftFile.objects.create(
        conversation=conversation, agent=agent, name="colis.txt", storage_key=kept.storage_key,
        mime_type=kept.mime_type, size_bytes=kept.size_bytes, message=message,
    )  # fmt: skip


def test_files_that_left_days_ago_are_forgotten_every_night(conversation: Conversation, agent: Agent) -> None:
    file = _laid(conversation, agent, make_outgoing(conversation), age=timedelta(days=3))
    forget_files(0)
    assert not DraftFile.objects.exists()
    with pytest.raises(FileNotFoundError):
        open_file(file.storage_key)


def test_files_that_may_still_come_back_are_kept(conversation: Conversation, agent: Agent) -> None:
    waits = make_outgoing(conversation, state="queued", external_id=None)
    kept = {
        _laid(conversation, agent, None, age=timedelta(0)),
        _laid(conversation, agent, make_outgoing(conversation), age=timedelta(hours=1)),
        _laid(conversation, agent, waits, age=timedelta(days=9)),
    }
    forget_files(0)
    assert set(DraftFile.objects.all()) == kept
    for file in kept:
        open_file(file.storage_key).close()
