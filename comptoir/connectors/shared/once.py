"""Each event of a payload once: networks repeat themselves within one delivery."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from comptoir.connectors.base import EventKind, NetworkEvent


def each_once(events: Iterable[NetworkEvent]) -> list[NetworkEvent]:
    """The events in their order, the first of each: one that has an id is told by it, any other by all it says.

    A call has one id however far it goes on: it stands as it was told last.
    """
    first: dict[Hashable, NetworkEvent] = {}
    for event in events:
        mark = _mark(event)
        if mark not in first or event.call is not None:
            first[mark] = event
    return list(first.values())


def _mark(event: NetworkEvent) -> Hashable:
    if event.external_id:
        return event.event, event.id_scope, event.external_id
    return repr(event)


def unless_empty(events: list[NetworkEvent], content: object, *, sends: Sequence[object] = ()) -> list[NetworkEvent]:
    """The events; of a body that holds nothing at all, one that says so.

    ``sends``: what of this the network itself sends, as its empty page ({} or []): it needs no word.
    """
    if events or not _is_blank(content) or content in sends:
        return events
    return [NetworkEvent(EventKind.IGNORED, reason="The body is empty: it holds nothing at all.")]


def _is_blank(content: object) -> bool:
    """Whether nothing stands in it but empty objects and lists."""
    waiting = [content]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif not isinstance(one, dict) or one:
            return False
    return True
