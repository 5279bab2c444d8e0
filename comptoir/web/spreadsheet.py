"""Lines for spreadsheets: with semicolons as those in France expect, and nothing in them that computes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

#: Without this mark Excel reads accents wrongly.
_MARK = "\ufeff"
#: A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def spreadsheet_lines(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The heading and the rows, one line at a time, as they are read."""
    line = _Line()
    writer = csv.writer(line, delimiter=";")
    writer.writerow(heading)
    yield _MARK + line.text
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
        yield line.text


class _Line:
    """What the writer wrote last."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def _safe(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return "'" + text if isinstance(cell, str) and text.startswith(_FORMULA) else text
