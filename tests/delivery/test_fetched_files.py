"""Networks that fetch the files of replies from us: only where they can reach us."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from comptoir.connectors.base import OutgoingFile
from comptoir.connectors.line.connector import Line
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.outgoing import build_outgoing
from comptoir.delivery.refusals import FilesRefusedError
from comptoir.web.presenting.composer import limits_of
from tests.delivery.conftest import Queue, waiting_conversation

JPEG = OutgoingFile("photo.jpg", "image/jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 100)


@pytest.fixture
def on_line(db: None) -> Conversation:
    return waiting_conversation("line")


def test_files_are_refused_before_they_are_queued_where_nobody_reaches_us(
    on_line: Conversation, queue: Queue, settings: Any
) -> None:
    settings.BASE_URL = "http://127.0.0.1:8100"
    with pytest.raises(FilesRefusedError, match="COMPTOIR_BASE_URL"):
        queue(on_line, files=[JPEG])
    assert limits_of(on_line.account).max_files == 0


def test_each_file_has_an_address_that_outlasts_the_day_it_leaves(
    on_line: Conversation, queue: Queue, settings: Any
) -> None:
    settings.BASE_URL = "https://care.example"
    message = queue(on_line, files=[JPEG], send_after=now() + timedelta(days=60))
    [file] = build_outgoing(message).files
    assert limits_of(on_line.account) == Line.limits
    assert file.public_url.startswith("https://care.example/files/")
    assert file.public_url == build_outgoing(message).files[0].public_url
    ends_at = int(file.public_url.split("/")[4].partition("-")[2].partition(".")[0], 16)
    assert ends_at > (now() + timedelta(days=89)).timestamp()


def test_networks_that_are_given_files_take_them_anywhere(conversation: Conversation, settings: Any) -> None:
    settings.BASE_URL = "http://127.0.0.1:8100"
    assert limits_of(conversation.account).max_files > 0
    assert queue_reply(conversation.pk, by=None, text="Voici", visibility="private", files=[JPEG]).pk
