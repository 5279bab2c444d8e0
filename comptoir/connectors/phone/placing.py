"""Having Twilio ring an agent and then a customer; reading and setting up what it knows of our number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from comptoir.connectors.base import Delivery, Page, PermanentError, UncertainError
from comptoir.connectors.shared.twilio import TwilioAccount, next_page
from comptoir.connectors.shared.untrusted import instant, mapping, mappings, name

_E164 = re.compile(r"\+[1-9]\d{5,14}")


def check_number(number: str) -> str:
    """The number. Raises PermanentError unless it is written as E.164."""
    if not _E164.fullmatch(number):
        raise PermanentError("“%(number)s” is not a telephone number in international form.", number=number)
    return number


def ring_by_twilio(account: TwilioAccount, own_number: str, callback_url: str, *, to: str, agent: str) -> str:
    """Ring the agent; the call to the customer is what is reported, under the first call's id."""
    form = {"To": check_number(agent), "From": own_number, "Twiml": _instructions(own_number, callback_url, to)}
    call = mapping(account.call("POST", "/Calls.json", repeatable=False, data=form).content)
    identifier = name(call.get("sid"))
    if identifier is None:
        raise UncertainError("Twilio took the call without saying under which id it keeps it.")
    return identifier


def _instructions(own_number: str, callback_url: str, to: str) -> str:
    """TwiML: what Twilio does once the agent has answered."""
    told = "" if not callback_url else (
        f" statusCallback={quoteattr(callback_url)} statusCallbackEvent=\"initiated ringing answered completed\""
    )  # fmt: skip
    number = f"<Number{told}>{escape(check_number(to))}</Number>"
    return f'<Response><Dial callerId={quoteattr(own_number)} answerOnBridge="true">{number}</Dial></Response>'


def report_to(account: TwilioAccount, number: str, url: str) -> None:
    """Have what becomes of our number's calls told to ``url``; what is done with a call stays as it is set up."""
    sid = name(account.number(number).get("sid"))
    if sid is None:
        raise PermanentError("This Twilio account has no number %(number)s.", number=number)
    form = {"StatusCallback": url, "StatusCallbackMethod": "POST"}
    account.call("POST", f"/IncomingPhoneNumbers/{sid}.json", repeatable=True, data=form)


def reports_to(account: TwilioAccount, number: str, url: str) -> bool:
    """Whether calls are told to ``url`` now."""
    return account.number(number).get("status_callback") == url


def past_calls(account: TwilioAccount, number: str, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Calls from and to our number back to ``since``, the newest first."""
    following = name(cursor.get("next"))
    asked = {"StartTime>": since.date().isoformat(), "PageSize": 100}
    while True:
        answer = account.call("GET", following) if following else account.call("GET", "/Calls.json", params=asked)
        page = mapping(answer.content)
        ours = [
            one for one in mappings(page.get("calls"))
            if number in (one.get("from"), one.get("to")) and (instant(one.get("start_time")) or since) >= since
        ]  # fmt: skip
        following = next_page(page)
        if ours:
            yield Page([Delivery(json.dumps({"calls": ours}, default=str).encode())], {"next": following})
        if following is None:
            return
