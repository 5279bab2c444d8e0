"""Finding the processes of a running counter, and ending them without a word."""

from __future__ import annotations

import contextlib
import os
import random
import signal
from pathlib import Path

from tests.peers.running import RunningCounter

PARTS = ("web", "worker", "postgres")


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


def kill_something(counter: RunningCounter, chance: random.Random) -> str:
    """Kill one process, the parent or any other, of a part that runs just now; return the part's name.

    A part that keeps dying is started again after a pause that grows to half a minute: meanwhile the others are killed.
    """
    running = {part: family for part in PARTS if (family := processes_of(counter, part))}
    assert running, f"nothing runs\n{counter.log_tail()}"
    part = chance.choice([*running, *(["worker"] if "worker" in running else [])])
    family = running[part]
    victim = family[0] if len(family) == 1 or chance.random() < 0.5 else chance.choice(family[1:])
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    return part
