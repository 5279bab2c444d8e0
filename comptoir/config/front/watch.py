"""Deadlines of thousands of waits, most of which are over at once: looked at once a while, not one by one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Any, TypeVar

Found = TypeVar("Found")

_EVERY_S = 0.5


class Watch:
    """Ends waits that take too long, within half a second after their deadline.

    A timer for each (`asyncio.timeout`) is set and taken back for every request, and nearly none of them ever ends.
    """

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._round: asyncio.TimerHandle | None = None

    async def over(self, wait: Awaitable[Found], *, until: float) -> Found:
        """What ``wait`` gives. Raises TimeoutError where that is not there by ``until``, by `time.monotonic`."""
        task = asyncio.current_task()
        assert task is not None  # this is a coroutine
        self._waiting[task] = until
        if self._round is None:
            self._plan()
        try:
            return await wait
        except asyncio.CancelledError:
            if task in self._late:
                task.uncancel()
                raise TimeoutError from None
            raise
        finally:
            del self._waiting[task]
            self._late.discard(task)

    def _look(self) -> None:
        present = time.monotonic()
        for task, until in self._waiting.items():
            if until <= present and task not in self._late:
                self._late.add(task)
                task.cancel()
        self._round = None
        if self._waiting:
            self._plan()

    def _plan(self) -> None:
        self._round = asyncio.get_running_loop().call_later(_EVERY_S, self._look)
