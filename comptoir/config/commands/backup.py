"""`comptoir backup FILE`: database, attachments and secrets in one file, while everything runs."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import IO

from comptoir import __version__
from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.logging import configure_logging
from comptoir.config.paths import data_directory
from comptoir.config.postgres import database_url, joined
from comptoir.config.schema import newest_applied
from comptoir.config.secrets import secrets_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path)


def run(options: argparse.Namespace) -> int:
    """Write beside the file first: what stands there under its name is whole."""
    configure_logging("backup")
    target: Path = options.file
    data_dir = data_directory()
    if target.exists():
        raise CommandError(_("{file} exists already; nothing was written.").format(file=target))
    if not secrets_file(data_dir).exists():
        raise CommandError(_("There is nothing to back up in {folder}.").format(folder=data_dir))
    beside = target.with_name(f".{target.name}.partial")
    try:
        with joined(data_dir), os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            files = _write(stream, data_dir)
            stream.flush()
            os.fsync(stream.fileno())
        beside.rename(target)
    except OSError as error:
        raise CommandError(
            _("{file} cannot be written: {reason}. Nothing was left there.").format(file=target, reason=error.strerror)
        ) from None
    finally:
        beside.unlink(missing_ok=True)
    size = target.stat().st_size / 1024 / 1024
    print(
        _("{file}: {size:.1f} MiB, attachments: {files}. It holds every secret: keep it safe.").format(
            file=target, size=size, files=files
        )
    )
    return 0


def _write(stream: IO[bytes], data_dir: Path) -> int:
    from comptoir.config.archive import ArchiveWriter
    from comptoir.config.dumping import dump

    archive = ArchiveWriter(stream, {"release": __version__, "migrations": _migrations()})
    archive.add("secrets.json", secrets_file(data_dir).read_bytes())
    with dump(database_url()) as database:
        archive.add_pieces("database", database)
    count = 0
    folder = data_dir / "files"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            try:
                archive.add_file(f"files/{path.relative_to(folder).as_posix()}", path)
            except FileNotFoundError:
                continue  # deleted while we were at it
            count += 1
    archive.finish()
    return count


def _migrations() -> dict[str, int]:
    """What a release must know to restore this: an older one says so before it makes anything."""
    import psycopg

    with psycopg.connect(database_url(), autocommit=True) as connection:
        return newest_applied(connection)
