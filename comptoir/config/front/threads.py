"""The threads that answer: as many as there may be connections to the database."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")
_Work = tuple[Callable[[Any], Any], Any, asyncio.Future[Any]]


class Threads:
    """Threads that stay, since each keeps its connection, and that a loop gives work to and waits for.

    Those that have done something wake the loop once for all that is done: waking it is what costs.
    """

    def __init__(self, *, count: int) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: SimpleQueue[_Work] = SimpleQueue()
        self._done: deque[tuple[asyncio.Future[Any], Any, Exception | None]] = deque()
        self._is_woken = False
        for number in range(count):
            threading.Thread(target=self._work_on, name=f"web-{number + 1}", daemon=True).start()

    @property
    def waiting(self) -> int:
        """How much waits for a thread, about."""
        return self._waiting.qsize()

    def run(self, work: Callable[[Asked], Given], asked: Asked) -> asyncio.Future[Given]:
        """What ``work`` gives for ``asked``, or the error it raises, by the next thread that is free.

        What is cancelled before its turn is never begun.
        """
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        future: asyncio.Future[Given] = self._loop.create_future()
        self._waiting.put((work, asked, future))
        return future

    def _work_on(self) -> None:
        while True:
            self._do(*self._waiting.get())  # a call, so that nothing of it is kept until the next one comes

    def _do(self, work: Callable[[Any], Any], asked: Any, future: asyncio.Future[Any]) -> None:
        if future.cancelled():
            return
        try:
            self._done.append((future, work(asked), None))
        except Exception as error:  # noqa: BLE001  # it is raised again where somebody waits for it
            self._done.append((future, None, error))
        if not self._is_woken and self._loop is not None:
            self._is_woken = True
            try:
                self._loop.call_soon_threadsafe(self._settle)
            except RuntimeError:
                return  # the loop has ended, and nobody waits any more

    def _settle(self) -> None:
        self._is_woken = False  # first: what is done from here on wakes us again
        while self._done:
            future, given, error = self._done.popleft()
            if future.done():
                continue  # whoever waited was cancelled
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(given)
