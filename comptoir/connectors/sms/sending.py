"""Our answers, by Twilio or by a gateway that takes JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, Outgoing, OutgoingFile, PermanentError, Sent, UncertainError
from comptoir.connectors.shared.calling import Network
from comptoir.connectors.shared.opting_out import OPTED_OUT
from comptoir.connectors.shared.twilio import TwilioAccount, next_page
from comptoir.connectors.shared.untrusted import instant, mapping, mappings, name, whole
from comptoir.connectors.sms.addresses import addresses_of, bare, reached_from
from comptoir.connectors.sms.choices import template_with
from comptoir.connectors.sms.fields import Fields, plain_name
from comptoir.core.reasons import Reason

REFUSED = Reason("The customer has asked not to be written to by SMS any more (STOP).")
_CLOCKS_DIFFER = timedelta(minutes=2)
_MOST_PAGES = 5
_ANSWERED_ID = ("messageid", "messageuuid", "msgid", "smsid", "id", "sid", "uuid", "reference")


def check(outgoing: Outgoing) -> str:
    """The customer's number. Raises PermanentError where they may not be written to, or nothing is to be said."""
    if outgoing.parent_custom.get(OPTED_OUT):
        raise PermanentError(REFUSED)
    if not outgoing.text.strip() and not outgoing.files:
        raise PermanentError("There is no text to send.")
    number = outgoing.thread_id or outgoing.recipient.id
    if not number:
        raise PermanentError("There is no number to send to.")
    return number


# --- Twilio -------------------------------------------------------------------------------------------------------


def send_by_twilio(account: TwilioAccount, sender: str, callback_url: str, outgoing: Outgoing) -> Sent:
    """Send by Twilio, which fetches the files and says later what became of it."""
    form: dict[str, Any] = {"To": reached_from(sender, check(outgoing)), **_sender(sender)}
    media = [_address(one) for one in outgoing.files]
    if outgoing.choices:
        form |= template_with(account, outgoing, media)
    else:
        form |= ({"Body": outgoing.text} if outgoing.text else {}) | ({"MediaUrl": media} if media else {})
    if callback_url:
        form["StatusCallback"] = callback_url
    return _sent(mapping(account.call("POST", "/Messages.json", repeatable=False, data=form).content))


def _sender(sender: str) -> dict[str, str]:
    """A number of ours, or a messaging service, which chooses one (or an RCS agent)."""
    return {"MessagingServiceSid": sender} if sender.startswith("MG") else {"From": sender}


def _address(file: OutgoingFile) -> str:
    if not file.public_url:
        raise PermanentError(
            "%(network)s fetches files from a public https address, and this counter has none: set COMPTOIR_BASE_URL.",
            network="Twilio",
        )
    return file.public_url


def find_at_twilio(account: TwilioAccount, sender: str, outgoing: Outgoing) -> Sent | None:
    """The message that an interrupted attempt left: to the same number, the same words and as many files, not older."""
    for address in addresses_of(sender, check(outgoing)):
        found = _found(account, address, outgoing)
        if found is not None:
            return found
    return None


def _found(account: TwilioAccount, address: str, outgoing: Outgoing) -> Sent | None:
    since = outgoing.queued_at.astimezone(UTC) - _CLOCKS_DIFFER
    asked: dict[str, Any] = {"To": address, "DateSent>": since.date().isoformat(), "PageSize": 100}
    page = mapping(account.call("GET", "/Messages.json", params=asked).content)
    for _page in range(_MOST_PAGES):
        for message in mappings(page.get("messages")):
            made_at = instant(message.get("date_created"))
            if made_at is None or made_at < since:
                continue
            if _says(message, outgoing):
                return _sent(message)
            if outgoing.choices:  # whether Twilio lists the words of a template is nowhere said
                raise UncertainError("Something was sent to this number since: look at Twilio whether it is this.")
        following = next_page(page)
        if following is None:
            return None
        page = mapping(account.call("GET", following).content)
    raise UncertainError("So much was sent to this number that Twilio's lists do not show whether it arrived.")


def _says(message: Mapping[str, Any], outgoing: Outgoing) -> bool:
    files = whole(message.get("num_media")) or 0
    return (name(message.get("body")) or "") == outgoing.text and files == len(outgoing.files)


def _sent(message: Mapping[str, Any]) -> Sent:
    identifier = name(message.get("sid"))
    if identifier is None:
        raise UncertainError("Twilio took the message without saying under which id it keeps it.")
    return Sent(identifier, instant(message.get("date_created")), thread_id=bare(name(message.get("to")) or "") or None)


# --- a gateway that takes JSON ------------------------------------------------------------------------------------


def send_by_gateway(http: httpx.Client, credentials: Mapping[str, str], outgoing: Outgoing) -> Sent:
    """Post {"to", "from", "text", "reference"}; the answer's id, where it has one, is the message's."""
    number = check(outgoing)
    url, token = credentials.get("send_url", "").strip(), credentials.get("send_token", "").strip()
    if not url:
        raise AuthError("Enter the address to which the gateway takes messages.")
    headers = {"Idempotency-Key": outgoing.key} | ({"Authorization": f"Bearer {token}"} if token else {})
    body = {
        "to": number, "from": credentials.get("sender", "").strip(), "text": outgoing.text, "reference": outgoing.key,
    }  # fmt: skip
    network = Network(Reason("The SMS gateway"), http)
    answer = network.call("POST", url, repeatable=False, json=body, headers=headers).content
    told = Fields({plain_name(key): value for key, value in mapping(_innermost(answer)).items()})
    return Sent(name(told.said(*_ANSWERED_ID)) or outgoing.key, thread_id=number)


def _innermost(answer: object) -> object:
    """Gateways wrap what they answer: {"data": {…}}, {"messages": [{…}]}."""
    for _layer in range(4):
        if isinstance(answer, list) and answer:
            answer = answer[0]
        inner = next((mapping(answer).get(key) for key in ("data", "messages", "message", "results", "sms")
                      if isinstance(mapping(answer).get(key), dict | list)), None)  # fmt: skip
        if not inner:
            break
        answer = inner
    return answer
