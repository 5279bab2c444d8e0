from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable

import pytest

from comptoir.config.processes import Child, Children


def child(script: str) -> Child:
    return Child("test", [sys.executable, "-c", script])


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_until_over(one: Child) -> None:
    wait_until(one.is_over)


def test_one_that_keeps_dying_is_started_ever_more_slowly():
    one = child("raise SystemExit(3)")
    pauses = []
    for _round in range(3):
        one.retry_at = 0
        one.tend()  # starts it
        wait_until_over(one)
        one.tend()  # sees that it died
        pauses.append(one.pause_s)
    assert pauses == [0.5, 1.0, 2.0]
    one.tend()
    assert one.running is None  # not before its pause is over


@pytest.fixture
def children(monkeypatch):
    monkeypatch.setattr("comptoir.config.processes.comptoir", lambda *arguments: [sys.executable, "-c", *arguments])
    return Children()


def test_one_that_does_not_end_in_time_is_killed(children, tmp_path):
    stubborn = (
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(tmp_path / 'ready')!r}).touch(); time.sleep(60)"
    )
    one = children.start("stubborn", stubborn)
    wait_until((tmp_path / "ready").exists)  # it ignores the signal from here on
    process = one.running
    children.end_all(patience_s=0.3)
    assert process.returncode == -signal.SIGKILL


def test_what_was_ended_is_not_started_again(children):
    one = children.start("sleeper", "import time; time.sleep(60)")
    children.end_all(patience_s=60)
    children.tend()
    assert one.is_over()


def test_one_that_died_is_started_again(children):
    one = children.start("short", "pass")
    wait_until_over(one)
    first = one.running.pid
    children.tend()
    one.retry_at = 0
    children.tend()
    assert one.running is not None
    assert one.running.pid != first
    children.end_all(patience_s=60)
