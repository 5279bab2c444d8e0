"""Fetching a feed where it changed, and leaving out of it what was read before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from comptoir.connectors.base import Delivery, Page, PayloadError, PermanentError
from comptoir.connectors.shared.addresses import site_address
from comptoir.connectors.shared.calling import Network
from comptoir.connectors.shared.feeds import read_feed, without
from comptoir.connectors.shared.untrusted import inside, instant, items, load, mappings, name

_MOST_KNOWN = 2_000
_MARK_BYTES = 8
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed as it came: each entry's mark (who it is and when it changed) and instant, and how to leave some out."""

    marks: tuple[str, ...]
    moments: tuple[datetime | None, ...]
    title: str | None
    body: bytes
    content_type: str

    def but_for(self, unwanted: set[int]) -> Delivery:
        """The feed without the entries at these places."""
        if self.content_type == "application/json":
            feed = dict(load(self.body))
            feed["items"] = [one for number, one in enumerate(mappings(feed.get("items"))) if number not in unwanted]
            return Delivery(json.dumps(feed, default=float).encode(), "application/json")
        return Delivery(without(read_feed(self.body), unwanted), "application/xml")


class Source:
    """One feed at its address, with a name and password where it wants them."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self.url = feed_address(credentials.get("url", ""))
        user, password = credentials.get("username", "").strip(), credentials.get("password", "")
        self._auth = httpx.BasicAuth(user, password) if user else None
        self._network = Network(httpx.URL(self.url).host, http, speaks_json=False)

    def fetch(self, known: Mapping[str, Any]) -> tuple[Fetched | None, dict[str, Any]]:
        """The feed, None where it did not change; and by what to ask the next time."""
        headers = {"accept": _ACCEPT}
        if etag := name(known.get("etag")):
            headers["if-none-match"] = etag
        if modified := name(known.get("modified")):
            headers["if-modified-since"] = modified
        answer = self._network.call("GET", self.url, headers=headers, auth=self._auth)
        if answer.status == 304:
            return None, {"etag": etag, "modified": modified}
        try:
            fetched = _fetched(answer.body)
        except PayloadError as error:
            raise PermanentError("What is at this address is no feed: %(reason)s", reason=error.reason) from error
        return fetched, {"etag": answer.headers.get("etag"), "modified": answer.headers.get("last-modified")}


def feed_address(written: str) -> str:
    """The feed's address as it was typed, but for its fragment. Raises PermanentError."""
    site_address(written)  # refuses what is none, and http:// to another machine
    typed = written.strip() if "://" in written else f"https://{written.strip()}"
    return str(httpx.URL(typed).copy_with(fragment=None))


def _fetched(body: bytes) -> Fetched:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{":
        feed = load(body)
        entries = mappings(inside(feed, "items"))
        marks = [_mark(name(one.get("id")) or name(one.get("url")), name(one.get("date_modified"))) for one in entries]
        moments = [instant(one.get("date_published")) for one in entries]
        return Fetched(tuple(marks), tuple(moments), name(inside(feed, "title")), body, "application/json")
    if start != b"<":
        raise PayloadError("The body is neither XML nor JSON.")
    feed_ = read_feed(body)
    if not feed_.entries and feed_.title is None and feed_.link is None:
        raise PayloadError("It has neither a title nor an entry.")
    marks = [_mark(entry.id, entry.changed_at.isoformat() if entry.changed_at else None) for entry in feed_.entries]
    moments = [entry.published_at for entry in feed_.entries]
    return Fetched(tuple(marks), tuple(moments), feed_.title, body, "application/xml")


def _mark(identifier: str | None, changed: str | None) -> str:
    said = f"{identifier or ''}\n{changed or ''}".encode("utf-8", "replace")
    return hashlib.blake2s(said, digest_size=_MARK_BYTES).hexdigest()


def poll(source: Source, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What is new. The first round only notes what stands there: the history is read apart."""
    fetched, asked = source.fetch(cursor)
    if fetched is None:
        return
    known = [str(mark) for mark in items(cursor.get("seen"))]
    seen = list(dict.fromkeys([*fetched.marks, *known]))[: max(_MOST_KNOWN, len(fetched.marks))]
    place = {**asked, "seen": seen}
    old = {number for number, mark in enumerate(fetched.marks) if mark in set(known)}
    if "seen" not in cursor or len(old) == len(fetched.marks):
        yield Page((), place)
        return
    yield Page([fetched.but_for(old)], place)


def history(source: Source, since: datetime) -> Iterator[Page]:
    """What the feed still shows, back to ``since``."""
    fetched, _asked = source.fetch({})
    if fetched is None:
        return
    old = {number for number, moment in enumerate(fetched.moments) if moment is not None and moment < since}
    if len(old) < len(fetched.marks):
        yield Page([fetched.but_for(old)], {"done": True})
