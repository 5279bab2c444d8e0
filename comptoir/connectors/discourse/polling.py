"""Asking a forum what is new: its latest posts, or those that notifications point to, and private messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Page
from comptoir.connectors.discourse.api import Api, page_of
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, mappings, name, whole

_MOST_PAGES = 10
#: Notifications about posts that concern us: mentioned, replied, quoted, answered in a topic we follow, linked,
#: mentioned as a group, a first post of a category we watch. Private messages (6) are read from their own list.
_ABOUT_US = (1, 2, 3, 9, 11, 15, 17)
#: Where the latest posts are, and under which name the answer has them.
_LISTS = {"latest_posts": "/posts.json", "private_posts": "/private-posts.json"}


def poll(api: Api, cursor: Mapping[str, Any], *, reads_all: bool) -> Iterator[Page]:
    """What is new since ``cursor``: the newest post, private post and notification seen."""
    place = dict(cursor)
    if reads_all:
        yield from _latest(api, place, "latest_posts")
    else:
        yield from _notified(api, place)
    try:
        yield from _latest(api, place, "private_posts")
    except RefusedError as error:
        if error.status not in (403, 404):  # private messages are closed on this forum
            raise
    yield Page((), dict(place))


def _latest(api: Api, place: dict[str, Any], kind: str) -> Iterator[Page]:
    """The first round only notes the newest: the history is read apart."""
    seen, newest = whole(place.get(kind)), whole(place.get(kind)) or 0
    before: int | None = None
    for number in range(_MOST_PAGES):
        asked = {"before": before} if before is not None else {}
        posts = mappings(inside(api.get(_LISTS[kind], **asked), kind))
        ids = [identifier for post in posts if (identifier := whole(post.get("id"))) is not None]
        newest = max([newest, *ids])
        new = [post for post in posts if (whole(post.get("id")) or 0) > (seen or 0)]
        is_last = seen is None or len(new) < len(posts) or not ids or number == _MOST_PAGES - 1
        if is_last:
            place[kind] = newest
        if new and seen is not None:
            yield Page([page_of({kind: new})], dict(place))
        if is_last:
            return
        before = min(ids)


def _notified(api: Api, place: dict[str, Any]) -> Iterator[Page]:
    seen = whole(place.get("notifications"))
    found = mappings(inside(api.get("/notifications.json"), "notifications"))
    newest = max([seen or 0, *(whole(one.get("id")) or 0 for one in found)])
    fresh = [] if seen is None else [one for one in found if (whole(one.get("id")) or 0) > seen]
    posts = [post for one in reversed(fresh) if (post := _pointed_at(api, one)) is not None]
    place["notifications"] = newest
    if posts:
        yield Page([page_of({"latest_posts": posts})], dict(place))


def _pointed_at(api: Api, notification: Mapping[str, Any]) -> Any:
    topic, number = whole(notification.get("topic_id")), whole(notification.get("post_number"))
    if whole(notification.get("notification_type")) not in _ABOUT_US or topic is None or number is None:
        return None
    try:
        return api.get(f"/posts/by_number/{topic}/{number}.json")
    except RefusedError:  # it is gone, or was made private
        return None


def history(api: Api, since: datetime, cursor: Mapping[str, Any], *, reads_all: bool) -> Iterator[Page]:
    """Posts, then private messages, back to ``since``, newest first; the cursor says how far each was read."""
    done = [str(kind) for kind in cursor.get("done", [])] if isinstance(cursor.get("done"), list) else []
    for kind in ("latest_posts", "private_posts") if reads_all else ("private_posts",):
        if kind in done:
            continue
        before = whole(cursor.get("before")) if name(cursor.get("step")) == kind else None
        try:
            yield from _past(api, kind, before, done, since)
        except RefusedError as error:
            if error.status not in (403, 404):
                raise
        done.append(kind)
        yield Page((), {"done": list(done)})


def _past(api: Api, kind: str, before: int | None, done: list[str], since: datetime) -> Iterator[Page]:
    while True:
        asked = {"before": before} if before is not None else {}
        posts = mappings(inside(api.get(_LISTS[kind], **asked), kind))
        recent = [post for post in posts if (at := instant(post.get("created_at"))) is None or at >= since]
        ids = [identifier for post in posts if (identifier := whole(post.get("id"))) is not None]
        if recent:
            yield Page([page_of({kind: recent})], {"done": list(done), "step": kind, "before": min(ids, default=None)})
        if len(recent) < len(posts) or not ids or (before is not None and min(ids) >= before):
            return
        before = min(ids)
