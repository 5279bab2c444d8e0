"""Our own number or messaging service at Twilio: where it delivers, what it already holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Delivery, Page, PermanentError
from comptoir.connectors.shared.twilio import TwilioAccount, next_page
from comptoir.connectors.shared.untrusted import instant, mapping, mappings, name

_SERVICES = "https://messaging.twilio.com/v1/Services"


def deliver_to(account: TwilioAccount, sender: str, url: str) -> None:
    """Have what comes in, and what becomes of what goes out, delivered to ``url``."""
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
    if sender.startswith("MG"):
        service = mapping(account.call("GET", f"{_SERVICES}/{sender}").content)
        return service.get("inbound_request_url") == url
    return account.number(sender).get("sms_url") == url


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
