"""Child processes: started, watched, started again when they die, ended together."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

log = logging.getLogger("comptoir.processes")

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_HEALTHY_AFTER_S = 30.0


def comptoir(*arguments: str) -> list[str]:
    """The command line of one of our own sub-commands."""
    return [sys.executable, "-m", "comptoir.config.cli", *arguments]


def child_environment() -> dict[str, str]:
    """Our environment, and who the child should end with."""
    return os.environ | {"COMPTOIR_SUPERVISOR_PID": str(os.getpid())}


@dataclass(slots=True)
class Child:
    """One process that should always run."""

    name: str
    command: Sequence[str]
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause_s: float = 0.0
    retry_at: float = 0.0

    def start(self) -> None:
        """Start it, in a session of its own: a Ctrl-C reaches only us, and we end things in their order."""
        self.running = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, env=child_environment(), start_new_session=True
        )
        self.started_at = time.monotonic()

    def tend(self) -> None:
        """Start it again if it died, after a pause that grows while it keeps dying."""
        present = time.monotonic()
        if self.running is None:
            if present >= self.retry_at:
                self.start()
            return
        code = self.running.poll()
        if code is None:
            return
        lived_s = present - self.started_at
        self.pause_s = (
            _FIRST_PAUSE_S if lived_s > _HEALTHY_AFTER_S else min(_LONGEST_PAUSE_S, self.pause_s * 2 or _FIRST_PAUSE_S)
        )
        self.retry_at = present + self.pause_s
        self.running = None
        told = {"child": self.name, "ended": _how(code), "again_in_s": self.pause_s}
        log.error("process ended, starting it again", extra=told)

    def end(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end."""
        if self.running is not None and self.running.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.running.send_signal(sign)

    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.running is None or self.running.poll() is not None


class Children:
    """The processes of one `comptoir up`."""

    def __init__(self) -> None:
        self._all: list[Child] = []

    def start(self, name: str, *arguments: str) -> Child:
        """Start a sub-command and keep it running."""
        child = Child(name, comptoir(*arguments))
        child.start()
        self._all.append(child)
        return child

    def tend(self) -> None:
        """Look after all of them; call it a few times a second."""
        for child in self._all:
            child.tend()

    def end_all(self, *, patience_s: float) -> None:
        """End all of them, for good; kill what has not ended in time."""
        for child in self._all:
            child.end()
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline and not all(child.is_over() for child in self._all):
            time.sleep(0.02)
        for child in self._all:
            if not child.is_over():
                log.error("process did not end in time, killing it", extra={"child": child.name})
                _kill_session(child)
        for child in self._all:
            if child.running is not None:
                child.running.wait()
        self._all.clear()


def run_to_end(*arguments: str) -> int:
    """Run one sub-command to its end; its exit code."""
    return subprocess.run(
        comptoir(*arguments), stdin=subprocess.DEVNULL, env=child_environment(), check=False
    ).returncode


def _kill_session(child: Child) -> None:
    """Kill a child with the processes that it started: they share its session and so its process group."""
    if child.running is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.running.pid, signal.SIGKILL)


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
