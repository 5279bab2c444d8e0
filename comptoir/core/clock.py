"""The one place where the present is read, so that it can be moved: by tests, and where a past is told anew."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _told.get() or timezone.now()


@contextlib.contextmanager
def at_instant(instant: datetime) -> Iterator[None]:
    """Inside, ``instant`` (aware) is the present of this thread."""
    token = _told.set(instant)
    try:
        yield
    finally:
        _told.reset(token)
