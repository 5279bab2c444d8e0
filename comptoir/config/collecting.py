"""How often Python looks for rubbish in a process that serves pages, or takes in messages by the hundred."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """What was loaded so far stays for good: looking through it again and again made one page in some dozens late."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
