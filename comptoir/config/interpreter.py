"""Habits of Python in a process that serves pages, or takes in messages by the hundred."""

from __future__ import annotations

import gc
import sys

_ONE_THREAD_RUNS_S = 0.0005


def collect_seldom() -> None:
    """What was loaded so far stays for good: looking through it again and again made one page in some dozens late."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def switch_soon() -> None:
    """Have a thread that the database has answered run soon, though another one computes: in a worker each statement
    of a batch would wait for up to five milliseconds, in which nothing is stored.
    """
    sys.setswitchinterval(_ONE_THREAD_RUNS_S)
