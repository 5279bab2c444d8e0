"""Reading the next deliveries of an account while the database stores those before them.

Reading is Python's work and storing the database's: of a flood on one account, the one would wait for the other. It
begins with the first long statement: before it Python itself is what everything waits for.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from comptoir.intake.reading import Raw, Reading


class Ahead:
    """What is read ahead, of one account at a time. Whoever takes it sees to it that it still waits, and names with
    ``by`` all that it was read by: what was read by something else is not taken.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reads-ahead")
        self._by: Hashable = None
        self._reading: Callable[[], list[Reading]] | None = None
        self._readings: Future[list[Reading]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def put_down(self, by: Hashable, raws: Callable[[], Sequence[Raw]], read: Callable[[Raw], Reading]) -> None:
        """What is to be read, in the order given, once `begin` is told."""
        context = contextvars.copy_context()
        self._by = by
        self._reading = lambda: context.run(lambda: [read(raw) for raw in raws()])

    def begin(self) -> None:
        """From now on the database is waited for."""
        if self._reading is not None:
            self._readings, self._reading = self._thread.submit(self._reading), None

    def take(self, by: Hashable) -> list[Reading]:
        """What was put down by that, once it is read; nothing where it was by something else, or nothing."""
        if self._by != by:
            self.drop()
        self.begin()
        begun, self._readings = self._readings, None
        return begun.result() if begun is not None else []

    def drop(self) -> None:
        """What was put down is wanted no more."""
        if self._readings is not None:
            self._readings.cancel()
        self._reading = self._readings = None
