"""A child ends with whoever started it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

_CHILD = """
import os, signal, sys, time
from comptoir.config.parents import end_with
{before}
print(os.getpid(), flush=True)
end_with(os.getppid(), patience_s=0.5)
time.sleep(60)
"""
_PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True)
print(child.stdout.readline(), end="", flush=True)
child.wait()
"""


#: While the interpreter is taken down, no other thread of ours runs any more: nobody is left to look at the clock.
_HANGS_AT_THE_END = """
import threading
class Waiting:
    held = threading.Lock()
    def __del__(self, held=held):
        held.acquire()
        held.acquire()
waiting = Waiting()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
"""


@pytest.mark.parametrize(
    "before",
    ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN)", _HANGS_AT_THE_END],
    ids=["that listens", "that hears no signal", "that hangs while it ends"],
)
def test_a_child_ends_when_its_parent_is_killed(before: str) -> None:
    child = _CHILD.format(before=before)
    with subprocess.Popen([sys.executable, "-c", _PARENT, child], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.5)  # another process asks to end with its parent
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.05)  # as above
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
