"""Events for tests, with what each test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def said(
    external_id: str, text: str = "Bonjour", *, by: str = "lea", minutes: float = 0, **fields: Any
) -> NetworkEvent:
    """A customer's private message in the thread "t", unless told otherwise."""
    defaults: dict[str, Any] = {
        "event": EventKind.MESSAGE,
        "direction": "incoming",
        "visibility": "private",
        "thread_id": "t",
        "author": Author(id=by, handle=by, name=by.title()),
        "sent_at": at(minutes),
    }
    return NetworkEvent(**defaults | {"external_id": external_id, "text": text} | fields)


def echo(
    external_id: str, text: str = "Nous regardons", *, to: str | None = "lea", minutes: float = 0, **fields: Any
) -> NetworkEvent:
    """A message of ours, as the network shows it."""
    counterpart = Author(id=to, handle=to, name=to.title()) if to else None
    fields = {"direction": "outgoing", "author": Author(id="us"), "counterpart": counterpart} | fields
    return said(external_id, text, minutes=minutes, **fields)


def change(kind: str, target_id: str | None, *, by: str = "lea", minutes: float = 0, **fields: Any) -> NetworkEvent:
    """An edit, deletion, reaction or receipt."""
    return NetworkEvent(
        event=EventKind(kind), target_id=target_id, author=Author(id=by, handle=by), sent_at=at(minutes), **fields
    )
