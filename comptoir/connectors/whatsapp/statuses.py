"""What became of messages and calls, as WhatsApp's webhooks tell it.

Source: WhatsApp Business Platform, "status messages webhook reference", "Calling API and Webhook Reference".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from comptoir.connectors.base import Author, Call, EventKind, NetworkEvent
from comptoir.connectors.base.events import CallState
from comptoir.connectors.shared.calling import quoting
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, whole
from comptoir.connectors.whatsapp.errors import IN_WORDS
from comptoir.connectors.whatsapp.people import Contacts
from comptoir.core.reasons import Reason

_KINDS = {
    "sent": EventKind.SENT,
    "delivered": EventKind.DELIVERY,
    "read": EventKind.READ,
    "played": EventKind.READ,
    "failed": EventKind.FAILED,
    "deleted": EventKind.DELETE,
}
_STATES: Mapping[str, CallState] = {"RINGING": "ringing", "ACCEPTED": "answered", "REJECTED": "missed"}


def read_statuses(value: Mapping[str, Any]) -> Iterator[NetworkEvent]:
    """Receipts for our messages and for calls we placed."""
    contacts = Contacts(value)
    for status in mappings(value.get("statuses")):
        customer = contacts.person(name(status.get("recipient_id")), name(status.get("recipient_user_id")))
        yield _call_status(status, customer) if name(status.get("type")) == "call" else _status(status, customer)


def read_calls(value: Mapping[str, Any]) -> Iterator[NetworkEvent]:
    """Telephone calls through WhatsApp, from the first ring to the end."""
    contacts = Contacts(value)
    for call in mappings(value.get("calls")):
        is_ours = name(call.get("direction")) == "BUSINESS_INITIATED"
        ends = ("to", "to_user_id") if is_ours else ("from", "from_user_id")
        customer = contacts.person(name(call.get(ends[0])), name(call.get(ends[1])))
        yield NetworkEvent(
            EventKind.CALL,
            direction="outgoing" if is_ours else "incoming",
            visibility="private",
            external_id=name(call.get("id")),
            thread_id=customer.id,
            author=Author(id=name(call.get("from"))) if is_ours else customer,
            counterpart=customer if is_ours else None,
            sent_at=instant(call.get("timestamp")),
            call=_state(call),
        )


def failure(errors: object) -> Reason:
    """Why WhatsApp did not deliver: in our words where they are known, in its own otherwise."""
    told = mapping(next(iter(mappings(errors)), None))
    said = name(inside(told, "error_data", "details")) or name(told.get("message")) or name(told.get("title")) or ""
    code = whole(told.get("code"))
    if code is None:
        return quoting(Reason("WhatsApp did not deliver this message."), said)
    if code in IN_WORDS:
        return Reason(IN_WORDS[code])
    return quoting(Reason("WhatsApp did not deliver this message (error %(code)s).", code=code), said)


def _status(status: Mapping[str, Any], customer: Author) -> NetworkEvent:
    told = name(status.get("status")) or ""
    kind = _KINDS.get(told.lower(), EventKind.IGNORED) if name(status.get("type")) != "payment" else EventKind.IGNORED
    reason: str | None = failure(status.get("errors")) if kind is EventKind.FAILED else None
    if kind is EventKind.IGNORED:
        reason = f"the status “{told[:50]}” says nothing of a message"
    return NetworkEvent(
        kind,
        direction="outgoing",
        visibility="private",
        target_id=name(status.get("id")),
        thread_id=customer.id,
        author=customer,
        sent_at=instant(status.get("timestamp")),
        reason=reason,
    )


def _call_status(status: Mapping[str, Any], customer: Author) -> NetworkEvent:
    state = _STATES.get((name(status.get("status")) or "").upper(), "ended")
    return NetworkEvent(
        EventKind.CALL,
        direction="outgoing",
        visibility="private",
        external_id=name(status.get("id")),
        thread_id=customer.id,
        counterpart=customer,
        sent_at=instant(status.get("timestamp")),
        call=Call(state),
    )


def _state(call: Mapping[str, Any]) -> Call:
    """How a call stands: ringing until it ends, and missed where nobody spoke."""
    if name(call.get("event")) != "terminate":
        return Call("ringing")
    seconds = whole(call.get("duration"))
    lasted = timedelta(seconds=seconds) if seconds is not None and 0 <= seconds < 10**7 else None
    return Call("ended" if lasted else "missed", lasted)
