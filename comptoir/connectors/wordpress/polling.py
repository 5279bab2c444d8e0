"""Asking a blog for new comments: its API where we have a password, its feed of comments otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Delivery, Page, PayloadError, PermanentError
from comptoir.connectors.shared.feeds import read_feed, without
from comptoir.connectors.shared.untrusted import instant, items, mappings, name, whole
from comptoir.connectors.wordpress.api import Api, page_of

_PAGE = 100
_MOST_PAGES = 20
_MOST_KNOWN = 500
#: Of each comment with the title of its post, as a moderator sees it; “all” is what is published or awaits a moderator.
_ASKED: Mapping[str, str | int] = {
    "context": "edit", "status": "all", "orderby": "id", "order": "desc", "per_page": _PAGE, "_embed": "up",
}  # fmt: skip


def poll(api: Api, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What is new. The first round only notes what stands there: the history is read apart."""
    return _by_api(api, cursor) if api.has_password else _by_feed(api, cursor)


def _by_api(api: Api, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What is newer than the newest that is known, then what a moderator has done since to what was held."""
    place = dict(cursor)
    for page in _new(api, cursor):
        place = dict(page.cursor)
        yield page
    if "newest" in cursor:
        yield from _moderated(api, place, told_until=whole(cursor.get("newest")) or 0)


def _moderated(api: Api, cursor: Mapping[str, Any], *, told_until: int) -> Iterator[Page]:
    """What is held now and was not, and what became of that which no longer is: told once each, as it stands. The first
    round only notes what is held. What is newer than ``told_until`` has just been told.
    """
    held = mappings(api.get("comments", **{**_ASKED, "status": "hold"}).content)
    ids = [identifier for comment in held if (identifier := whole(comment.get("id"))) is not None]
    known = [identifier for one in items(cursor.get("held")) if (identifier := whole(one)) is not None]
    news = [one for one in held if (whole(one.get("id")) or 0) <= told_until and whole(one.get("id")) not in known]
    if "held" not in cursor:
        news = []
    # On a full page the oldest of those that are held are not seen: nothing is asked of them.
    oldest = min(ids, default=0) if len(held) >= _PAGE else 0
    if gone := [identifier for identifier in known if identifier not in ids and identifier >= oldest]:
        asked = {**_ASKED, "status": "any", "include": ",".join(map(str, gone))}
        found = mappings(api.get("comments", **asked).content)
        news += [*found, *_erased(set(gone) - {whole(comment.get("id")) for comment in found})]
    if ids != known or "held" not in cursor:
        yield Page([page_of(news)] if news else [], {**cursor, "held": ids})


def _erased(ids: Iterable[int]) -> list[dict[str, Any]]:
    """Comments that the blog no longer has, as it says itself what it erases."""
    return [{"deleted": True, "previous": {"id": one, "post": 0, "parent": 0, "content": {}}} for one in sorted(ids)]


def _new(api: Api, cursor: Mapping[str, Any]) -> Iterator[Page]:
    kept = {"held": held} if (held := cursor.get("held")) is not None else {}
    seen = whole(cursor.get("newest"))
    newest = seen or 0
    for number in range(1, _MOST_PAGES + 1):
        comments = mappings(api.get("comments", **_ASKED, page=number).content)
        ids = [identifier for comment in comments if (identifier := whole(comment.get("id"))) is not None]
        newest = max([newest, *ids])
        new = [comment for comment in comments if (whole(comment.get("id")) or 0) > (seen or 0)]
        is_last = seen is None or len(new) < len(comments) or len(comments) < _PAGE or number == _MOST_PAGES
        place = {**kept, "newest": newest if is_last else seen}
        if new and seen is not None:
            yield Page([page_of(new)], place)
        elif is_last:
            yield Page((), place)
        if is_last:
            return


def history(api: Api, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Comments back to ``since``, newest first: by pages of the API, or what the feed still shows."""
    if cursor.get("done"):
        return
    if not api.has_password:
        feed = _fetched(api.feed_of_comments({}).body)
        old = {number for number, entry in enumerate(feed.entries) if entry.published_at and entry.published_at < since}
        if len(old) < len(feed.entries):
            yield Page([Delivery(without(feed, old), "application/xml")], {"done": True})
        return
    before = whole(cursor.get("page")) or 0
    while True:
        before += 1
        comments = mappings(api.get("comments", **_ASKED, page=before).content)
        recent = [one for one in comments if (at := instant(one.get("date_gmt"))) is None or at >= since]
        is_last = len(recent) < len(comments) or len(comments) < _PAGE
        if recent:
            yield Page([page_of(recent)], {"page": before, "done": is_last})
        if is_last:
            return


def _by_feed(api: Api, cursor: Mapping[str, Any]) -> Iterator[Page]:
    headers = {}
    if etag := name(cursor.get("etag")):
        headers["if-none-match"] = etag
    if modified := name(cursor.get("modified")):
        headers["if-modified-since"] = modified
    answer = api.feed_of_comments(headers)
    if answer.status == 304:
        return
    feed = _fetched(answer.body)
    known = [str(one) for one in items(cursor.get("seen"))]
    ids = [entry.id or "" for entry in feed.entries]
    place = {
        "seen": list(dict.fromkeys([*ids, *known]))[:_MOST_KNOWN],
        "etag": answer.headers.get("etag"),
        "modified": answer.headers.get("last-modified"),
    }
    old = {number for number, identifier in enumerate(ids) if identifier in set(known)}
    is_first = "seen" not in cursor
    new = [] if is_first or len(old) == len(ids) else [Delivery(without(feed, old), "application/xml")]
    yield Page(new, place)


def _fetched(body: bytes) -> Any:
    try:
        return read_feed(body)
    except PayloadError as error:
        raise PermanentError(
            "The blog has no feed of comments at its address: %(reason)s", reason=error.reason
        ) from error
