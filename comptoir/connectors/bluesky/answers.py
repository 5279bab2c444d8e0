"""The network's answers: the JSON they hold, or the error that a caller can act on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, PermanentError, TransientError, UncertainError
from comptoir.connectors.bluesky.untrusted import mapping, name
from comptoir.core.reasons import QUOTING, Reason

#: Errors with which a server says that our token, not our request, is the trouble.
_AUTH_ERRORS = {
    "AuthMissing", "AuthenticationRequired", "AccountTakedown", "AccountDeactivated", "AccountSuspended",
    "ExpiredToken", "InvalidToken", "RepoDeactivated", "RepoTakendown", "RepoSuspended", "AuthFactorTokenRequired",
}  # fmt: skip
_NOTHING_WAS_SENT = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answered:
    """What a call brought: its JSON, and the server's own time if it told one."""

    content: Mapping[str, Any]
    at: datetime | None = None


class RefusedError(PermanentError):
    """The network refused one request; ``code`` is its own name for the reason (``RecordNotFound``)."""

    def __init__(self, reason: Reason, code: str) -> None:
        super().__init__(reason)
        self.code = code


def read_answer(response: httpx.Response, *, repeatable: bool) -> Answered:
    """Return what a successful answer holds, or raise what a failed one means.

    An answer that is no JSON tells nothing about what the server did: what is ``repeatable`` is tried again, the rest
    is uncertain.
    """
    if not response.is_success:
        raise failure_of(response, repeatable=repeatable)
    try:
        content = json.loads(response.content) if response.content.strip() else {}
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise _unclear(Reason("Bluesky's server answered something that is not JSON."), repeatable)
    return Answered(content, server_time(response))


def failure_of(response: httpx.Response, *, repeatable: bool) -> ConnectorError:
    code, said = error_of(response)
    status = response.status_code
    if status == 429:
        return TransientError("Bluesky asks us to slow down (rate limit).", retry_after=_pause(response))
    if code in _AUTH_ERRORS or status == 401:
        return AuthError(_quoting(Reason("Bluesky no longer accepts these credentials."), said or code))
    if status >= 500:
        failed = Reason("Bluesky's server failed (HTTP %(status)s).", status=status)
        return _unclear(_quoting(failed, said or code), repeatable, _pause(response))
    if status in (408, 425):
        return TransientError("Bluesky's server did not take the request (HTTP %(status)s).", status=status)
    if status < 400:
        return PermanentError(
            "The service's address answers with a redirection (HTTP %(status)s): correct the address.", status=status
        )
    refused = Reason("Bluesky refused the request (HTTP %(status)s).", status=status)
    return RefusedError(_quoting(refused, said or code), code)


def failure_of_transport(error: httpx.RequestError, *, repeatable: bool) -> ConnectorError:
    """What a broken connection means: nothing arrived, or nobody knows."""
    kind = type(error).__name__
    if isinstance(error, _NOTHING_WAS_SENT):
        return TransientError("Bluesky's server could not be reached (%(error)s).", error=kind)
    return _unclear(Reason("The connection to Bluesky's server was cut (%(error)s).", error=kind), repeatable)


def error_of(response: httpx.Response) -> tuple[str, str]:
    """(code, message) of an XRPC error; empty where the answer is none."""
    try:
        content = mapping(json.loads(response.content))
    except (ValueError, RecursionError):
        return "", ""
    return name(content.get("error")) or "", (name(content.get("message")) or "")[:300].rstrip(".")


def server_time(response: httpx.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None


def _quoting(reason: Reason, said: str) -> Reason:
    """With the network's own words, where it gave any."""
    return Reason(QUOTING, reason=reason, said=said) if said else reason


def _unclear(reason: Reason, repeatable: bool, retry_after: timedelta | None = None) -> ConnectorError:
    if repeatable:
        return TransientError(reason, retry_after=retry_after)
    return UncertainError("%(reason)s Whether it took what we sent is not known.", reason=reason)


def _pause(response: httpx.Response) -> timedelta | None:
    """How long the server wants us to wait: by its own clock where it names an instant."""
    wish = response.headers.get("retry-after", "")
    now = server_time(response)
    if wish.isdecimal():
        return timedelta(seconds=min(int(wish), 86_400))
    try:
        reset = response.headers.get("ratelimit-reset", "")
        until = parsedate_to_datetime(wish) if wish else datetime.fromtimestamp(int(reset), UTC)
        return max(until.astimezone(UTC) - now, timedelta(0)) if now else None
    except (ValueError, OverflowError, OSError):
        return None
