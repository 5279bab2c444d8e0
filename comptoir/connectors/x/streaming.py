"""X's filtered stream: posts said to the account as they are said, over one answer that does not end.

An app has one such stream (its paid contracts with X apart), opened with the app's own token. What is not public is not
in it: direct messages are asked for at polling's pace while it is open, and mentions too, in case it lost one.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any

import httpx

from comptoir.connectors.base import (
    AuthError,
    Backoff,
    Delivery,
    Page,
    PayloadError,
    PermanentError,
    StreamError,
    TransientError,
)
from comptoir.connectors.shared.calling import json_of, pause_of, quoting, shown_text
from comptoir.connectors.shared.cutting import cut_on
from comptoir.connectors.shared.lines import lines_of
from comptoir.connectors.shared.untrusted import inside, load_object, mappings, name
from comptoir.connectors.x.api import BASE, Api, judge
from comptoir.connectors.x.polling import STREAM_FIELDS, poll
from comptoir.connectors.x.rules import kept_rules
from comptoir.core.answers import pieces
from comptoir.core.reasons import Reason

_URL = f"{BASE}/2/tweets/search/stream"
#: X sends an empty line every 20 seconds: a connection that is silent for half as long again is dead.
_TIMEOUT = httpx.Timeout(10, read=30)
_MOST_LINE_BYTES = 2_000_000
#: docs.x.com, "Handling disconnections": how its streams are to be opened again.
_NETWORK = Backoff(timedelta(milliseconds=250), timedelta(seconds=16), doubling=False)
_FAILED = Backoff(timedelta(seconds=5), timedelta(seconds=320))
_TOO_OFTEN = Backoff(timedelta(minutes=1), timedelta(hours=1))
#: The longest gap that X fills when it is opened again, for those whose contract has that.
_BACKFILL_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Listener:
    """One account's stream; the rest is asked for every ``ask_every_s`` while it is open."""

    api: Api
    own_id: str
    ask_every_s: float

    def pages(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        """First what was said while there was no stream, then pages as they come, until it is cut or ``stop`` is set.

        Raises StreamError, PermanentError, and AuthError where the account itself is closed to us.
        """
        try:
            handle = self._handle()
            yield from self._opened(self._rules(handle), dict(cursor), stop)
        except httpx.RequestError as error:
            if not stop.is_set():
                raise StreamError(
                    "X’s filtered stream was cut (%(error)s).", error=type(error).__name__, backoff=_NETWORK
                ) from error
        except StreamError:
            raise
        except TransientError as error:
            raise StreamError(error.reason, backoff=_FAILED, retry_after=error.retry_after) from error

    def _rules(self, handle: str) -> frozenset[str]:
        try:
            return kept_rules(self.api, self.own_id, handle)
        except AuthError as error:  # of the app's token: the account's own goes on
            raise PermanentError(_not_for_us("")) from error

    def _handle(self) -> str:
        handle = name(inside(self.api.get("/2/users/me").content, "data", "username"))
        if handle is None:
            raise PermanentError("X did not say what this account is called.")
        return handle

    def _opened(self, rules: frozenset[str], cursor: dict[str, Any], stop: threading.Event) -> Iterator[Page]:
        """``backfill`` in the cursor: True once there is something to fill, False where X does not let us."""
        if cursor.get("backfill") is True:
            try:
                yield from self._heard(rules, cursor, stop, {"backfill_minutes": _BACKFILL_MINUTES})
                return
            except _NoBackfillError:
                cursor["backfill"] = False
        yield from self._heard(rules, cursor, stop, {})

    def _heard(
        self, rules: frozenset[str], cursor: dict[str, Any], stop: threading.Event, params: Mapping[str, int]
    ) -> Iterator[Page]:
        headers = self.api.app_headers()
        asked: dict[str, str | int] = {**STREAM_FIELDS, **params}
        with self.api.http.stream("GET", _URL, params=asked, headers=headers, timeout=_TIMEOUT) as response:
            if not response.is_success:
                raise _refused(response, asked_backfill=bool(params))
            cursor.setdefault("backfill", True)
            with cut_on(stop, response):
                lines = lines_of(pieces(response, deadline=math.inf), longest=_MOST_LINE_BYTES)
                ask_at = -math.inf  # a stopwatch, not a clock
                for line in chain([""], lines):
                    if line.strip():
                        yield from _told(line, rules, cursor)
                    if time.monotonic() >= ask_at:
                        for page in poll(self.api, self.own_id, cursor):
                            cursor = dict(page.cursor)
                            yield page
                        ask_at = time.monotonic() + self.ask_every_s


class _NoBackfillError(Exception):
    """The app's contract with X does not fill gaps."""


def _refused(response: httpx.Response, *, asked_backfill: bool) -> Exception:
    """Why there is no stream, in an error that leaves the account itself alone."""
    response.read()
    content, said = json_of(response), shown_text(response)
    if asked_backfill and response.status_code in (400, 403) and "backfill" in said.lower():
        return _NoBackfillError()
    if name(inside(content, "connection_issue")) == "TooManyConnections":
        return StreamError(
            "Another stream of this app is open, and X lets an app have one: give each account an app of its own.",
            backoff=_TOO_OFTEN,
        )
    judged = judge(response, content)
    if response.status_code in (400, 401, 403, 404) and not isinstance(judged, TransientError):
        return PermanentError(_not_for_us(said))
    wait = judged.retry_after if isinstance(judged, TransientError) else pause_of(response)
    text = Reason("X did not open its filtered stream (HTTP %(status)s).", status=response.status_code)
    backoff = _TOO_OFTEN if response.status_code == 429 else _FAILED
    return StreamError(quoting(text, said), backoff=backoff, retry_after=wait)


def _not_for_us(said: str) -> Reason:
    text = Reason("X does not open its filtered stream to this app: look at the bearer token and the app’s plan.")
    return quoting(text, said)


def _told(line: str, rules: frozenset[str], cursor: Mapping[str, Any]) -> Iterator[Page]:
    """A post, where it matched a rule of ours: the app's other rules are somebody else's. Raises StreamError."""
    body = line.encode("utf-8", "surrogatepass")
    try:
        found = load_object(body)
    except PayloadError:
        yield Page([Delivery(body)], dict(cursor))  # the log shows what could not be read
        return
    if "data" not in found and "errors" in found:
        raise _farewell(found)
    matched = {name(rule.get("id")) for rule in mappings(found.get("matching_rules"))}
    if matched & rules or not matched:
        post_id = name(inside(found, "data", "id"))
        yield Page([Delivery(body, key=f"stream-{post_id}" if post_id else None)], dict(cursor))


def _farewell(found: Mapping[str, Any]) -> StreamError:
    """X says why it ends the stream; for its own maintenance, mostly: it may be opened again at once."""
    problem = inside(found, "errors", 0)
    title, said = name(inside(problem, "title")) or "", name(inside(problem, "detail")) or ""
    is_usual = title.lower().startswith("operational") or bool(name(inside(problem, "disconnect_type")))
    text = quoting(Reason("X ended its filtered stream."), said or title)
    return StreamError(text, backoff=_NETWORK if is_usual else _FAILED)
