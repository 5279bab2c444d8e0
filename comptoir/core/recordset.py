"""Rows of a batch as one JSON text, for `json_to_recordset` in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic_core import to_json


def recordset(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows by column, with instants as they are; a column that a row leaves out is NULL.

    The standard library takes ten times as long, which counts where a message costs the tenth of a millisecond.
    Raises ValueError for half of a character (a lone surrogate), which the database would refuse.
    """
    return to_json(rows).decode()
