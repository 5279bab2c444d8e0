"""The record as a file: CSV for spreadsheets, JSON lines for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from comptoir.web.queries.record import Entry
from comptoir.web.spreadsheet import spreadsheet_lines

COLUMNS = (
    "id", "at", "name", "actor_kind", "actor_id", "actor", "subject_kind", "subject_id", "subject", "conversation_id",
    "reason", "details",
)  # fmt: skip


def json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """One event a line."""
    for entry in entries:
        yield json.dumps(_fields(entry), ensure_ascii=False) + "\n"


def csv_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """One event a line under a heading."""
    rows = (_fields(entry) | {"details": json.dumps(entry.event.details, ensure_ascii=False)} for entry in entries)
    return spreadsheet_lines(COLUMNS, ([row[column] for column in COLUMNS] for row in rows))


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
