"""Reading the next deliveries of an account while the database stores those before them.

Reading is Python's work and storing the database's: of a flood on one account, the one would wait for the other.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from comptoir.intake.reading import Raw, Reading


class Ahead:
    """What was read ahead, of one account at a time. Whoever takes it sees to it that it still waits."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reads-ahead")
        self._account_id = 0
        self._readings: Future[list[Reading]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def begin(self, account_id: int, raws: Sequence[Raw], read: Callable[[Raw], Reading]) -> None:
        """Have these read, in the order given."""
        context = contextvars.copy_context()
        self._account_id = account_id
        self._readings = self._thread.submit(context.run, lambda: [read(raw) for raw in raws])

    def take(self, account_id: int) -> list[Reading]:
        """What was begun of that account, once it is read; nothing where something else was begun, or nothing."""
        begun, self._readings = self._readings, None
        return begun.result() if begun is not None and self._account_id == account_id else []

    def drop(self) -> None:
        """What was begun is wanted no more."""
        self._readings = None
