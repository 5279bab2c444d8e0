"""Whatever tells of calls, read as events: forms, JSON, events of Asterisk one at a time or a whole stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comptoir.connectors.base import Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.phone.asterisk import is_ami, is_ari, packets, read_ami, read_ari
from comptoir.connectors.phone.calls import News, event_of, last_of_each
from comptoir.connectors.phone.fields import documents, read_form, unwrapped
from comptoir.connectors.phone.providers import read_call
from comptoir.connectors.shared.untrusted import name, text

#: What is told of a call, or the kind of a thing that tells nothing of one.
Told = News | str


def read_delivery(delivery: Delivery, own_number: str | None) -> list[NetworkEvent]:
    """One event for each call, as it stands at the end of the delivery; one for each kind of thing that tells nothing.

    Raises PayloadError.
    """
    told = list(_told(delivery, own_number))
    calls = last_of_each(one for one in told if isinstance(one, News))
    quiet = dict.fromkeys(one for one in told if isinstance(one, str))
    ignored = [NetworkEvent(EventKind.IGNORED, reason=f"Nothing about how a call stands ({kind}).") for kind in quiet]
    return [event_of(one, own_number) for one in calls] + ignored or [
        NetworkEvent(EventKind.IGNORED, reason="An empty list.")
    ]


def _told(delivery: Delivery, own_number: str | None) -> Iterator[Told]:
    body = delivery.body.lstrip(b"\xef\xbb\xbf").strip()
    if is_ami(body):
        for packet in packets(body):
            yield read_ami(packet) or (packet.get("event") or packet.get("response") or "a line")[:60]
    elif body[:1] in (b"{", b"["):
        for document in documents(body):
            yield from _of_json(document, own_number)
    elif b"=" in body[:200] and not body.startswith(b"<"):
        fields = read_form(body)
        yield read_call(fields, own_number) or "a form"
    else:
        raise PayloadError("The body is neither JSON, nor a form, nor events of Asterisk.")


def _of_json(document: Any, own_number: str | None) -> Iterator[Told]:
    entries = document if isinstance(document, list) else [document]
    for entry in entries:
        if isinstance(entry, dict) and is_ari(entry):
            yield read_ari(entry) or (name(entry.get("type")) or "an event")[:60]
            continue
        found = list(unwrapped(entry))
        for fields in found:
            yield (
                read_call(fields, own_number)
                or (text(fields.get("event")) or text(fields.get("type")) or "no kind")[:60]
            )
        if not found:
            yield "no object"
