"""What a webhook's address answers: 200 means that the delivery is in the database, and nothing else does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError

from comptoir.channels.connecting import parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Answer, Connector, ConnectorError, Delivery, ReceivesWebhooks, SignatureError
from comptoir.connectors.registry import UnknownKindError
from comptoir.core.crypto import UnreadableSecretError
from comptoir.intake.trouble import in_words

log = structlog.get_logger("comptoir.hooks")

MAX_BODY_BYTES = 5 * 1024 * 1024
_KNOWN_FOR_S = 5.0
_MAX_KNOWN = 2000
_MAX_KEY_CHARS = 64
_MAX_HEADERS = 60
_MAX_HEADER_CHARS = 4000
_NOT_KEPT = frozenset({"authorization", "cookie", "proxy-authorization", "x-forwarded-for", "x-real-ip"})


@dataclass(frozen=True, slots=True)
class Request:
    """One request to /hooks/<kind>/<hook_key>; names of headers are lower case."""

    method: str
    kind: str
    hook_key: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Hook:
    account_id: int
    connector: Connector


Store = Callable[[int, Delivery], None]

_known: dict[tuple[str, str], tuple[float, _Hook | None]] = {}
_lock = threading.Lock()


def answer(request: Request, store: Store) -> Answer:
    """Verify and store one delivery, or answer a challenge. Never raises."""
    try:
        hook = _hook(request.kind, request.hook_key)
        if hook is None or not isinstance(hook.connector, ReceivesWebhooks):
            return _said(404, "There is no such address.")
        if request.method == "GET":
            return hook.connector.challenge(request.query) or _said(405, "Deliveries are sent here with POST.")
        if request.method != "POST":
            return _said(405, "Deliveries are sent here with POST.")
        hook.connector.verify(request.headers, request.body)
        store(hook.account_id, _delivery(request))
    except SignatureError as error:
        return _said(401, str(error))
    except (psycopg.errors.ForeignKeyViolation, UnknownKindError):
        return _said(404, "There is no such address.")
    except (psycopg.Error, DatabaseError, InterfaceError) as error:
        log.error("delivery not taken, the network is asked to come again", reason=in_words(error))  # in words
        return _said(503, "Not now: please deliver again.")
    except UnreadableSecretError:
        log.exception("delivery not taken: the account's secret cannot be read")
        return _said(503, "Not now: please deliver again.")
    except Exception as error:  # noqa: BLE001  # a network is always answered
        return _broken(error)
    return Answer()


def _broken(error: Exception) -> Answer:
    """Nothing was stored: what a connector's verification trips over is not believed, any other mistake is ours."""
    log.error("delivery not taken", exc_info=error)
    if isinstance(error, ConnectorError | ValueError | KeyError | TypeError):
        return _said(400, "This delivery cannot be verified.")
    return _said(503, "Not now: please deliver again.")


def _said(status: int, text: str) -> Answer:
    return Answer(status, text.encode())


def _delivery(request: Request) -> Delivery:
    kept = {name: text[:_MAX_HEADER_CHARS] for name, text in request.headers.items() if name not in _NOT_KEPT}
    if len(kept) > _MAX_HEADERS:
        kept = dict(list(kept.items())[:_MAX_HEADERS])
    return Delivery(request.body, request.headers.get("content-type", "")[:255], kept)


def _hook(kind: str, hook_key: str) -> _Hook | None:
    """Who is behind an address, remembered for a few seconds; None where nobody is."""
    if len(hook_key) > _MAX_KEY_CHARS or "\x00" in hook_key:
        return None
    name = (kind, hook_key)
    known = _known.get(name)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    account = ChannelAccount.objects.filter(kind=kind, hook_key=hook_key).first()
    hook = _Hook(account.pk, parser_for(account)) if account is not None else None
    with _lock:
        if len(_known) >= _MAX_KNOWN:  # somebody tries addresses
            _known.clear()
        _known[name] = (time.monotonic() + _KNOWN_FOR_S, hook)
    return hook


def forget_hooks() -> None:
    """Look every address up again."""
    with _lock:
        _known.clear()
