"""Finding the processes of a running counter, and ending them without a word."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from pathlib import Path

from tests.peers.running import RunningCounter

#: A part that died is started again after a pause that grows while it keeps dying, up to half a minute.
BACK_WITHIN_S = 60.0


def _children() -> dict[int, list[int]]:
    """Every process's children."""
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                found.setdefault(parent, []).append(int(entry.name))
    return found


def _family(pid: int) -> list[int]:
    children = _children()
    family, unseen = [pid], [pid]
    while unseen:
        born = children.get(unseen.pop(), [])
        family += born
        unseen += born
    return family


def _arguments(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\x00")
    except OSError:
        return []


def processes_of(counter: RunningCounter, part: str) -> list[int]:
    """The processes of one part: web, worker or postgres; the first one is the others' parent."""
    if part == "postgres":
        return _postgres(counter)
    assert counter.process is not None
    for child in _children().get(counter.process.pid, []):
        if part in _arguments(child) and "comptoir.config.cli" in _arguments(child):
            return _family(child)
    return []


def _postgres(counter: RunningCounter) -> list[int]:
    for file in (counter.data_dir / "postgres").rglob("postmaster.pid"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(file.read_text().splitlines()[0])
            if any("postgres" in argument for argument in _arguments(pid)[:1]):
                return _family(pid)
    return []


def kill(counter: RunningCounter, part: str, chance: random.Random) -> int:
    """Kill one process of a part, the parent or any other; wait until the part has come back. Return its number."""
    family = processes_of(counter, part)
    assert family, f"{part} does not run\n{counter.log_tail()}"
    victim = family[0] if len(family) == 1 or chance.random() < 0.5 else chance.choice(family[1:])
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + BACK_WITHIN_S
    while time.monotonic() < deadline:
        now = processes_of(counter, part)
        if now and (now[0] != family[0] or victim != family[0]):
            return victim
        threading.Event().wait(0.1)
    raise AssertionError(f"{part} has not come back\n{counter.log_tail()}")
