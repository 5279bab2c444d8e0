"""`comptoir restore FILE`: a backup into an empty data folder (and, if there is one elsewhere, an empty database)."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from comptoir.config.archive import PIECE_BYTES, ArchiveReader, cut_or_damaged, safe_path
from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.logging import configure_logging
from comptoir.config.paths import data_directory, make_data_directory
from comptoir.config.postgres import database_url, joined
from comptoir.config.postgres.placement import placed
from comptoir.config.schema import is_of_newer_release
from comptoir.config.secrets import secrets_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path)


def run(options: argparse.Namespace) -> int:
    """All of it, or nothing."""
    configure_logging("restore")
    data_dir = data_directory()
    _require_empty(data_dir)
    try:
        stream = options.file.open("rb")
    except OSError as error:
        raise CommandError(
            _("{file} cannot be read: {reason}.").format(file=options.file, reason=error.strerror)
        ) from None
    with stream:
        archive = ArchiveReader(stream)
        _require_known_release(archive)
        make_data_directory(data_dir)
        try:
            _restore(archive, data_dir)
        except tarfile.TarError as error:
            _clear(data_dir)
            raise cut_or_damaged(error) from error
        except OSError as error:
            _clear(data_dir)
            raise CommandError(
                _("The backup could not be restored, and nothing was kept of it: {reason}").format(reason=error)
            ) from error
        except BaseException:
            _clear(data_dir)
            raise
    print(_("Restored into {folder}. Start it with: {command}").format(folder=data_dir, command=_start(data_dir)))
    return 0


def _start(data_dir: Path) -> str:
    """What starts this very folder, also for somebody whose shell does not name it."""
    named = f"COMPTOIR_DATA_DIR={shlex.quote(str(data_dir))} " if os.environ.get("COMPTOIR_DATA_DIR") else ""
    return f"{named}comptoir up"


def _require_empty(data_dir: Path) -> None:
    files = data_dir / "files"
    taken = [path for path in (secrets_file(data_dir), placed(data_dir)) if path.exists()]
    taken += [files] if files.is_dir() and any(files.iterdir()) else []
    if taken:
        raise CommandError(
            _(
                "{path} exists: a backup is only restored into an empty data folder, so that nothing is overwritten. "
                "Nothing was changed. Name another folder with COMPTOIR_DATA_DIR."
            ).format(path=taken[0])
        )


def _require_known_release(archive: ArchiveReader) -> None:
    if is_of_newer_release(archive.about.get("migrations", {}).items()):
        raise CommandError(
            _(
                "The backup was made by a newer release of Comptoir ({release}), which this one cannot read. "
                "Nothing was changed. Restore it with that release."
            ).format(release=archive.about.get("release", "?"))
        )


def _restore(archive: ArchiveReader, data_dir: Path) -> None:
    members = archive.members()
    name, content = next(members)
    if name != "secrets.json":
        raise CommandError(_("The backup is damaged: {reason}").format(reason=name))
    secrets = secrets_file(data_dir)
    with os.fdopen(os.open(secrets, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content.read())
    with joined(data_dir):
        _require_no_tables()
        _load(members, data_dir)


def _load(members: Iterator[tuple[str, IO[bytes]]], data_dir: Path) -> None:
    from comptoir.config.dumping import loading

    (data_dir / "files").mkdir(mode=0o700, exist_ok=True)
    with loading(database_url()) as database:
        # The newest piece is held back until the end has vouched for everything: without it nothing is committed.
        held = b""
        for name, content in members:
            if name.startswith("database/"):
                database.write(held)
                held = content.read()
            elif name.startswith("files/"):
                path = safe_path(name, data_dir)
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    shutil.copyfileobj(content, file, PIECE_BYTES)
        database.write(held)


def _require_no_tables() -> None:
    import psycopg

    with psycopg.connect(database_url(), autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row is not None and row[0]:
        raise CommandError(
            _("The database holds tables already: a backup is only restored into an empty one. Nothing was changed.")
        )


def _clear(data_dir: Path) -> None:
    """Take back what this command made, so that it can be tried again."""
    secrets_file(data_dir).unlink(missing_ok=True)
    shutil.rmtree(placed(data_dir), ignore_errors=True)
    (data_dir / "postgres.json").unlink(missing_ok=True)
    shutil.rmtree(data_dir / "files", ignore_errors=True)
