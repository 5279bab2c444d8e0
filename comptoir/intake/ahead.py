"""Reading the next deliveries of an account while the database stores those before them.

Reading is Python's work and storing the database's: of a flood on one account, the one would wait for the other.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from comptoir.intake.reading import Raw, Reading


class Ahead:
    """What was read ahead, of one account at a time. Whoever takes it sees to it that it still waits, and names with
    ``by`` all that it was read by: what was read by something else is not taken.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reads-ahead")
        self._by: Hashable = None
        self._readings: Future[list[Reading]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def begin(self, by: Hashable, raws: Sequence[Raw], read: Callable[[Raw], Reading]) -> None:
        """Have these read, in the order given."""
        context = contextvars.copy_context()
        self._by = by
        self._readings = self._thread.submit(context.run, lambda: [read(raw) for raw in raws])

    def take(self, by: Hashable) -> list[Reading]:
        """What was begun by that, once it is read; nothing where something else was begun, or nothing."""
        if self._by != by:
            self.drop()
        begun, self._readings = self._readings, None
        return begun.result() if begun is not None else []

    def drop(self) -> None:
        """What was begun is wanted no more."""
        if self._readings is not None:
            self._readings.cancel()
        self._readings = None
