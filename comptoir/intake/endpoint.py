"""The webhook endpoint as a bare WSGI application: one insert by a prepared statement, and the answer.

Django's handler and middleware would take several times as long as the insert, and a network that waits too long
switches its webhook off. Each thread has a connection of its own, in autocommit: the insert is the transaction.
"""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, quote

import psycopg
import structlog
from django.conf import settings
from django.db import close_old_connections, connection

from comptoir.connectors.base import Answer, Delivery, HookRequest
from comptoir.intake.cleaning import storable, storable_json
from comptoir.intake.hooks import MAX_BODY_BYTES, answer
from comptoir.intake.own_connection import new_connection

log = structlog.get_logger("comptoir.hooks")

PREFIX = "/hooks/"
_SAFE_ID = re.compile(r"[A-Za-z0-9._:-]{1,80}")
_SLOW_S = 1.0
_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    503: "Service Unavailable",
}

_INSERT = """
INSERT INTO intake_rawdelivery (account_id, received_at, content_type, headers, body, state, tries, reason)
VALUES (%s, now(), %s, %s::jsonb, %b, 'new', 0, '')
"""

_thread = threading.local()

StartResponse = Callable[..., Any]


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request to an address under /hooks/."""
    begun = time.perf_counter()
    name = environ.get("HTTP_X_REQUEST_ID", "")
    if not _SAFE_ID.fullmatch(name):
        name = uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=name)
    said = _answer(environ)
    _log(environ, said, time.perf_counter() - begun)
    headers = [
        ("Content-Type", said.content_type),
        ("Content-Length", str(len(said.body))),
        ("X-Request-ID", name),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ]
    if said.status == 503:
        headers.append(("Retry-After", "10"))
    start_response(f"{said.status} {_REASONS.get(said.status, 'Unknown')}", headers)
    return [said.body]


def _answer(environ: dict[str, Any]) -> Answer:
    kind, _slash, hook_key = environ["PATH_INFO"].removeprefix(PREFIX).strip("/").partition("/")
    try:
        body = _body(environ)
    except ValueError:
        return Answer(400, b"The length of the delivery makes no sense.")
    except OSError:
        return Answer(400, b"The delivery was cut off.")
    if body is None:
        return Answer(413, f"A delivery may have {MAX_BODY_BYTES} bytes at most.".encode())
    try:
        return answer(_request(environ, body), store, kind=kind, hook_key=hook_key)
    finally:
        if connection.connection is not None:  # it was asked who is behind the address
            close_old_connections()


def _request(environ: dict[str, Any], body: bytes) -> HookRequest:
    asked = environ.get("QUERY_STRING", "")
    url = f"{settings.BASE_URL}{quote(environ['PATH_INFO'], safe='/', errors='replace')}" + (
        f"?{asked}" if asked else ""
    )
    query = dict(parse_qsl(asked, keep_blank_values=True))
    return HookRequest(environ["REQUEST_METHOD"], url, query, _headers(environ), body)


def _body(environ: dict[str, Any]) -> bytes | None:
    """The request's body; None when it is too large. Raises ValueError."""
    declared = environ.get("CONTENT_LENGTH") or ""
    if declared:
        size = int(declared)
        if size < 0:  # which would mean all there is
            raise ValueError(declared)
        return None if size > MAX_BODY_BYTES else bytes(environ["wsgi.input"].read(size))
    if environ["REQUEST_METHOD"] != "POST":
        return b""
    body = bytes(environ["wsgi.input"].read(MAX_BODY_BYTES + 1))
    return None if len(body) > MAX_BODY_BYTES else body


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    headers = {name[5:].replace("_", "-").lower(): text for name, text in environ.items() if name.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE") or ""
    return headers


def _log(environ: dict[str, Any], said: Answer, took_s: float) -> None:
    if said.status == 200 and took_s < _SLOW_S:
        log.debug("delivery taken")
        return
    kind = environ["PATH_INFO"].removeprefix(PREFIX).partition("/")[0][:40]
    path = f"{PREFIX}{kind}/…"  # the key stays out of the logs
    log.info("request", path=path, status=said.status, ms=round(took_s * 1000, 1))


# --- storing ------------------------------------------------------------------------------------------------------


def store(account_id: int, delivery: Delivery) -> None:
    """Insert one delivery; a connection that turns out to be cut is replaced, once. Raises psycopg.Error."""
    row = (
        account_id,
        storable(delivery.content_type),
        json.dumps(storable_json(dict(delivery.headers))),
        delivery.body,
    )
    try:
        _connection().execute(_INSERT, row, prepare=True)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        if not _hang_up_if_broken():
            raise
        _connection().execute(_INSERT, row, prepare=True)


def _connection() -> psycopg.Connection[Any]:
    open_one: psycopg.Connection[Any] | None = getattr(_thread, "connection", None)
    if open_one is None or open_one.closed:
        open_one = new_connection()
        _thread.connection = open_one
    return open_one


def _hang_up_if_broken() -> bool:
    """Close this thread's connection if it no longer works; whether it had to be."""
    open_one: psycopg.Connection[Any] | None = getattr(_thread, "connection", None)
    if open_one is None or not (open_one.closed or open_one.broken):
        return False
    _thread.connection = None
    open_one.close()
    return True
