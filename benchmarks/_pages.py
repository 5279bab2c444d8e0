"""How many pages of 8 kB the database touches for what it is asked: what a list costs whatever else the machine does.

Each statement is explained as it runs. What planning it touches is left out: it is the catalogue of tables, kept in
each connection's own memory once it was read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Touched:
    """By statement: its text, the pages it touched, in memory or not, and what the database did for it."""

    statements: list[tuple[str, int, Any]] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return sum(pages for _sql, pages, _plan in self.statements)


@contextmanager
def counting_pages(connection: Any) -> Iterator[Touched]:
    """What is read over a connection meanwhile is run twice: as asked, and explained."""
    touched = Touched()

    def explain(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        if sql.lstrip(" (\n").startswith(("SELECT", "WITH")):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", values)
                (explained,) = cursor.fetchone()
            plan = (json.loads(explained) if isinstance(explained, str) else explained)[0]["Plan"]
            touched.statements.append((sql, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], plan))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(explain):
        yield touched
