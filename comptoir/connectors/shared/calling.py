"""Calling a network over HTTP: what it answered, or the one of the four errors that says what may be done next."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, PermanentError, TransientError, UncertainError
from comptoir.connectors.shared.untrusted import storable
from comptoir.core.answers import UnendingAnswerError
from comptoir.core.reasons import QUOTING, Reason, template

_NOTHING_WAS_SENT = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError,
)  # fmt: skip
_LONGEST_PAUSE = timedelta(days=1)
_SHOWN_CHARS = 300
_DEEPEST = 4

_REFUSED_OTHERWISE = template("%(network)s refused the request (HTTP %(status)s).")
_GONE = template("%(network)s does not find what it was asked about: it may have been deleted (HTTP %(status)s).")
_REFUSED = {
    403: template("%(network)s does not allow this account to do that (HTTP %(status)s)."),
    404: _GONE,
    410: _GONE,
    413: template("%(network)s takes nothing so large (HTTP %(status)s)."),
}


@dataclass(frozen=True, slots=True)
class Answered:
    """A successful answer: its JSON (None where it has none), its headers, the server's own time if it told one, and
    its body as it came.
    """

    status: int
    content: Any
    headers: Mapping[str, str]
    at: datetime | None = None
    body: bytes = field(default=b"", repr=False)


class RefusedError(PermanentError):
    """The network refused one request: with this HTTP ``status`` and, where it names one, this ``code`` of its own."""

    def __init__(self, reason: Reason, *, status: int, code: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.code = code


#: What a network's own error codes mean: given the response and its JSON, the error, or None to go by the HTTP status.
Judge = Callable[[httpx.Response, Any], ConnectorError | None]


@dataclass(frozen=True, slots=True)
class Network:
    """How one network is called. ``label`` is its name in what people read; ``judge`` knows its own error codes.

    ``speaks_json``: an answer that says nothing of its type is JSON, and one that is none is a mistake.
    """

    label: str
    http: httpx.Client
    judge: Judge | None = None
    speaks_json: bool = True

    def call(self, method: str, url: str, *, repeatable: bool | None = None, **options: Any) -> Answered:
        """Call once and return a 2xx, with its JSON.

        ``repeatable``: doing it twice harms nothing (reading, or where the network knows what it has already), so that
        a cut connection may simply be tried again; by default true of GET, HEAD, PUT and DELETE. ``options`` are
        httpx's. Raises TransientError, PermanentError (RefusedError where the network answered), AuthError, and
        UncertainError for what is not repeatable and may have arrived.
        """
        again = method in ("GET", "HEAD", "PUT", "DELETE") if repeatable is None else repeatable
        try:
            response = self.http.request(method, url, **options)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise PermanentError("“%(url)s” is not a web address.", url=_without_path(url)) from error
        except UnicodeEncodeError as error:
            raise PermanentError(
                "What is to be sent to %(network)s holds a character that cannot be sent: copy the token anew.",
                network=self.label,
            ) from error
        except httpx.RequestError as error:
            raise self._broken_off(error, repeatable=again) from error
        return self._read(response, repeatable=again)

    def _read(self, response: httpx.Response, *, repeatable: bool) -> Answered:
        content = json_of(response)
        judged = self.judge(response, content) if self.judge is not None else None
        if judged is not None:
            raise judged
        if not response.is_success and response.status_code != 304:  # not modified: only who asks for it is told
            raise self._failure(response, repeatable=repeatable)
        if self.speaks_json and content is None and response.content.strip() and _claims_json(response):
            said = Reason("%(network)s answered something that is not JSON.", network=self.label)
            raise unclear(said, repeatable=repeatable)
        return Answered(response.status_code, content, response.headers, server_time(response), response.content)

    def _failure(self, response: httpx.Response, *, repeatable: bool) -> ConnectorError:
        status = response.status_code
        if status == 429:
            asked = Reason("%(network)s asks us to slow down (rate limit).", network=self.label)
            return TransientError(asked, retry_after=pause_of(response))
        if status == 401:
            refused = Reason("%(network)s no longer accepts these credentials.", network=self.label)
            return AuthError(quoting(refused, shown_text(response)))
        if status >= 500:
            failed = Reason("%(network)s failed (HTTP %(status)s).", network=self.label, status=status)
            return unclear(quoting(failed, shown_text(response)), repeatable=repeatable, retry_after=pause_of(response))
        if status in (408, 425):
            late = Reason("%(network)s did not take the request (HTTP %(status)s).", network=self.label, status=status)
            return TransientError(late, retry_after=pause_of(response))
        if status < 400:
            return PermanentError(
                "%(network)s answered with a redirection (HTTP %(status)s): correct the address.",
                network=self.label,
                status=status,
            )
        return RefusedError(quoting(refusal(self.label, status), shown_text(response)), status=status)

    def _broken_off(self, error: httpx.RequestError, *, repeatable: bool) -> ConnectorError:
        kind = type(error).__name__
        if isinstance(error, _NOTHING_WAS_SENT):
            return TransientError("%(network)s could not be reached (%(error)s).", network=self.label, error=kind)
        if isinstance(error, UnendingAnswerError):
            endless = Reason("What %(network)s answers is too large, or does not end.", network=self.label)
            return unclear(endless, repeatable=repeatable)
        cut = Reason("The connection to %(network)s was cut (%(error)s).", network=self.label, error=kind)
        return unclear(cut, repeatable=repeatable)


def _without_path(url: str) -> str:
    """An address as far as its host: some networks want tokens in what follows, and errors are read by many."""
    scheme, mark, rest = url.partition("://")
    host = re.split(r"[/?#]", rest if mark else scheme, maxsplit=1)[0].rpartition("@")[2]
    return f"{scheme}://{host}" if mark else host


def refusal(network: str, status: int) -> Reason:
    """Why a network did not do it, as far as its status says; for what it says itself see `quoting`."""
    words = _REFUSED.get(status, _REFUSED_OTHERWISE)
    return Reason(words, network=network, status=status)


def unclear(reason: Reason, *, repeatable: bool, retry_after: timedelta | None = None) -> ConnectorError:
    """Nobody knows whether it arrived: tried again where that harms nothing, otherwise uncertain."""
    if repeatable:
        return TransientError(reason, retry_after=retry_after)
    return UncertainError("%(reason)s Whether it took what we sent is not known.", reason=reason)


def quoting(reason: Reason, said: str) -> Reason:
    """With the network's own words, where it gave any."""
    words = storable(said).strip()[:_SHOWN_CHARS]
    return Reason(QUOTING, reason=reason, said=words.rstrip(".")) if words else reason


