"""Each event of a payload once: networks repeat themselves within one delivery."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from comptoir.connectors.base import NetworkEvent


def each_once(events: Iterable[NetworkEvent]) -> list[NetworkEvent]:
    """The events in their order, the first of each: one that has an id is told by it, any other by all it says."""
    first: dict[Hashable, NetworkEvent] = {}
    for event in events:
        first.setdefault(_mark(event), event)
    return list(first.values())


def _mark(event: NetworkEvent) -> Hashable:
    if event.external_id:
        return event.event, event.id_scope, event.external_id
    return repr(event)
