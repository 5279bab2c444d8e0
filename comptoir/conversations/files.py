"""Attachments on disk or in an S3 bucket: streamed, measured, recognised by their bytes and not by their name."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import secrets
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Protocol, cast

import puremagic
import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comptoir.core.lines import on_one_line
from comptoir.core.reasons import Reason

log = structlog.get_logger("comptoir.files")

CHUNK_BYTES = 64 * 1024
_SNIFFED_BYTES = 8 * 1024
#: What a browser may show by itself without running anything; all else is offered for download only.
SHOWN_INLINE = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "application/pdf",
        "video/mp4",
        "video/webm",
        "audio/aac",
        "audio/flac",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "audio/wave",
        "audio/webm",
        "audio/x-m4a",
        "audio/x-wav",
    }
)
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
_UNKNOWN = "application/octet-stream"
_SURE = 0.4


class FileRefusedError(Exception):
    """A file we do not keep; the text, translated, says why."""


_AWAY = gettext_noop(
    "Files cannot be kept or read just now: their storage does not answer, or is full. Try again later."
)


class FilesAwayError(FileRefusedError):
    """The disk or the bucket does not take or give files just now; ``reason`` for whoever reads it later."""

    def __init__(self) -> None:
        super().__init__(_(_AWAY))
        self.reason = Reason(_AWAY)


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Where a file is kept and what it turned out to be."""

    storage_key: str
    size_bytes: int
    sha256: str
    mime_type: str


def sniffed_type(start: bytes, *, declared: str = "") -> str:
    """The MIME type that the first bytes show; a text that shows none is plain text; ``declared`` settles nothing
    risky.

    A type that the bytes do not contradict and that browsers do not run is believed.
    """
    if not start:
        return _UNKNOWN
    try:
        best = puremagic.magic_string(start)
    except puremagic.PureError:
        best = []
    is_text = _is_text(start)
    # Two or three bytes that begin a binary format may also begin an ordinary sentence.
    if best and best[0].mime_type and (not is_text or best[0].confidence >= _SURE):
        return str(best[0].mime_type)
    if is_text:
        return "text/calendar" if start.lstrip().startswith(b"BEGIN:VCALENDAR") else "text/plain"
    return declared if declared.startswith(("audio/", "video/")) else _UNKNOWN


def _is_text(start: bytes) -> bool:
    if b"\x00" in start:
        return False
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(start) - 4  # cut in the middle of a character
    return True


def keep_file(stream: _Readable, *, declared_type: str = "") -> KeptFile:
    """Keep what ``stream`` holds, reading it in pieces.

    Raises FileRefusedError when it is larger than settings.MAX_ATTACHMENT_BYTES, and FilesAwayError; nothing is kept
    then.
    """
    digest, size, start = hashlib.sha256(), 0, b""
    with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as spool:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > settings.MAX_ATTACHMENT_BYTES:
                raise FileRefusedError(_too_large())
            if len(start) < _SNIFFED_BYTES:
                start += chunk[: _SNIFFED_BYTES - len(start)]
            digest.update(chunk)
            with _away():
                spool.write(chunk)
        with _away():
            spool.seek(0)
            name = secrets.token_hex(16)
            key = storages["default"].save(f"{name[:2]}/{name}", File(cast("IO[bytes]", spool)))
    return KeptFile(key, size, digest.hexdigest(), sniffed_type(start, declared=declared_type))


@contextlib.contextmanager
def _away() -> Iterator[None]:
    """Whatever a storage raises, each in its own words, is one thing to us, but for a file that is not there."""
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as error:
        log.error("the storage of files failed", reason=f"{type(error).__name__}: {error}"[:500])
        raise FilesAwayError from error


def _too_large() -> str:
    megabytes = settings.MAX_ATTACHMENT_BYTES // (1024 * 1024)
    return _("This file is larger than %(megabytes)s MB and was not kept.") % {"megabytes": megabytes}


def open_file(storage_key: str) -> IO[bytes]:
    """Open a kept file for reading. Raises FileNotFoundError and FilesAwayError."""
    with _away():
        return cast("IO[bytes]", storages["default"].open(storage_key, "rb"))


def storage_trouble() -> str:
    """Why no file can be kept, read and forgotten just now, in the storage's own words; empty when all is well."""
    try:
        key = keep_file(io.BytesIO(b"comptoir doctor")).storage_key
        with open_file(key) as stream:
            stream.read()
        discard_file(key)
    except FilesAwayError as error:
        return on_one_line(str(error.__cause__))[:200] or type(error.__cause__).__name__
    except Exception as error:  # noqa: BLE001  # each storage has its own
        return on_one_line(str(error))[:200]
    return ""


class KeptPart:
    """The rest of a kept file from ``start`` on, ``left_bytes`` of it at most, read like a file.

    A server that can sends it from where it lies; what came from a bucket has no such place.
    """

    def __init__(self, stream: IO[bytes], *, start: int = 0, left_bytes: int = sys.maxsize) -> None:
        stream.seek(start)
        self._stream = stream
        self.left_bytes = left_bytes

    def read(self, size: int = -1, /) -> bytes:
        """The next ``size`` bytes, or fewer at its end."""
        piece = self._stream.read(self.left_bytes if size < 0 else min(size, self.left_bytes))
        self.left_bytes -= len(piece)
        return piece

    def tell(self) -> int:
        """Where in the file the next bytes are."""
        return self._stream.tell()

    def fileno(self) -> int:
        """The file on the disk. Raises io.UnsupportedOperation."""
        if not isinstance(getattr(self._stream, "file", None), io.BufferedReader):
            raise io.UnsupportedOperation
        return self._stream.fileno()

    def close(self) -> None:
        """Let it go."""
        self._stream.close()


def byte_range(asked: str, size: int) -> tuple[int, int] | None:
    """Where a player wants to go on from (its Range header), and how many bytes there are; None for all of it."""
    found = _RANGE.fullmatch(asked)
    if found is None or int(found[1]) >= size:
        return None
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    return (int(found[1]), last - int(found[1]) + 1) if last >= int(found[1]) else None


def discard_file(storage_key: str) -> None:
    """Forget a kept file; one that is gone already is no error."""
    storages["default"].delete(storage_key)
