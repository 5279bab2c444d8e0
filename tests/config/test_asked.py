"""Being asked by a signal."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from comptoir.config.asked import Asked

#: Waits again and again, and is sent thousands of signals meanwhile: some come at every step of waiting.
_BESIEGED = """
import os, signal, time
from comptoir.config.asked import Asked

asked, heard, me = Asked(), 0, os.getpid()

def hear(*_signal):
    global heard
    heard += 1
    asked.set()

signal.signal(signal.SIGUSR1, hear)
if not (sender := os.fork()):
    while True:
        os.kill(me, signal.SIGUSR1)
        time.sleep(0.0001)
deadline = time.monotonic() + 60
while heard < 3000 and time.monotonic() < deadline:
    asked.wait(0.0001)
    asked.clear()
os.kill(sender, signal.SIGKILL)
os.waitpid(sender, 0)
print("heard" if heard >= 3000 else f"heard {heard} of 3000")
"""


def test_whoever_waits_hears_signals_at_any_instant_and_never_waits_for_itself() -> None:
    besieged = subprocess.run(
        [sys.executable, "-c", _BESIEGED], capture_output=True, timeout=90, text=True, check=False
    )
    assert besieged.stdout.strip() == "heard", besieged.stderr[-500:]


def test_what_was_asked_before_one_waits_is_heard_at_once() -> None:
    asked = Asked()
    asked.set()
    assert asked.wait(0)
    assert asked.wait(0)


def test_nobody_asked_within_the_time() -> None:
    assert not Asked().wait(0.01)


def test_what_is_forgotten_is_waited_for_again() -> None:
    asked = Asked()
    asked.set()
    asked.clear()
    assert not asked.is_set()
    assert not asked.wait(0.01)


@pytest.mark.parametrize("timeout", [None, 60])
def test_another_thread_may_ask(timeout: float | None) -> None:
    asked = Asked()
    threading.Timer(0.05, asked.set).start()
    assert asked.wait(timeout)
