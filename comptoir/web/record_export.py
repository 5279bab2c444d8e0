"""The record as a file: CSV for spreadsheets, JSON lines for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator

from comptoir.web.queries.record import Entry

COLUMNS = (
    "id", "at", "name", "actor_kind", "actor_id", "actor", "subject_kind", "subject_id", "subject", "conversation_id",
    "reason", "details",
)  # fmt: skip
#: A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """One event a line."""
    for entry in entries:
        yield json.dumps(_fields(entry), ensure_ascii=False) + "\n"


def csv_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """One event a line under a heading, with semicolons as spreadsheets in France expect, and nothing that computes."""
    line = _Line()
    writer = csv.writer(line, delimiter=";")
    writer.writerow(COLUMNS)
    yield "\ufeff" + line.text  # without this mark Excel reads accents wrongly
    for entry in entries:
        fields = _fields(entry) | {"details": json.dumps(entry.event.details, ensure_ascii=False)}
        writer.writerow([_safe(fields[column]) for column in COLUMNS])
        yield line.text


class _Line:
    """What the writer wrote last."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def _safe(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return "'" + text if isinstance(cell, str) and text.startswith(_FORMULA) else text


def _fields(entry: Entry) -> dict[str, object]:
    event = entry.event
    return {
        "id": event.pk,
        "at": event.at.isoformat(),
        "name": event.name,
        "actor_kind": event.actor_kind,
        "actor_id": event.actor_id,
        "actor": entry.who,
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "subject": entry.what,
        "conversation_id": event.conversation_id,
        "reason": event.reason,
        "details": event.details,
    }
