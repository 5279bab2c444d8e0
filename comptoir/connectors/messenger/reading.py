"""Whatever the Messenger Platform hands out for a Page, as events: deliveries, and answers of the Conversations API."""

from __future__ import annotations

from dataclasses import replace

from comptoir.connectors.base import EventKind, NetworkEvent
from comptoir.connectors.shared.graph.answers import contents
from comptoir.connectors.shared.graph.envelope import Change, Part, is_of_another, parts
from comptoir.connectors.shared.graph.messaging.handover import holder_of
from comptoir.connectors.shared.graph.messaging.items import read_item
from comptoir.connectors.shared.graph.messaging.objects import read_objects
from comptoir.connectors.shared.once import each_once, unless_empty

_OF_FACEBOOK = frozenset({"feed", "mention", "ratings"})


def read_body(body: bytes, own_id: str | None, own_app: str = "") -> list[NetworkEvent]:
    """Every event of a body, each once, in its order; ``own_app`` is our app's id. Raises PayloadError for no JSON."""
    found: list[NetworkEvent] = []
    told = contents(body)
    for content in told:
        delivered = parts(content)
        if delivered is None:
            found += read_objects(content, own_id)
        else:
            found += [event for part in delivered for event in _read(part, own_id, own_app)]
    return unless_empty(each_once(found), told)


def _read(part: Part, own_id: str | None, own_app: str) -> list[NetworkEvent]:
    if is_of_another(part, own_id):
        return [NetworkEvent(EventKind.IGNORED, reason="of another Page than this account’s")]
    if isinstance(part, Change):
        return [_ignored(part)]
    holder, events = holder_of(part, own_app), read_item(part, own_id)
    return [replace(event, holder=holder) for event in events] if holder else events


def _ignored(change: Change) -> NetworkEvent:
    if change.field in _OF_FACEBOOK:
        why = f"said in public (“{change.field}”): read by the Page’s Facebook account"
        return NetworkEvent(EventKind.IGNORED, visibility="public", reason=why)
    return NetworkEvent(EventKind.IGNORED, reason=f"the field “{change.field}” changed: nobody said anything")
