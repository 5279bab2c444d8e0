"""The ASGI application: the stream of live updates (server-sent events) and who looks at what; nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402  # Django is set up first
from django.http.request import split_domain_port, validate_host  # noqa: E402  # as above

from comptoir.config.streaming.audience import listener_of, looked_up  # noqa: E402  # as above
from comptoir.config.streaming.hub import BEAT_S, Hub, Stream  # noqa: E402  # as above
from comptoir.config.streaming.record import Seen  # noqa: E402  # as above
from comptoir.config.streaming.telling import MOST_BYTES, word_of  # noqa: E402  # as above

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_BEAT = b": beat\nevent: beat\ndata:\n\n"
#: What a browser tells is a few dozen bytes.
_TELLING_S = 10.0
_hub = Hub()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Streams at any path that ends in /live; /healthz says whether the database is heard."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if scope["type"] != "http":
        return
    _hub.start()
    path = scope["path"].rstrip("/")
    if path == "/healthz":
        await _answer(send, 200 if _hub.record.is_listening else 503)
    elif not path.endswith("/live") or scope["method"] not in ("GET", "OPTIONS", "POST"):
        await _answer(send, 404)
    elif scope["method"] == "POST":
        await _told(scope, receive, send)
    else:
        await _stream(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _hub.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            _hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _stream(scope: Message, receive: Receive, send: Send) -> None:
    headers = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in scope["headers"]}
    allowed = _cross_origin(headers)
    if allowed is None:
        await _answer(send, 403)
        return
    listener = await looked_up(listener_of, headers.get("cookie", ""))
    if listener is None:
        await _answer(send, 401, allowed)
        return
    stream = Stream(listener)
    leaving = asyncio.create_task(_left(receive, stream))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": [*_STREAM_HEADERS, *allowed]})
        await _piece(send, b"retry: 2000\n\n" + _BEAT)
        await _hub.welcome(stream, _seen(scope, headers))
        await _pour(stream, send)
    except OSError:
        pass  # the browser has gone
    finally:
        leaving.cancel()
        await _hub.leave(stream)


async def _told(scope: Message, receive: Receive, send: Send) -> None:
    """A browser says which conversation it looks at: a small text that its page has signed."""
    headers = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in scope["headers"]}
    allowed = _cross_origin(headers)
    try:
        body = b"" if allowed is None else await _small_body(receive)
    except TimeoutError:
        await _answer(send, 408, [*(allowed or []), (b"connection", b"close")])
        return
    told = word_of(body) if allowed is not None and len(body) <= MOST_BYTES else None
    if told is None:
        await _answer(send, 403 if allowed is None else 400, allowed)
        return
    await _hub.telling.say(told)
    await _answer(send, 204, allowed)


async def _small_body(receive: Receive) -> bytes:
    """What is sent, or the beginning of it where that is too much. Raises TimeoutError where it comes slowly."""
    body, has_more = b"", True
    async with asyncio.timeout(_TELLING_S):
        while has_more and len(body) <= MOST_BYTES:
            piece = await receive()
            body += piece.get("body", b"")
            has_more = bool(piece.get("more_body"))
    return body


async def _pour(stream: Stream, send: Send) -> None:
    """Write what there is, and a beat where there has been nothing for a while."""
    while not stream.is_closed:
        try:
            async with asyncio.timeout(BEAT_S):
                await stream.has_news.wait()
        except TimeoutError:
            stream.waiting.append(_BEAT)
        words = stream.take()
        if words:
            await _piece(send, words)
    with contextlib.suppress(OSError):
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


def _seen(scope: Message, headers: dict[str, str]) -> Seen | None:
    """What the browser knows of: by itself when it comes back, else by the page it was given."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("since", [""])[0]
    return Seen.read(headers.get("last-event-id") or asked)


def _cross_origin(headers: dict[str, str]) -> list[tuple[bytes, bytes]] | None:
    """The headers that let our own pages, on another port, read this; None for a page that is not ours."""
    domain, _port = split_domain_port(headers.get("host", ""))
    if not validate_host(domain, settings.ALLOWED_HOSTS):
        return None
    origin = headers.get("origin")
    if origin is None:
        return []
    page = urlsplit(origin).hostname or ""
    is_ours = page == domain.strip("[]") or origin == settings.BASE_URL
    if not is_ours:
        return None
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]


_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers or []})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _piece(send: Send, words: bytes) -> None:
    await send({"type": "http.response.body", "body": words, "more_body": True})
