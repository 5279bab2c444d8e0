"""pg_dump and pg_restore on whichever database is used, their password kept off the command line."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.postgres.binaries import find_binaries

#: How lines begin that a session needs which reads the text back, and remarks.
_OF_THE_SESSION = ("--", "SET ", "\\restrict ", "\\unrestrict ", "SELECT pg_catalog.set_config('search_path'")


@contextmanager
def dump(url: str) -> Iterator[IO[bytes]]:
    """The database in pg_dump's own format, as a stream. Raises CommandError at the end if it is not whole."""
    command = ["--format=custom", "--compress=6", "--no-owner", "--no-privileges", *_target(url)]
    with (
        tempfile.TemporaryFile() as complaints,
        _started("pg_dump", command, url, stdout=subprocess.PIPE, stderr=complaints) as running,
    ):
        assert running.stdout is not None
        try:
            yield running.stdout
        except BaseException:
            running.kill()
            raise
        if running.wait() != 0:
            raise CommandError(_("The database could not be read: {reason}").format(reason=_said(complaints)))


def written_out(url: str, *options: str) -> Iterator[str]:
    """The lines of what pg_dump writes for people, without those that are about the session or say nothing.

    What functions are made of stays as it is. Raises CommandError where the database could not be read.
    """
    command = ["--format=plain", "--no-owner", "--no-privileges", "--no-comments", *options, *_target(url)]
    with (
        tempfile.TemporaryFile() as complaints,
        _started("pg_dump", command, url, stdout=subprocess.PIPE, stderr=complaints) as running,
    ):
        said, _nothing = running.communicate()
        if running.returncode != 0:
            raise CommandError(_("The database could not be read: {reason}").format(reason=_said(complaints)))
    quoted = ""
    for line in said.decode().splitlines():
        if quoted or (line and not line.startswith(_OF_THE_SESSION)):
            yield line
        for mark in re.findall(r"\$\w*\$", line):
            quoted = "" if mark == quoted else quoted or mark


@contextmanager
def loading(url: str) -> Iterator[IO[bytes]]:
    """A stream into which a dump is written; all of it is in the database at the end, or CommandError and nothing."""
    command = [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "--exit-on-error",
        "--single-transaction",
        *_target(url),
    ]
    with (
        tempfile.TemporaryFile() as complaints,
        _started("pg_restore", command, url, stdin=subprocess.PIPE, stderr=complaints) as running,
    ):
        assert running.stdin is not None
        try:
            yield running.stdin
            running.stdin.close()
        except BrokenPipeError:
            pass  # it says why below
        except BaseException:
            running.kill()
            raise
        if running.wait() != 0:
            raise CommandError(_("The database could not be restored: {reason}").format(reason=_said(complaints)))


def _started(program: str, arguments: list[str], url: str, **pipes: object) -> subprocess.Popen[bytes]:
    password = conninfo_to_dict(url).get("password")
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    return subprocess.Popen([find_binaries().program(program), *arguments], env=environment, **pipes)  # type: ignore[call-overload,no-any-return]  # one mapping of several types


def _target(url: str) -> list[str]:
    parts = {key: part for key, part in conninfo_to_dict(url).items() if key != "password"}
    return ["--dbname", make_conninfo("", **parts)]


def _said(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    return complaints.read().decode(errors="replace").strip()[-500:] or "?"
