"""Whatever WhatsApp hands out for a number, as events: deliveries, of partners also without an envelope."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.shared.graph.answers import contents
from comptoir.connectors.shared.graph.envelope import Change, Part, parts
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import inside, mapping, mappings, name
from comptoir.connectors.whatsapp.messages import read_echoes, read_history, read_messages
from comptoir.connectors.whatsapp.people import company_of, renamed
from comptoir.connectors.whatsapp.statuses import failure, read_calls, read_statuses

_ECHOES = ("message_echoes", "smb_message_echoes")


def read_body(body: bytes, own_id: str | None) -> list[NetworkEvent]:
    """Every event of a body, each once, in its order. Raises PayloadError where it is no JSON."""
    found: list[NetworkEvent] = []
    told = contents(body)
    for content in told:
        for part in _parts(content):
            found += _read(part, own_id)
    return unless_empty(each_once(found), told)


def _parts(content: object) -> list[Part]:
    """The changes of a delivery; partners (360dialog) and the dashboard's samples give what a change holds alone."""
    delivered = parts(content)
    if delivered is not None:
        return delivered
    bare = [content] if isinstance(content, dict) else mappings(content)
    return [Change(None, None, name(one.get("event")) or "messages", _value(one)) for one in bare]


def _value(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """A change's value that stands alone; a single message is put among messages."""
    if isinstance(one.get("data"), dict):
        return mapping(one["data"])
    is_message = "id" in one and "timestamp" in one and ("type" in one or "from" in one)
    if is_message and "status" in one:
        return {"statuses": [one]}
    return {"messages": [one]} if is_message else one


def _numbers(value: Mapping[str, Any]) -> tuple[str, ...]:
    """Our telephone number as people write it: who tries a delivery may know it, and not the number's id."""
    digits = re.sub(r"\D", "", name(inside(value, "metadata", "display_phone_number")) or "")
    return (digits, f"+{digits}") if digits else ()


def _read(part: Part, own_id: str | None) -> list[NetworkEvent]:
    if not isinstance(part, Change):
        return [NetworkEvent(EventKind.IGNORED, reason="an event of Messenger or Instagram")]
    value, here = part.value, company_of(part.value).phone_number_id
    if own_id and here and own_id not in (here, *_numbers(value)):
        return [NetworkEvent(EventKind.IGNORED, reason="about another number than this account’s")]
    found = [*_said(value)]
    return found or _updates(part) or [_nothing(part)]


def _said(value: Mapping[str, Any]) -> list[NetworkEvent]:
    if _is_answer(value):
        return [_accepted(one) for one in mappings(value.get("messages"))]
    found = [*read_messages(value)]
    for key in _ECHOES:
        found += read_echoes(value, key)
    return [*found, *read_history(value), *read_statuses(value), *read_calls(value)]


def _is_answer(value: Mapping[str, Any]) -> bool:
    """Whether this is what WhatsApp answers us when we send: ids alone."""
    messages = mappings(value.get("messages"))
    return bool(messages) and all("id" in one and not ({"from", "type", "timestamp"} & one.keys()) for one in messages)


def _accepted(one: Mapping[str, Any]) -> NetworkEvent:
    return NetworkEvent(EventKind.SENT, direction="outgoing", visibility="private", target_id=name(one.get("id")))


def _updates(part: Change) -> list[NetworkEvent]:
    """Customers who have another user_id now, as partners still tell it; Meta tells it by a system message."""
    reason = f"the account’s “{part.field}” changed: nobody said anything"
    told = mappings(part.value.get("user_id_update"))
    names = [{"wa_id": one.get("wa_id"), "previous_user_id": inside(one, "user_id", "previous"),
              "user_id": inside(one, "user_id", "current")} for one in told]  # fmt: skip
    people = [renamed(Author(id=name(one["wa_id"])), one) for one in names]
    return [NetworkEvent(EventKind.IGNORED, author=person, reason=reason) for person in people]


def _nothing(part: Change) -> NetworkEvent:
    """A change of the account: its templates, its quality, its groups, what customers allow."""
    if mappings(part.value.get("errors")):
        return NetworkEvent(EventKind.IGNORED, reason=f"WhatsApp told an error: {failure(part.value['errors'])}")
    told = name(part.value.get("event")) or name(inside(part.value, "type"))
    what = f"{part.field}: {told[:80]}" if told else part.field
    return NetworkEvent(EventKind.IGNORED, reason=f"the account’s “{what}” changed: nobody said anything")
