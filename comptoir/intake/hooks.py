"""What a webhook's address answers: 200 means that the delivery is in the database, and nothing else does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeGuard
from urllib.parse import unquote_plus

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError

from comptoir.channels.connecting import parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import (
    Addressee,
    Answer,
    Connector,
    ConnectorError,
    Delivery,
    HookRequest,
    ReceivesWebhooks,
    SignatureError,
)
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
_FORM = "application/x-www-form-urlencoded"
_NOT_KEPT = frozenset({"authorization", "cookie", "proxy-authorization", "x-forwarded-for", "x-real-ip"})


@dataclass(frozen=True, slots=True)
class _Hook:
    account_id: int
    connector: Connector


Store = Callable[[int, Delivery], None]

_known: dict[tuple[str, str, str], tuple[float, _Hook | None]] = {}
_lock = threading.Lock()


def answer(request: HookRequest, store: Store, *, kind: str, hook_key: str) -> Answer:
    """Verify and store one delivery to /hooks/<kind>/<hook_key>, or answer a challenge. Never raises."""
    try:
        hook = _hook(kind, hook_key)
        if hook is None or not isinstance(hook.connector, ReceivesWebhooks):
            return _said(404, "There is no such address.")
        return _taken(request, store, hook.account_id, hook.connector)
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


def _taken(request: HookRequest, store: Store, account_id: int, connector: ReceivesWebhooks) -> Answer:
    """Answer a challenge, or verify a delivery and store it for each account that it is about."""
    if request.method == "GET":
        asked = connector.challenge(request)
        return asked if asked is not None else _taken_by_get(request, store, account_id, connector)
    if request.method != "POST":
        return _said(405, "Deliveries are sent here with POST.")
    connector.verify(request)
    asked = connector.challenge(request)
    if asked is not None:
        return asked
    return _stored(request, _delivery(request), store, account_id, connector)


def _taken_by_get(request: HookRequest, store: Store, account_id: int, connector: ReceivesWebhooks) -> Answer:
    """Verify and store what the query of a GET says, where the network delivers so; a browser's guess is none."""
    if not connector.delivers_by_get or _is_fetched_ahead(request):
        return _said(405, "Deliveries are sent here with POST.")
    connector.verify(request)
    delivery = _delivery_of_query(request, connector.query_secrets)
    if not delivery.body:
        return _said(400, "The address is right; a delivery has more fields than its token.")
    return _stored(request, delivery, store, account_id, connector)


def _is_fetched_ahead(request: HookRequest) -> bool:
    """Whether a browser or a proxy only fetches the address in case somebody follows it."""
    purposes = (request.headers.get(name, "").lower() for name in ("sec-purpose", "purpose", "x-purpose", "x-moz"))
    return any("prefetch" in purpose or "preview" in purpose for purpose in purposes)


def _stored(
    request: HookRequest, delivery: Delivery, store: Store, account_id: int, connector: ReceivesWebhooks
) -> Answer:
    for about in _about(request, account_id, connector):
        store(about, delivery)
    return connector.acknowledgement


def _about(request: HookRequest, account_id: int, connector: ReceivesWebhooks) -> list[int]:
    """The accounts that a delivery is about: those it names whose own secret verifies it, or else the address's own."""
    found = [hook.account_id for hook in map(_known_as, connector.addressees(request)) if _verifies(hook, request)]
    return list(dict.fromkeys(found)) or [account_id]


def _verifies(hook: _Hook | None, request: HookRequest) -> TypeGuard[_Hook]:
    if hook is None or not isinstance(hook.connector, ReceivesWebhooks):
        return False
    try:
        hook.connector.verify(request)
    except SignatureError:
        return False
    return True


def _broken(error: Exception) -> Answer:
    """Nothing was stored: what a connector's verification trips over is not believed, any other mistake is ours."""
    log.error("delivery not taken", exc_info=error)
    if isinstance(error, ConnectorError | ValueError | KeyError | TypeError):
        return _said(400, "This delivery cannot be verified.")
    return _said(503, "Not now: please deliver again.")


def _said(status: int, text: str) -> Answer:
    return Answer(status, text.encode())


def _delivery(request: HookRequest) -> Delivery:
    kept = {name: text[:_MAX_HEADER_CHARS] for name, text in request.headers.items() if name not in _NOT_KEPT}
    if len(kept) > _MAX_HEADERS:
        kept = dict(list(kept.items())[:_MAX_HEADERS])
    return Delivery(request.body, request.headers.get("content-type", "")[:255], kept)


def _delivery_of_query(request: HookRequest, secrets: frozenset[str]) -> Delivery:
    """The query as a form, each field as it came: which letters its bytes are, the connector knows."""
    pairs = [pair for pair in request.sent.split(b"&") if pair]
    told = [pair for pair in pairs if unquote_plus(pair.partition(b"=")[0].decode("ascii", "replace")) not in secrets]
    return replace(_delivery(request), body=b"&".join(told), content_type=_FORM)


def _hook(kind: str, hook_key: str) -> _Hook | None:
    """Who is behind an address, remembered for a few seconds; None where nobody is."""
    if kind not in registry.connector_classes() or len(hook_key) > _MAX_KEY_CHARS or not hook_key.isprintable():
        return None
    return _remembered((kind, "hook_key", hook_key))


def _known_as(about: Addressee) -> _Hook | None:
    """Whom the network means by an id of ours, remembered for a few seconds; None where that account is not here."""
    own_id = about.own_id
    return _remembered((about.kind, "own_id", own_id)) if own_id and "\x00" not in own_id else None


def _remembered(name: tuple[str, str, str]) -> _Hook | None:
    known = _known.get(name)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    kind, field, text = name
    account = ChannelAccount.objects.filter(kind=kind, **{field: text}).first()
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
