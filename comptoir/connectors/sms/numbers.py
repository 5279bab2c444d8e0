"""Our own number or messaging service at Twilio: where it delivers, what it already holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Delivery, Page, PermanentError
from comptoir.connectors.shared.twilio import TwilioAccount, next_page
from comptoir.connectors.shared.untrusted import instant, mapping, mappings, name
from comptoir.connectors.sms.addresses import is_rcs

_SENDERS = "https://messaging.twilio.com/v2/Channels/Senders"
_SERVICES = "https://messaging.twilio.com/v1/Services"


def deliver_to(account: TwilioAccount, sender: str, url: str) -> None:
    """Have what comes in, and what becomes of what goes out, delivered to ``url``."""
    if is_rcs(sender):
        _deliver_to_rcs(account, sender, url)
        return
    if sender.startswith("MG"):
        form = {"InboundRequestUrl": url, "InboundMethod": "POST", "StatusCallback": url}
        account.call("POST", f"{_SERVICES}/{sender}", repeatable=True, data=form)
        return
    sid = name(account.number(sender).get("sid"))
    if sid is None:
        raise PermanentError("This Twilio account has no number %(number)s.", number=sender)
    form = {"SmsUrl": url, "SmsMethod": "POST"}
    account.call("POST", f"/IncomingPhoneNumbers/{sid}.json", repeatable=True, data=form)


def delivers_to(account: TwilioAccount, sender: str, url: str) -> bool:
    """Whether what comes in is delivered to ``url`` now."""
    if is_rcs(sender):
        return mapping(_rcs_sender(account, sender).get("webhook")).get("callback_url") == url
    if sender.startswith("MG"):
        service = mapping(account.call("GET", f"{_SERVICES}/{sender}").content)
        return service.get("inbound_request_url") == url
    return account.number(sender).get("sms_url") == url


def _deliver_to_rcs(account: TwilioAccount, sender: str, url: str) -> None:
    """An RCS sender has addresses of its own (Senders API, v2)."""
    sid = name(_rcs_sender(account, sender).get("sid"))
    if sid is None:
        raise PermanentError("This Twilio account has no RCS sender %(sender)s.", sender=sender)
    hooks = {"callback_url": url, "callback_method": "POST"}
    told = {"webhook": {**hooks, "status_callback_url": url, "status_callback_method": "POST"}}
    account.call("POST", f"{_SENDERS}/{sid}", repeatable=True, json=told)


def _rcs_sender(account: TwilioAccount, sender: str) -> Mapping[str, Any]:
    """What Twilio says of one RCS sender of the account; empty where it has none such."""
    listed = mapping(account.call("GET", _SENDERS, params={"Channel": "rcs", "PageSize": 100}).content)
    named = (one for one in mappings(listed.get("senders")) if _same(one.get("sender_id"), sender))
    return next(named, {})


def _same(listed: object, sender: str) -> bool:
    return (name(listed) or "").lower().removeprefix("rcs:") == sender.lower().removeprefix("rcs:")


def past_messages(account: TwilioAccount, sender: str, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Messages from and to our number back to ``since``, the newest first."""
    following = name(cursor.get("next"))
    asked = {"DateSent>": since.date().isoformat(), "PageSize": 100}
    while True:
        answer = account.call("GET", following) if following else account.call("GET", "/Messages.json", params=asked)
        page = mapping(answer.content)
        ours = [
            one for one in mappings(page.get("messages"))
            if sender in (one.get("from"), one.get("to"), one.get("messaging_service_sid"))
            and (instant(one.get("date_created")) or since) >= since
        ]  # fmt: skip
        following = next_page(page)
        if ours:
            yield Page([Delivery(json.dumps({"messages": ours}, default=str).encode())], {"next": following})
        if following is None:
            return
