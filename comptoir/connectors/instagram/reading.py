"""Whatever Instagram hands out for a professional account, as events: deliveries and answers of the API."""

from __future__ import annotations

from dataclasses import replace

from comptoir.connectors.base import EventKind, NetworkEvent
from comptoir.connectors.instagram.comments import read_change
from comptoir.connectors.instagram.objects import is_private, read_objects
from comptoir.connectors.shared.graph.answers import contents
from comptoir.connectors.shared.graph.envelope import Change, Part, is_of_another, parts
from comptoir.connectors.shared.graph.messaging import items, objects
from comptoir.connectors.shared.graph.messaging.handover import holder_of
from comptoir.connectors.shared.once import each_once, unless_empty


def read_body(body: bytes, own_id: str | None, own_app: str = "") -> list[NetworkEvent]:
    """Every event of a body, each once, in its order; ``own_app`` is our app's id. Raises PayloadError for no JSON."""
    found: list[NetworkEvent] = []
    told = contents(body)
    for content in told:
        delivered = parts(content)
        if delivered is not None:
            found += [event for part in delivered for event in _read(part, own_id, own_app)]
        elif is_private(content):
            found += objects.read_objects(content, own_id)
        else:
            found += read_objects(content, own_id)
    return unless_empty(each_once(found), told)


def _read(part: Part, own_id: str | None, own_app: str) -> list[NetworkEvent]:
    if is_of_another(part, own_id):
        return [NetworkEvent(EventKind.IGNORED, reason="of another account than this one")]
    if isinstance(part, Change):
        return [read_change(part, own_id)]
    holder, events = holder_of(part, own_app), items.read_item(part, own_id)
    return [replace(event, holder=holder) for event in events] if holder else events
