"""Pieces of SQL with what is typed into them, and how many rows the planner expects of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL and its parameters."""

    sql: str = "true"
    parameters: Sequence[Any] = ()

    def __and__(self, other: Condition) -> Condition:
        if "true" in (self.sql, other.sql):
            return other if self.sql == "true" else self
        return Condition(f"{self.sql} AND {other.sql}", [*self.parameters, *other.parameters])


def selecting(rows: QuerySet[Any, Any]) -> Condition:
    """The question that these rows answer, in no order."""
    try:
        sql, parameters = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return Condition("SELECT NULL::bigint WHERE false")
    return Condition(sql, parameters)


def planned_rows(cursor: Any, select: Condition) -> float:
    """How many rows a question should have: the planner's word, by its statistics; nothing else is read for it."""
    cursor.execute(f"EXPLAIN (FORMAT JSON) {select.sql}", select.parameters)
    return float(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])
