"""What postmaster.pid says, and whether the process that it names is what it says."""

from __future__ import annotations

import contextlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A running server of one cluster."""

    pid: int
    socket_folder: str
    is_ready: bool


def postmaster_of(data: Path) -> Postmaster | None:
    """The server that runs on the cluster ``data``; None when none does, whatever its pid file says."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not is_postgres(pid, data):
        return None
    lines += [""] * (8 - len(lines))
    return Postmaster(pid, lines[4], lines[7].strip() == "ready")


def is_postgres(pid: int, data: Path) -> bool:
    """Whether process ``pid`` lives (a zombie does not) and is a PostgreSQL on ``data``, not a newcomer."""
    command = _command_line(pid)
    return command is not None and str(data) in command


def remove_false_locks(data: Path, socket_folder: Path) -> None:
    """Remove locks that name a zombie or another program, which PostgreSQL itself would take for a server."""
    for lock in (data / "postmaster.pid", socket_folder / ".s.PGSQL.5432.lock"):
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            if not is_postgres(int(lock.read_text().splitlines()[0]), data):
                lock.unlink()


def _command_line(pid: int) -> str | None:
    """The command of a living process, None if it is gone or a zombie."""
    if os.path.isdir("/proc/self"):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                return file.read().replace(b"\0", b" ").decode(errors="replace") or None  # a zombie's is empty
        except OSError:
            return None
    listing = subprocess.run(
        ["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return None if not listing or listing.startswith("Z") else listing
