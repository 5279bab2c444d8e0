"""The file of a backup: a tar, written and read as a stream, with the digests of its members at its end.

``comptoir-backup.json`` (what made it), ``secrets.json``, ``database/000000…`` (pg_dump's output in pieces),
``files/…`` (attachments), ``end.json`` (the digests: a backup without it was cut).
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from comptoir.config.errors import CommandError
from comptoir.config.language import _

PIECE_BYTES = 16 * 1024 * 1024
FORMAT = 1
_MANIFEST, _END = "comptoir-backup.json", "end.json"


class ArchiveWriter:
    """Writes the members, then the end."""

    def __init__(self, stream: IO[bytes], about: dict[str, Any]) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  # until `finish`
        self._digests: dict[str, str] = {}
        self.add(_MANIFEST, json.dumps({"format": FORMAT, **about}).encode())

    def add(self, name: str, content: bytes) -> None:
        """Add a small member."""
        self._digests[name] = hashlib.sha256(content).hexdigest()
        self._tar.addfile(_member(name, len(content)), io.BytesIO(content))

    def add_pieces(self, name: str, source: IO[bytes]) -> None:
        """Add a stream whose length is not known, in pieces."""
        number = 0
        while piece := _filled(source, PIECE_BYTES):
            self.add(f"{name}/{number:06}", piece)
            number += 1

    def add_file(self, name: str, path: Path) -> None:
        """Add a file as long as it is now."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            size = file.tell()
            file.seek(0)
            self._tar.addfile(_member(name, size), file)
        self._digests[name] = digest.hexdigest()

    def finish(self) -> None:
        """Write the end."""
        digests = json.dumps(self._digests).encode()
        self._tar.addfile(_member(_END, len(digests)), io.BytesIO(digests))
        self._tar.close()


class ArchiveReader:
    """Reads the members in their order, and checks them against the end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._digests: dict[str, str] = {}
        self.is_complete = False
        try:
            self._tar = tarfile.open(fileobj=stream, mode="r|")  # noqa: SIM115  # read until the stream's owner closes it
            first = self._tar.next()
            content = self._tar.extractfile(first) if first is not None and first.name == _MANIFEST else None
            self.about = json.loads(content.read()) if content is not None else {}
        except (tarfile.TarError, ValueError) as error:
            raise CommandError(_("This is not a backup of Comptoir: {reason}").format(reason=error)) from None
        if self.about.get("format") != FORMAT:
            raise CommandError(_("This is not a backup that this release of Comptoir can read."))

    def members(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Name and content of each member; read a content before asking for the next."""
        try:
            for member in self._tar:
                content = self._tar.extractfile(member)
                if content is None or member.name == _MANIFEST:
                    continue
                if member.name == _END:
                    self._check(json.loads(content.read()))
                    return
                yield member.name, _Digesting(content, self._digests, member.name)  # type: ignore[misc]  # has what is used
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise cut_or_damaged(error) from None
        raise _cut()

    def _check(self, wanted: dict[str, str]) -> None:
        wanted.pop(_MANIFEST, None)
        wrong = [name for name, digest in wanted.items() if self._digests.get(name) != digest]
        if wrong:
            raise CommandError(_("The backup is damaged: {reason}").format(reason=", ".join(wrong[:5])))
        self.is_complete = True


class _Digesting:
    """A member that computes its digest while it is read."""

    def __init__(self, content: IO[bytes], digests: dict[str, str], name: str) -> None:
        self._content, self._digests, self._name = content, digests, name
        self._digest = hashlib.sha256()
        digests[name] = self._digest.hexdigest()

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self._digest.update(piece)
        self._digests[self._name] = self._digest.hexdigest()
        return piece


def cut_or_damaged(error: Exception) -> CommandError:
    """What to say of a backup that could not be read to its end."""
    if "unexpected end of data" in str(error):  # tarfile has one kind of error for both
        return _cut()
    return CommandError(_("The backup is damaged, and nothing was kept of it: {reason}").format(reason=error))


def _cut() -> CommandError:
    return CommandError(
        _("The backup is cut: its end is missing. Nothing was kept of it. Copy it here again, or take another one.")
    )


def safe_path(name: str, below: Path) -> Path:
    """Where a member goes. Raises CommandError when its name leads elsewhere."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or parts[0] == "/":
        raise CommandError(_("The backup is damaged: {reason}").format(reason=name))
    return below.joinpath(*parts)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(time.time())
    return member


def _filled(source: IO[bytes], size: int) -> bytes:
    """Up to ``size`` bytes, less only at the end."""
    pieces, left = [], size
    while left and (piece := source.read(left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
