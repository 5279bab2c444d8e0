"""Files of our replies, fetched by networks that are told where they are."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comptoir.conversations.files import keep_file
from comptoir.conversations.models import Attachment, Message
from comptoir.conversations.public_links import public_address, stand_in_address
from comptoir.core.clock import now
from tests.factories import make_conversation, make_incoming, make_outgoing

BASE = "https://care.example"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 100


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.BASE_URL = BASE


def attached(message: Message, content: bytes = JPEG, name: str = "étiquette.jpg") -> Attachment:
    kept = keep_file(io.BytesIO(content))
    return Attachment.objects.create(
        message=message, kind="image", state="stored", name=name, mime_type=kept.mime_type,
        size_bytes=kept.size_bytes, storage_key=kept.storage_key,
    )  # fmt: skip


@pytest.fixture
def file(db: None) -> Attachment:
    return attached(make_outgoing(make_conversation()))


def path_of(file: Attachment, *, until: timedelta = timedelta(days=1)) -> str:
    address = public_address(file, until=now() + until)
    assert address.startswith(BASE)
    return address.removeprefix(BASE)


def test_file_is_fetched_without_signing_in_at_an_address_that_says_its_type(file: Attachment, client: Client) -> None:
    path = path_of(file)
    answer = client.get(path)
    assert path.endswith(".jpg")
    assert b"".join(answer.streaming_content) == JPEG  # type: ignore[attr-defined]
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "image/jpeg",
        "nosniff",
    )


def test_part_of_a_film_is_fetched_alone(file: Attachment, client: Client) -> None:
    answer = client.get(path_of(file), headers={"Range": "bytes=2-5"})
    assert b"".join(answer.streaming_content) == JPEG[2:6]  # type: ignore[attr-defined]
    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes 2-5/{len(JPEG)}")


def test_what_a_browser_would_run_is_only_offered_for_download(client: Client, db: None) -> None:
    page = attached(make_outgoing(make_conversation()), b"<html><script>1</script></html>", "page.html")
    answer = client.get(path_of(page))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_address_ends_with_its_time(file: Attachment, client: Client) -> None:
    assert client.get(path_of(file, until=-timedelta(seconds=1))).status_code == 410


def test_address_that_was_changed_opens_nothing(file: Attachment, client: Client) -> None:
    path = path_of(file)
    other = path.replace("/files/", "/files/1")
    assert [client.get(one).status_code for one in (other, path.replace(".", "x", 1), "/files/x/y")] == [404, 404, 404]


def test_what_was_taken_back_or_deleted_is_no_longer_handed_out(client: Client, db: None) -> None:
    conversation = make_conversation()
    gone = attached(make_outgoing(conversation, deleted_at=now(), external_id="o-1"))
    cancelled = attached(make_outgoing(conversation, state="cancelled", external_id=None))
    assert [client.get(path_of(one)).status_code for one in (gone, cancelled)] == [404, 404]


def test_what_customers_sent_is_never_handed_out(client: Client, db: None) -> None:
    theirs = attached(make_incoming(make_conversation()))
    assert client.get(path_of(theirs)).status_code == 404


def test_file_whose_bytes_are_gone_is_said_to_be(file: Attachment, client: Client) -> None:
    Attachment.objects.filter(pk=file.pk).update(storage_key="00/gone")
    assert client.get(path_of(file)).status_code == 404


def test_nobody_outside_can_reach_a_counter_without_https(file: Attachment, settings: Any) -> None:
    settings.BASE_URL = "http://127.0.0.1:8100"
    assert public_address(file, until=now()) == ""


@pytest.mark.parametrize(("mime_type", "shown"), [("video/mp4", "film"), ("image/jpeg", "picture")])
def test_a_still_picture_stands_for_a_film_or_a_large_picture(
    client: Client, settings: Any, mime_type: str, shown: str
) -> None:
    settings.BASE_URL = "https://care.example"
    assert stand_in_address(mime_type) == f"https://care.example/files/{shown}.png"
    answer = client.get(f"/files/{shown}.png")
    assert (answer["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
