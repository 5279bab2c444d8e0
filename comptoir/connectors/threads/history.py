"""What was said before we were connected, and the account's own figures.

Source: Threads API, "Threads User", "Conversation", "Mentions", "Insights".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Figure, Page
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.graph.api import Graph, as_delivery, listed
from comptoir.connectors.shared.untrusted import flag, inside, instant, name, number
from comptoir.connectors.threads.reading import IN_OUR_THREAD

_FIELDS = (
    "id,text,timestamp,username,owner,media_type,media_url,thumbnail_url,gif_url,alt_text,link_attachment_url,permalink,"
    "children{media_type,media_url,alt_text},is_reply,root_post,replied_to,reposted_post,is_reply_owned_by_me,has_replies"
)
_AT_ONCE = 50
_COUNTED = 25
_METRICS = {"views": "views", "likes": "likes", "replies": "comments", "reposts": "shares"}


def history(graph: Graph, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Our posts with all replies, the latest first, then where we were mentioned, back to ``since``."""
    stage = name(cursor.get("stage")) or "threads"
    if stage == "threads":
        yield from _stage(graph, stage, since, name(cursor.get("next")))
        stage, cursor = "mentions", {}
        yield Page([], {"stage": stage})
    if stage == "mentions":
        yield from _stage(graph, stage, since, name(cursor.get("next")))
        yield Page([], {"stage": "done"})


def _stage(graph: Graph, stage: str, since: datetime, address: str | None) -> Iterator[Page]:
    asked: dict[str, str | int] = {"fields": _FIELDS, "limit": _AT_ONCE, "since": int(since.timestamp())}
    page = graph.get(address) if address else graph.get(f"me/{stage}", **asked)
    while True:
        here = {"stage": stage, "next": address} if address else {"stage": stage}
        kept = [one for one in listed(page) if _is_since(one, since)]
        for one in kept if stage == "threads" else []:
            yield from _conversation(graph, one, here)
        is_over = bool(listed(page)) and len(kept) < len(listed(page))
        address = None if is_over else graph.next_address(page)
        yield Page(
            [as_delivery({"data": kept})] if kept else [], {"stage": stage, "next": address} if address else here
        )
        if address is None:
            return
        page = graph.get(address)


def _conversation(graph: Graph, post: Mapping[str, Any], cursor: Mapping[str, Any]) -> Iterator[Page]:
    """All replies under a post, however deep."""
    identifier = name(post.get("id"))
    if identifier is None or not flag(post.get("has_replies")):
        return
    for page in graph.pages(f"{identifier}/conversation", fields=_FIELDS, limit=_AT_ONCE):
        if listed(page):
            yield Page([as_delivery({IN_OUR_THREAD: True, "data": listed(page)})], cursor)


def _is_since(one: Mapping[str, Any], since: datetime) -> bool:
    at = instant(one.get("timestamp"))
    return at is None or at >= since


def figures(graph: Graph, post_ids: Sequence[str]) -> list[Figure]:
    """Today's followers, and what the named posts set off."""
    found = _figures(graph.get("me/threads_insights", metric="followers_count"), {"followers_count": "followers"}, None)
    for identifier in post_ids[:_COUNTED]:
        try:
            told = graph.get(f"{identifier}/insights", metric=",".join(_METRICS))
        except RefusedError:
            continue  # not a post of ours, or gone
        found += _figures(told, _METRICS, identifier)
    return found


def _figures(told: Mapping[str, Any], names: Mapping[str, str], external_id: str | None) -> list[Figure]:
    found: list[Figure] = []
    for one in listed(told):
        figure = names.get(name(one.get("name")) or "")
        total = number(inside(one, "total_value", "value"))
        value = total if total is not None else number(inside(one, "values", 0, "value"))
        if figure is not None and value is not None:
            found.append(Figure(figure, value, external_id))
    return found
