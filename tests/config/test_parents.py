"""A child ends with whoever started it."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
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


@pytest.mark.parametrize(
    "before", ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"], ids=["that listens", "that hears no signal"]
)
def test_a_child_ends_when_its_parent_is_killed(before: str) -> None:
    child = textwrap.dedent(_CHILD).format(before=before)
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
