"""Tables: our own CSV, and those of other programs. A comma, semicolon or tabulator parts the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from comptoir.catalogue.content import Variant
from comptoir.catalogue.files.given import Given, Line, LineRefusedError, days_of, text_of, uses_of, yes_or_no

COLUMNS = (
    "key", "question", "phrasings", "language", "answer", "answer_language", "channel", "register", "visibility",
    "link", "topics", "brand", "uses", "valid_from", "valid_until", "owner", "review_on",
)  # fmt: skip
_DELIMITERS = ",;\t"
#: A spreadsheet takes what begins so for a formula: we write an apostrophe before it, and take it off again.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LARGEST_CELL = 1_000_000
Row = tuple[int, Mapping[str, str]]


def rows_of(text: str) -> list[Row]:
    """The rows under the heading, each with the number of its line; columns by their names in small letters.

    Raises LineRefusedError where there is no heading.
    """
    csv.field_size_limit(_LARGEST_CELL)
    heading = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip().lower().replace(" ", "_") for name in next(reader)]
        return [
            (line, dict(zip(names, map(_plain, cells), strict=False)))
            for line, cells in _numbered(reader)
            if any(cell.strip() for cell in cells)
        ]
    except StopIteration as error:
        raise LineRefusedError(_("There is nothing in this file.")) from error
    except csv.Error as error:
        raise LineRefusedError(_("This is no table that can be read: %(reason)s.") % {"reason": error}) from error


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    line = reader.line_num + 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def read(rows: Sequence[Row]) -> Iterator[Line]:
    """Our own: rows with the same key, one under the other, are the answers of one entry."""
    for number, together in _entries(rows):
        first = together[0]
        shown = (first.get("key") or first.get("question") or "")[:120]
        try:
            yield Line(number, _given(together), shown=shown)
        except LineRefusedError as error:
            yield Line(number, None, str(error), shown)


def _entries(rows: Sequence[Row]) -> Iterator[tuple[int, list[Mapping[str, str]]]]:
    begun: int = 0
    together: list[Mapping[str, str]] = []
    for number, row in rows:
        goes_on = together and row.get("key") == together[0].get("key") and not row.get("question")
        if together and not goes_on:
            yield begun, together
            together = []
        begun = begun if together else number
        together.append(row)
    if together:
        yield begun, together


def _given(rows: Sequence[Mapping[str, str]]) -> Given:
    first = rows[0]
    fields: dict[str, Any] = {"question": text_of(first.get("question"), "question")}
    if first.get("language"):
        fields["language"] = first["language"]
    for name, part in (("phrasings", "\n"), ("topics", ",")):
        if name in first:
            fields[name] = tuple(one for one in first[name].split(part) if one.strip())
    for name in ("brand", "owner"):
        if name in first:
            fields[name] = first[name].strip()
    if "uses" in first:
        fields["uses"] = uses_of(first["uses"])
    elif "bot_may_answer" in first:
        fields["bot"] = yes_or_no(first["bot_may_answer"], "bot_may_answer")
    fields |= days_of(first)
    if any(name in first for name in ("channel", "register", "visibility", "answer_language", "link")) or len(rows) > 1:
        fields["variants"] = tuple(_variant(row, first) for row in rows)
    else:
        fields["answer"] = text_of(first.get("answer"), "answer")
    return Given(text_of(first.get("key"), "key"), fields)


def _variant(row: Mapping[str, str], first: Mapping[str, str]) -> Variant:
    language = row.get("answer_language") or first.get("language") or ""
    channel, register, visibility = (
        (row.get(name) or "").strip().lower() for name in ("channel", "register", "visibility")
    )
    text, code = text_of(row.get("answer"), "answer"), text_of(language, "language")
    return Variant(text, code, channel, register, visibility, link=(row.get("link") or "").strip())


def write(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Lines for spreadsheets: semicolons, a mark that says UTF-8, nothing that computes."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=";")
    writer.writerow(COLUMNS)
    yield "\ufeff" + line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([_safe(row.get(name, "")) for name in COLUMNS])
        yield line.getvalue()


def _safe(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) or (cell.startswith("'") and cell[1:].startswith(_FORMULA)) else cell
