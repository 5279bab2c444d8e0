"""Asterisk's REST interface: asking, listening, having it call."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, Delivery, Page, PermanentError, TransientError
from comptoir.connectors.phone.asterisk import OWN_PREFIX, TELLING
from comptoir.connectors.shared.calling import Network, RefusedError
from comptoir.connectors.shared.untrusted import mapping
from comptoir.connectors.shared.websocket import ClosedError, RefusedHandshakeError, connected

_APP = "comptoir"
_PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True)
class Switchboard:
    """One Asterisk, by its ARI user."""

    url: str
    user: str
    password: str
    network: Network

    @classmethod
    def of(cls, credentials: Mapping[str, str], http: httpx.Client) -> Switchboard:
        """The Asterisk that the credentials name. Raises AuthError where they are incomplete."""
        url = credentials.get("ari_url", "").strip().rstrip("/")
        user, password = credentials.get("ari_user", "").strip(), credentials.get("ari_password", "")
        if not (url and user and password):
            raise AuthError("Enter the address of Asterisk's ARI, its user and its password.")
        return cls(url.removesuffix("/ari"), user, password, Network("Asterisk", http))

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Call the interface. Raises what `Network.call` raises."""
        url = f"{self.url}/ari{path}"
        return self.network.call(method, url, repeatable=True, auth=(self.user, self.password), **options).content

    def version(self) -> str:
        """What it says of itself."""
        return str(mapping(mapping(self.call("GET", "/asterisk/info")).get("system")).get("version") or "")

    def listen(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        """Events of all its calls, as they happen. Raises AuthError and TransientError."""
        asked = httpx.QueryParams({"app": _APP, "subscribeAll": "true", "api_key": f"{self.user}:{self.password}"})
        try:
            with connected(self.network.http, f"{self.url}/ari/events?{asked}") as socket:
                while not stop.is_set():
                    event = socket.receive(_PATIENCE_S)
                    if event is not None and _tells(event):
                        yield Page([Delivery(event.encode())], dict(cursor))
        except RefusedHandshakeError as error:
            if error.status in (401, 403):
                raise AuthError("Asterisk does not accept this ARI user and password.") from error
            raise TransientError(
                "Asterisk's events could not be had (HTTP %(status)s).", status=error.status
            ) from error
        except (ClosedError, httpx.TransportError) as error:
            if not stop.is_set():
                raise TransientError(
                    "The connection to Asterisk was cut (%(error)s).", error=type(error).__name__
                ) from error

    def ring(self, to: str, *, agent: str, own_number: str, dialing: Mapping[str, str], key: str) -> str:
        """Ring the agent and, once they answer, go on in the dialplan to ``to``; the call's id, one for one key."""
        call_id = f"{OWN_PREFIX}{key}"
        asked = {
            "endpoint": (dialing.get("agent_endpoint") or "PJSIP/{agent}").replace("{agent}", agent),
            "extension": to,
            "context": dialing.get("dial_context") or "default",
            "priority": "1",
            "callerId": own_number,
            "timeout": "30",
            "channelId": call_id,
        }
        try:
            self.call("POST", "/channels", params=asked)
        except RefusedError as error:
            if error.status == 409:  # it rings already
                return call_id
            if error.status == 400:
                raise PermanentError("Asterisk knows no way to ring %(agent)s.", agent=agent) from error
            raise
        return call_id


def _tells(event: str) -> bool:
    try:
        return mapping(json.loads(event)).get("type") in TELLING
    except (ValueError, RecursionError):
        return False
