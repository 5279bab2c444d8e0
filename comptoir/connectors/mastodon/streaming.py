"""The server's stream of what happens to the account, as server-sent events over one long answer."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, Delivery, Page, TransientError
from comptoir.connectors.mastodon.polling import Poller, delivery_of
from comptoir.connectors.mastodon.server import Server, kept_limits
from comptoir.connectors.shared.cutting import cut_on
from comptoir.connectors.shared.lines import lines_of
from comptoir.connectors.shared.untrusted import inside, mapping, name
from comptoir.core.answers import pieces

#: Two heartbeats (every 15 seconds) and a little: a connection that is silent for longer is dead.
_TIMEOUT = httpx.Timeout(10, read=40)
#: After so many heartbeats the stream ends, so that a round of polling looks at what a stream does not tell.
_HEARTBEATS = 20
_MOST_FRAME_CHARS = 2_000_000
_TOLD = frozenset(["notification", "update", "status.update", "delete"])


def speaks_server_sent_events(credentials: Mapping[str, str]) -> bool:
    """Whether the server streams in a form that we read: GoToSocial has WebSockets only."""
    return "gotosocial" not in (name(kept_limits(credentials).get("software")) or "").lower()


def stream_url(server: Server, credentials: Mapping[str, str]) -> str:
    """Where the stream is: large servers have a host of its own for it."""
    told = name(kept_limits(credentials).get("streaming")) or server.base_url
    return f"{told.replace('wss://', 'https://', 1).replace('ws://', 'http://', 1).rstrip('/')}/api/v1/streaming/user"


def follow(
    server: Server, url: str, poller: Poller, cursor: Mapping[str, Any], stop: threading.Event
) -> Iterator[Page]:
    """First what was said between the last round of polling and the stream's opening, then pages as they happen; the
    cursor stays that of polling, which goes over the same ground again.

    Ends without an error where the server has no such stream. Raises AuthError and TransientError.
    """
    headers = {"Authorization": f"Bearer {server.token}", "Accept": "text/event-stream"}
    try:
        with server.network.http.stream("GET", url, headers=headers, timeout=_TIMEOUT) as response:
            if response.status_code in (401, 403):
                raise AuthError("The server does not let this token listen: sign in to it again.")
            if not response.is_success:
                if response.status_code >= 500 or response.status_code == 429:
                    raise TransientError("The server's stream failed (HTTP %(status)s).", status=response.status_code)
                return
            with cut_on(stop, response):
                told = lines_of(pieces(response, deadline=math.inf), longest=_MOST_FRAME_CHARS)
                for page in poller.missed(cursor):
                    cursor = page.cursor
                    yield page
                yield from _pages(_frames(told), poller.own_id, cursor)
    except httpx.RequestError as error:
        if not stop.is_set():
            raise TransientError("The server's stream was cut (%(error)s).", error=type(error).__name__) from error


def _pages(frames: Iterator[tuple[str, str]], own_id: str, cursor: Mapping[str, Any]) -> Iterator[Page]:
    for event, payload in frames:
        if event in _TOLD and not (event == "update" and not _is_by(payload, own_id)):
            yield Page([_delivery(event, payload)], dict(cursor))


def _delivery(event: str, payload: str) -> Delivery:
    return delivery_of({"event": event, "payload": payload})


def _is_by(payload: str, own_id: str) -> bool:
    """Whether a post of the home timeline is our own: those of accounts that we follow are not said to us."""
    try:
        return name(inside(mapping(json.loads(payload)), "account", "id")) == own_id
    except ValueError:
        return False


def _frames(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Names and payloads, until enough heartbeats have been heard."""
    event, said, beats, size = "", list[str](), 0, 0
    for line in lines:
        if line.startswith(":"):
            beats += 1
            if beats >= _HEARTBEATS:
                return
        elif not line:
            if event:
                yield event, "\n".join(said)
            event, said, size = "", [], 0
        elif line.startswith("event:"):
            event = line[6:].strip()
        elif line.startswith("data:") and size < _MOST_FRAME_CHARS:
            said.append(line[5:].removeprefix(" "))
            size += len(line)
