"""Twilio, by which several channels run: its signatures, its API, its error codes.

Written for the API version 2010-04-01 (https://www.twilio.com/docs/usage/api).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, HookRequest, SignatureError, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of
from comptoir.connectors.shared.signing import same
from comptoir.connectors.shared.untrusted import inside, mapping, mappings, name, text, whole
from comptoir.core.reasons import Reason

API = "https://api.twilio.com"
#: Where its recordings and files lie, and where it sends whoever asks for them.
MEDIA_HOSTS = ("twilio.com", "twiliocdn.com", "amazonaws.com")
_VERSION = "2010-04-01"
_MOST_FIELDS = 2000
#: Codes after which nothing works with these credentials, and those that pass by themselves.
_AUTH_CODES = frozenset([20003, 20006, 20404, 10001])
_PASSING_CODES = frozenset([20429, 14107, 30001])
#: What Twilio's codes mean where a person can do something about it.
_MEANINGS = {
    21211: Reason("This is not a telephone number that can be reached."),
    21214: Reason("This is not a telephone number that can be reached."),
    21408: Reason("The Twilio account may not write to this country: allow it in its geographic permissions."),
    21606: Reason("Our number cannot send to this country or this kind of number."),
    21610: Reason("The customer has asked not to be written to by SMS any more (STOP)."),
    21612: Reason("Our number cannot send to this country or this kind of number."),
    21614: Reason("This number cannot receive an SMS: it is not a mobile's."),
    21617: Reason("The text is longer than Twilio takes (1,600 characters): shorten it."),
}


# --- signatures ---------------------------------------------------------------------------------------------------


def check_signature(auth_token: str, request: HookRequest) -> None:
    """Raise SignatureError unless the request is Twilio's.

    Signed is the address with the fields of a form behind it, sorted, by HMAC-SHA1; of another body the address, which
    then names the body's SHA-256. Whether the address names its port differs, so that both are tried.
    """
    if not auth_token:
        raise SignatureError("This account has no signing secret: nothing can be verified.")
    given = request.headers.get("x-twilio-signature", "").strip()
    fields = b"" if request.method == "GET" else request.body
    is_form = "json" not in request.headers.get("content-type", "")
    wanted_hash = request.query.get("bodySHA256", "")
    if wanted_hash and not same(hashlib.sha256(request.body).hexdigest(), wanted_hash.lower()):
        raise SignatureError("The signature does not fit the body and this account's secret.")
    signed = _sorted_fields(fields) if is_form and not wanted_hash else ""
    if not is_form and not wanted_hash and request.body:
        raise SignatureError("The signature does not fit the body and this account's secret.")
    if not any(same(_signature(auth_token, url + signed), given) for url in _ways_to_write(request.url)):
        raise SignatureError("The signature does not fit the body and this account's secret.")


def _signature(auth_token: str, signed: str) -> str:
    digest = hmac.new(auth_token.encode(), signed.encode("utf-8", "replace"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _sorted_fields(body: bytes) -> str:
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise SignatureError("The signature does not fit the body and this account's secret.") from error
    return "".join(field + value for field, value in sorted(set(pairs)))


def _ways_to_write(url: str) -> Iterator[str]:
    """The address as it is, without its port, and with the usual one."""
    yield url
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return
    yield urlunsplit(parts._replace(netloc=host))
    yield urlunsplit(parts._replace(netloc=f"{host}:{port}"))


# --- the API ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """One account of Twilio, called with its own token."""

    sid: str
    auth_token: str
    network: Network

    @classmethod
    def of(cls, credentials: Mapping[str, str], http: httpx.Client) -> TwilioAccount:
        """The account that the credentials name. Raises AuthError where they are incomplete."""
        sid, token = credentials.get("account_sid", "").strip(), credentials.get("auth_token", "").strip()
        if not sid.isalnum() or not token:
            raise AuthError("Enter the Twilio account's SID and its auth token.")
        return cls(sid, token, Network("Twilio", http, _judge))

    def call(self, method: str, path: str, *, repeatable: bool | None = None, **options: Any) -> Answered:
        """Call ``path`` under the account ("Messages.json"), or a whole address. Raises what `Network.call` raises."""
        url = path if path.startswith("https://") else f"{API}/{_VERSION}/Accounts/{self.sid}{path}"
        return self.network.call(method, url, repeatable=repeatable, auth=(self.sid, self.auth_token), **options)

    def described(self) -> Mapping[str, Any]:
        """What Twilio says of the account itself."""
        return mapping(self.call("GET", ".json").content)

    def number(self, number: str) -> Mapping[str, Any]:
        """What Twilio says of one of the account's own numbers; empty where it has none such."""
        found = self.call("GET", "/IncomingPhoneNumbers.json", params={"PhoneNumber": number}).content
        return next(iter(mappings(mapping(found).get("incoming_phone_numbers"))), {})

    def authorization(self) -> str:
        """The header with which the account's own files are fetched."""
        return "Basic " + base64.b64encode(f"{self.sid}:{self.auth_token}".encode()).decode()


def next_page(page: Mapping[str, Any]) -> str | None:
    """The address of a listing's next page."""
    uri = name(page.get("next_page_uri"))
    return f"{API}{uri}" if uri and uri.startswith("/") else None


def _judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    code = whole(mapping(content).get("code"))
    if response.is_success or code is None:
        return None
    if response.status_code == 401 or code in _AUTH_CODES:
        return AuthError("Twilio does not accept this account's SID and token.")
    if code in _PASSING_CODES:
        return TransientError("Twilio asks us to slow down (rate limit).", retry_after=pause_of(response))
    if response.status_code >= 500 or response.status_code == 429:
        return None
    said = text(inside(content, "message")) or ""
    reason = _MEANINGS.get(code) or Reason("Twilio refused (%(code)s): “%(said)s”.", code=code, said=said)
    return RefusedError(reason, status=response.status_code, code=str(code))
