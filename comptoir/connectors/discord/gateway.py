"""The gateway: Discord's stream of what happens where the bot is (https://discord.com/developers/docs/events/gateway)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, Delivery, Page, PermanentError, TransientError
from comptoir.connectors.discord.api import Api
from comptoir.connectors.shared.untrusted import flag, inside, mapping, name, number, whole
from comptoir.connectors.shared.websocket import ClosedError, RefusedHandshakeError, WebSocket, connected

#: Servers' and private messages and reactions, and what messages say (a privilege that the portal gives).
INTENTS = (1 << 9) | (1 << 10) | (1 << 12) | (1 << 13) | (1 << 15)
_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME, _RECONNECT, _INVALID, _HELLO, _ACKNOWLEDGED = 0, 1, 2, 6, 7, 9, 10, 11
_TOLD = frozenset(
    ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "MESSAGE_REACTION_ADD",
     "MESSAGE_REACTION_REMOVE"]
)  # fmt: skip
_PATIENCE_S = 1.0
_HELLO_PATIENCE_S = 10.0


@dataclass(slots=True)
class Session:
    """What lets an interrupted stream go on where it broke off."""

    id: str | None = None
    url: str | None = None
    sequence: int | None = None

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> Session:
        kept = mapping(cursor.get("session"))
        return cls(name(kept.get("id")), name(kept.get("url")), whole(kept.get("sequence")))

    def as_cursor(self) -> dict[str, Any]:
        return {"id": self.id, "url": self.url, "sequence": self.sequence}


class Gateway:
    """One connection, from its greeting to its end."""

    def __init__(self, api: Api, cursor: Mapping[str, Any]) -> None:
        self.api = api
        self.cursor = dict(cursor)
        self.session = Session.of(cursor)
        self.beats_every_s = 41.0
        self.acknowledged = True

    def pages(self, stop: threading.Event) -> Iterator[Page]:
        """What happens, until ``stop`` or the connection's end. Raises AuthError, PermanentError, TransientError."""
        url = self.session.url or name(mapping(self.api.get("/gateway/bot")).get("url")) or "wss://gateway.discord.gg"
        try:
            with connected(self.api.network.http, f"{url}/?v=10&encoding=json") as socket:
                self._greet(socket)
                yield from self._listen(socket, stop)
        except ClosedError as error:
            self._closed(error.code)
        except RefusedHandshakeError as error:
            raise TransientError("Discord's gateway failed (HTTP %(status)s).", status=error.status) from error
        except httpx.TransportError as error:
            if not stop.is_set():
                raise TransientError(
                    "The connection to Discord was cut (%(error)s).", error=type(error).__name__
                ) from error

    def _greet(self, socket: WebSocket) -> None:
        hello = _frame(socket.receive(_HELLO_PATIENCE_S))
        if hello.get("op") != _HELLO:
            raise TransientError("Discord's gateway does not greet.")
        interval = number(inside(hello, "d", "heartbeat_interval"))
        self.beats_every_s = min(max((interval or 41_250) / 1000, 1.0), 300.0)
        if self.session.id is not None and self.session.sequence is not None:
            said: dict[str, Any] = {
                "token": self.api.token, "session_id": self.session.id, "seq": self.session.sequence,
            }  # fmt: skip
            socket.send(json.dumps({"op": _RESUME, "d": said}))
            return
        properties = {"os": "linux", "browser": "comptoir", "device": "comptoir"}
        said = {"token": self.api.token, "intents": INTENTS, "properties": properties}
        socket.send(json.dumps({"op": _IDENTIFY, "d": said}))

    def _listen(self, socket: WebSocket, stop: threading.Event) -> Iterator[Page]:
        # A stopwatch, not a clock: the protocol wants a heartbeat every so many seconds.
        beat_at = time.monotonic() + self.beats_every_s * 0.5
        while not stop.is_set():
            frame = _frame(socket.receive(_PATIENCE_S))
            if time.monotonic() >= beat_at:
                if not self.acknowledged:
                    raise TransientError("Discord's gateway no longer answers.")
                self._beat(socket)
                beat_at = time.monotonic() + self.beats_every_s * 0.9
            operation = whole(frame.get("op"))
            if operation == _RECONNECT:
                return
            if operation == _INVALID:
                if not flag(frame.get("d")):
                    yield self._forgotten()
                return
            if operation == _HEARTBEAT:
                self._beat(socket)
            elif operation == _ACKNOWLEDGED:
                self.acknowledged = True
            elif operation == _DISPATCH:
                yield from self._told(frame)

    def _beat(self, socket: WebSocket) -> None:
        socket.send(json.dumps({"op": _HEARTBEAT, "d": self.session.sequence}))
        self.acknowledged = False

    def _told(self, frame: Mapping[str, Any]) -> Iterator[Page]:
        self.session.sequence = whole(frame.get("s")) or self.session.sequence
        content = mapping(frame.get("d"))
        if frame.get("t") == "READY":
            self.session.id = name(content.get("session_id"))
            self.session.url = name(content.get("resume_gateway_url"))
        deliveries = [Delivery(json.dumps(frame, default=str).encode())] if frame.get("t") in _TOLD else []
        if deliveries or frame.get("t") in ("READY", "RESUMED"):
            self.cursor |= {"session": self.session.as_cursor()}
            yield Page(deliveries, dict(self.cursor))

    def _forgotten(self) -> Page:
        """The session cannot be taken up again: the next round begins a new one, after polling."""
        self.cursor.pop("session", None)
        return Page([], dict(self.cursor))

    def _closed(self, code: int) -> None:
        if code == 4004:
            raise AuthError("Discord does not accept this bot's token: make a new one in the developer portal.")
        if code in (4013, 4014):
            raise PermanentError("Discord does not tell the bot what messages say: switch on “Message Content Intent”.")
        raise TransientError("Discord's gateway closed the connection (%(code)s).", code=code)


def _frame(said: str | None) -> Mapping[str, Any]:
    try:
        return mapping(json.loads(said)) if said else {}
    except (ValueError, RecursionError):
        return {}