def json_of(response: httpx.Response) -> Any:
    """The answer's JSON; None where it is none."""
    try:
        return json.loads(response.content, parse_float=Decimal) if response.content.strip() else None
    except (ValueError, ArithmeticError, RecursionError):
        return None


#: Where networks write what is meant for people, the plainest first.
_FOR_PEOPLE = (
    "error_description", "error_message", "error_user_msg", "message", "detail", "details", "description", "title",
    "error", "errors", "reason",
)  # fmt: skip


def shown_text(response: httpx.Response) -> str:
    """What an answer says that people can read: the sentence in its JSON where it has one, not a page of HTML."""
    sentence = _sentence_in(json_of(response), _DEEPEST)
    if sentence:
        return sentence[:_SHOWN_CHARS]
    kind = response.headers.get("content-type", "")
    written = response.text.strip() if "html" not in kind else ""
    return "" if written.startswith("<") else written[:_SHOWN_CHARS]


def _sentence_in(content: Any, depth: int) -> str:
    if isinstance(content, str):
        return content.strip()
    if depth == 0:
        return ""
    if isinstance(content, list):
        return next(filter(None, (_sentence_in(one, depth - 1) for one in content[:5])), "")
    if isinstance(content, dict):
        return next(filter(None, (_sentence_in(content.get(name), depth - 1) for name in _FOR_PEOPLE)), "")
    return ""


def server_time(response: httpx.Response) -> datetime | None:
    """The server's own time, where it says it."""
    return _http_date(response.headers.get("date", ""))


def pause_of(response: httpx.Response) -> timedelta | None:
    """How long the server wants us to wait, a day at most, by its own clock where it names an instant.

    Read from Retry-After (seconds, or a date), or else from an instant of X-Rate-Limit-Reset or RateLimit-Reset.
    """
    wish = response.headers.get("retry-after", "").strip()
    if wish:
        return _pause(wish, server_time(response))
    for header in ("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset"):
        reset = response.headers.get(header, "").strip()
        if reset:
            return _pause(reset, server_time(response))
    return None


def _pause(wish: str, present: datetime | None) -> timedelta | None:
    try:
        seconds = float(wish)
    except ValueError:
        until = _http_date(wish)
    else:
        if not 0 <= seconds < 10**12:
            return None
        if seconds < 10**8:
            return min(timedelta(seconds=seconds), _LONGEST_PAUSE)
        until = datetime.fromtimestamp(seconds / (1000 if seconds > 10**11 else 1), UTC)
    if until is None or present is None:
        return None
    return min(max(until - present, timedelta(0)), _LONGEST_PAUSE)


def _http_date(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _claims_json(response: httpx.Response) -> bool:
    return "json" in response.headers.get("content-type", "json")
