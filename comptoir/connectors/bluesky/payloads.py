"""The body of one delivery → its events, each once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.bluesky.pages import read_document

#: Set by our poller: these posts were fetched to show what was answered to, nobody addressed us with them.
CONTEXT_HEADER = "x-comptoir-context"
#: Set by our poller: the private exchange that a page of messages belongs to.
CONVO_HEADER = "x-comptoir-convo"


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Read the body. In a bulk of many objects one that cannot be read is one error, and does not hold up the rest."""
    convo_id = delivery.headers.get(CONVO_HEADER)
    events: dict[object, NetworkEvent] = {}
    errors: list[PayloadError] = []
    documents = list(_documents(delivery.body))
    for document in documents:
        if isinstance(document, PayloadError):
            errors.append(document)
            events[document] = NetworkEvent(EventKind.ERROR, reason=document.reason)
            continue
        for event in read_document(document, own_id, convo_id):
            events.setdefault(_identity(event, len(events)), event)
    if errors and len(errors) == len(documents):
        raise errors[0]
    if not documents:
        return [NetworkEvent(EventKind.IGNORED, reason="The body is empty: it holds nothing at all.")]
    if CONTEXT_HEADER in delivery.headers:
        return [replace(event, custom={**event.custom, "context": True}) for event in events.values()]
    return list(events.values())


def _identity(event: NetworkEvent, position: int) -> object:
    if event.external_id is None and event.target_id is None:
        return position
    return (
        event.event,
        event.external_id,
        event.target_id,
        event.author.id,
        event.reaction,
        event.reaction_removed,
        event.reason,
    )


def _documents(body: bytes) -> Iterator[Mapping[str, Any] | PayloadError]:
    """One JSON object, a JSON list of them, or one a line."""
    text = _text(body)
    try:
        documents = [json.loads(text)]
    except RecursionError:
        raise PayloadError("The payload is nested too deeply to be read.") from None
    except ValueError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2:
            raise PayloadError("The payload is not JSON: %(error)s.", error=str(error)) from None
        documents = [_line(number, line) for number, line in enumerate(lines, 1)]
    if len(documents) == 1 and isinstance(documents[0], list):
        documents = documents[0]
    for document in documents:
        if isinstance(document, (dict, PayloadError)):
            yield document
        else:
            yield PayloadError("The payload is JSON, but holds no object: there is nothing of the AT Protocol in it.")


def _line(number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        return PayloadError(
            "The payload is not JSON, neither as a whole nor in line %(line)s: %(error)s.",
            line=number,
            error=str(error),
        )


def _text(body: bytes) -> str:
    if not body.strip():
        raise PayloadError("The payload is empty.")
    try:
        return body.decode(json.detect_encoding(body))  # by its first bytes: UTF-8, 16 or 32, as JSON may be
    except UnicodeDecodeError as error:
        raise PayloadError(
            "The payload is not text in UTF-8: %(error)s at byte %(byte)s.", error=error.reason, byte=error.start
        ) from None
