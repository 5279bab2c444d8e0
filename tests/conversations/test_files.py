"""Attachments: kept by what they are, refused when too large, on disk or in a bucket."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from django.utils import translation
from moto.server import ThreadedMotoServer

from comptoir.conversations.files import (
    FileRefusedError,
    FilesAwayError,
    KeptPart,
    discard_file,
    keep_file,
    open_file,
    sniffed_type,
    storage_trouble,
)
from comptoir.conversations.models import Attachment
from comptoir.conversations.serving import file_response
from tests.conversations.files_away import files_away  # noqa: F401  # a fixture

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccf"
    "f0bf1e0006830280a2d3c1d50000000049454e44ae426082"
)


@pytest.fixture
def on_disk(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return tmp_path


@pytest.fixture
def in_a_bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    access = {
        "endpoint_url": f"http://{host}:{port}",
        "region_name": "eu-west-3",
        "aws_access_key_id": "made-up",
        "aws_secret_access_key": "made-up",
    }
    httpx.post(f"{access['endpoint_url']}/moto-api/reset")  # what an earlier test left
    client = boto3.client("s3", **access)
    client.create_bucket(Bucket="counter", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "counter",
                "endpoint_url": access["endpoint_url"],
                "region_name": "eu-west-3",
                "access_key": "made-up",
                "secret_key": "made-up",
                "default_acl": None,
                "file_overwrite": False,
            },
        }
    }
    yield client
    server.stop()


def test_a_file_comes_back_as_it_was_kept(on_disk: Path) -> None:
    kept = keep_file(io.BytesIO(PNG), declared_type="application/x-anything")
    with open_file(kept.storage_key) as stream:
        assert stream.read() == PNG
    assert (kept.mime_type, kept.size_bytes, len(kept.sha256)) == ("image/png", len(PNG), 64)


def test_the_bytes_say_what_a_file_is_and_not_its_sender(on_disk: Path) -> None:
    assert keep_file(io.BytesIO(b"<html><script>alert(1)</script>"), declared_type="image/png").mime_type != "image/png"


def test_a_file_over_the_limit_is_refused_and_nothing_stays(on_disk: Path, settings: Any) -> None:
    settings.MAX_ATTACHMENT_BYTES = 1024 * 1024
    with pytest.raises(FileRefusedError):
        keep_file(io.BytesIO(b"x" * (1024 * 1024 + 1)))
    assert not [path for path in on_disk.rglob("*") if path.is_file()]


def test_a_discarded_file_is_gone_and_discarding_twice_is_no_error(on_disk: Path) -> None:
    kept = keep_file(io.BytesIO(PNG))
    discard_file(kept.storage_key)
    discard_file(kept.storage_key)
    with pytest.raises(FileNotFoundError):
        open_file(kept.storage_key)


def test_files_are_kept_in_a_bucket_just_as_on_disk(in_a_bucket: Any) -> None:
    content = PNG + b"\x00" * 200_000
    kept = keep_file(io.BytesIO(content))
    stored = in_a_bucket.get_object(Bucket="counter", Key=kept.storage_key)["Body"].read()
    assert stored == content
    with open_file(kept.storage_key) as stream:
        assert stream.read() == content


@pytest.mark.django_db  # an answer that ends looks after the connection
@pytest.mark.parametrize("where", ["on_disk", "in_a_bucket"])
def test_a_part_of_a_file_is_given_from_wherever_it_lies(request: pytest.FixtureRequest, where: str) -> None:
    request.getfixturevalue(where)
    kept = keep_file(io.BytesIO(PNG + b"\x00" * 200_000))
    attachment = Attachment(pk=1, storage_key=kept.storage_key, size_bytes=kept.size_bytes, name="reçu.png")
    answer = file_response(attachment, content_type="image/png", as_attachment=True, asked_range="bytes=1-3")
    assert (answer.status_code, b"".join(answer)) == (206, b"PNG")
    assert (answer["Content-Length"], answer["Content-Range"]) == ("3", f"bytes 1-3/{kept.size_bytes}")
    answer.close()


def test_a_file_on_the_disk_is_handed_to_the_server_where_it_lies(on_disk: Path) -> None:
    with open_file(keep_file(io.BytesIO(PNG)).storage_key) as stream:
        part = KeptPart(stream, start=1, left_bytes=3)
        assert os.pread(part.fileno(), part.left_bytes, part.tell()) == b"PNG"


def test_a_file_in_a_bucket_has_no_place_on_the_disk(in_a_bucket: Any) -> None:
    with open_file(keep_file(io.BytesIO(PNG)).storage_key) as stream, pytest.raises(io.UnsupportedOperation):
        KeptPart(stream).fileno()


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (PNG, "image/png"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "image/jpeg"),
        ("Bonjour, voilà ma facture".encode(), "text/plain"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "text/calendar"),
        (b"", "application/octet-stream"),
        (b"\x00\x01\x02\x03garbage", "application/octet-stream"),
    ],
)
def test_first_bytes_tell_the_type(start: bytes, expected: str) -> None:
    assert sniffed_type(start) == expected


@pytest.mark.usefixtures("files_away")
def test_a_storage_that_is_away_is_said_in_plain_words() -> None:
    with translation.override("en"), pytest.raises(FilesAwayError, match="their storage does not answer, or is full"):
        keep_file(io.BytesIO(PNG))
    assert "taken" in storage_trouble()


def test_a_storage_that_works_has_no_trouble_and_keeps_no_trace_of_the_question(on_disk: Path) -> None:
    assert storage_trouble() == ""
    assert not [path for path in on_disk.rglob("*") if path.is_file()]


def test_a_bucket_that_is_gone_is_one_that_is_away(in_a_bucket: Any) -> None:
    in_a_bucket.delete_bucket(Bucket="counter")
    with pytest.raises(FilesAwayError):
        keep_file(io.BytesIO(PNG))
