"""Being asked by a signal: an event that the handler of one may set."""

from __future__ import annotations

import contextlib
import threading
from queue import Empty, SimpleQueue


class Asked(threading.Event):
    """An event that has no lock: a handler runs between two steps of the very thread that waits, and where that one
    has the lock just then, both wait for ever. Putting something into this queue takes none.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_set = False
        self._told: SimpleQueue[None] = SimpleQueue()

    def is_set(self) -> bool:
        """Whether somebody asked."""
        return self._is_set

    def set(self) -> None:
        """Ask; from a handler, from any thread, as often as one likes."""
        self._is_set = True
        self._told.put(None)

    def clear(self) -> None:
        """Forget it: what is asked from now on counts."""
        self._is_set = False
        with contextlib.suppress(Empty):
            while True:
                self._told.get_nowait()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until somebody asks, ``timeout`` seconds at most; whether they did."""
        if not self._is_set:
            with contextlib.suppress(Empty):
                self._told.get(timeout=timeout)
        return self._is_set
