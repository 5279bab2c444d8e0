"""Whatever Facebook hands out about a Page, as events: deliveries of webhooks and answers of the Graph API."""

from __future__ import annotations

from comptoir.connectors.base import EventKind, NetworkEvent
from comptoir.connectors.facebook.feed import read_change
from comptoir.connectors.facebook.objects import read_objects
from comptoir.connectors.shared.graph.answers import contents
from comptoir.connectors.shared.graph.envelope import Item, Part, is_of_another, parts
from comptoir.connectors.shared.once import each_once, unless_empty

_OF_MESSENGER = "a private message: read by the Page’s Messenger account"
_OF_ANOTHER = "about another Page than this account’s"


def read_body(body: bytes, own_id: str | None) -> list[NetworkEvent]:
    """Every event of a body, each once, in its order. Raises PayloadError where it is no JSON."""
    found: list[NetworkEvent] = []
    told = contents(body)
    for content in told:
        delivered = parts(content)
        if delivered is None:
            found += read_objects(content, own_id)
        else:
            found += [_read(part, own_id) for part in delivered]
    return unless_empty(each_once(found), told)


def _read(part: Part, own_id: str | None) -> NetworkEvent:
    if is_of_another(part, own_id):
        return NetworkEvent(EventKind.IGNORED, reason=_OF_ANOTHER)
    if isinstance(part, Item):
        return NetworkEvent(EventKind.IGNORED, visibility="private", reason=_OF_MESSENGER)
    return read_change(part, own_id)
