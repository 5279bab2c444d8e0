"""How long a search may take, and in what manner the database goes about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

PATIENCE_MS = 2000
_LIMITED = f"SET LOCAL statement_timeout = {PATIENCE_MS}"
#: Each step takes few rows by an index and looks each up in turn; a planner that expects more would read whole tables,
#: or begin at the other end.
_ROW_BY_ROW = "SET LOCAL join_collapse_limit = 1; SET LOCAL max_parallel_workers_per_gather = 0; " + " ".join(
    f"SET LOCAL {way} = off;" for way in ("jit", "enable_seqscan", "enable_hashjoin", "enable_mergejoin")
)


class SearchTakesTooLongError(Exception):
    """The question is too broad for the time a search may take."""


@contextmanager
def in_time() -> Iterator[None]:
    """Whatever is asked inside is stopped when it takes too long. Raises SearchTakesTooLongError."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_LIMITED)
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise SearchTakesTooLongError from error
        raise


@contextmanager
def row_by_row() -> Iterator[Any]:
    """A cursor for questions that take few rows by an index. Raises SearchTakesTooLongError."""
    with in_time(), connection.cursor() as cursor:
        cursor.execute(_ROW_BY_ROW)
        yield cursor
