"""What `comptoir up` takes: memory of all its processes when idle, and time from its start to the first page.

It is measured as a company has it: what developers install beside is hidden, because libraries load it where they
find it (structlog alone loads rich and Pygments, in each of six processes).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

MAX_IDLE_MB = 500
MAX_START_S = 5.0
_PORT = 18_930
_IDLE_S = 75.0
#: What the demonstration's messages and replies still had to be read for ends within so long.
_MOST_BUSY_S = 420.0
#: The first start makes the database and reads the demonstration, which a busy machine takes minutes for.
_MOST_STARTING_S = 300.0
#: Of requirements-dev.lock and not of requirements.lock, and loaded where it is found.
_DEVELOPERS_ONLY = ("rich", "pygments", "greenlet", "zstandard")
_READERS = ("understanding.workshop", "config.cli task")


def main() -> bool:
    """Start twice (the first start makes the database), measure the second."""
    with tempfile.TemporaryDirectory(prefix="comptoir-footprint-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        environment = os.environ | {
            "COMPTOIR_DATA_DIR": f"{folder}/var",
            "COMPTOIR_CACHE_DIR": f"{folder}/var/cache",
            "COMPTOIR_PORT": str(_PORT),
            "PYTHONPATH": os.pathsep.join([_hiding(Path(folder)), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]),
        }
        environment.pop("COMPTOIR_DATABASE_URL", None)
        first_s, process = _started(environment)
        _stop(process)
        second_s, process = _started(environment)
        try:
            by_process = _at_rest(process.pid)
        finally:
            _stop(process)
    total = sum(megabytes for _name, megabytes in by_process)
    print(f"first start, database made and demonstration loaded: {first_s:.1f} s")
    print(f"second start to the first page: {second_s:.2f} s (at most {MAX_START_S:.0f})")
    for name, megabytes in by_process:
        print(f"  {megabytes:6.0f} MB  {name}")
    print(f"idle, all processes: {total:.0f} MB (at most {MAX_IDLE_MB})")
    return total < MAX_IDLE_MB and second_s < MAX_START_S


def _hiding(folder: Path) -> str:
    """A folder that, first on the path, makes a process find none of what only developers install."""
    hidden = folder / "hidden"
    hidden.mkdir()
    for name in _DEVELOPERS_ONLY:
        (hidden / f"{name}.py").write_text(f"raise ImportError({name!r})\n")
    return str(hidden)


def _at_rest(root: int) -> list[tuple[str, float]]:
    """Memory once nothing is left to be read: the processes that are begun for that have ended."""
    begun = time.monotonic()
    time.sleep(_IDLE_S)  # noqa: TID251  # other processes come to rest
    while True:
        by_process = _memory_mb(root)
        at_work = sum(megabytes for name, megabytes in by_process if any(one in name for one in _READERS))
        if not at_work or time.monotonic() > begun + _MOST_BUSY_S:
            print(f"measured {time.monotonic() - begun:.0f} s after the second start")
            return by_process
        time.sleep(5)  # noqa: TID251  # what reads ends half a minute after its work


def _started(environment: dict[str, str]) -> tuple[float, subprocess.Popen[bytes]]:
    """Start, and wait for the sign-in page; the seconds it took, and the process."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "comptoir.config.cli", "up", "--no-link"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not _page_answers():
        if process.poll() is not None or time.monotonic() > begun + _MOST_STARTING_S:
            _stop(process)
            raise RuntimeError("comptoir up did not come up")
        time.sleep(0.02)  # noqa: TID251  # another process
    return time.monotonic() - begun, process


def _page_answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{_PORT}/account/login/", timeout=5) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _memory_mb(root: int) -> list[tuple[str, float]]:
    """The proportional share of memory (PSS) of a process and all below it, in megabytes, largest first."""
    found = []
    for pid in _family(root):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\x00", b" ").decode(errors="replace")
        except OSError:
            continue
        shared = sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        found.append((command.strip()[-60:], shared / 1024))
    return sorted(found, key=lambda one: -one[1])


def _family(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    family, added = {root}, {root}
    while added:
        added = {pid for pid, parent in parents.items() if parent in added} - family
        family |= added
    return sorted(family)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End it and all below it; what has ended already is let be."""
    process.send_signal(signal.SIGINT)
    process.wait(30)
