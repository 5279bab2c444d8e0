"""What was said on a Page before we were connected, and the Page's own figures.

Source: Graph API reference, "Page Feed", "Page Ratings", "Page".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Figure, Page
from comptoir.connectors.shared.graph.api import Graph, as_delivery, listed
from comptoir.connectors.shared.untrusted import inside, instant, name, number

_FILES = "attachment{type,url,title,media,target}"
_ANSWER = f"id,message,created_time,from,permalink_url,parent{{id}},{_FILES}"
_COMMENT = f"{_ANSWER},comment_count,comments.limit(50){{{_ANSWER}}}"
_POST = (
    "id,message,created_time,from,permalink_url,full_picture,status_type,"
    f"attachments{{type,media_type,url,title,media,subattachments}},comments.limit(50){{{_COMMENT}}}"
)
_RATING = "created_time,reviewer,rating,review_text,recommendation_type,open_graph_story{id}"
_AT_ONCE = 25
_COUNTED = 50


def history(graph: Graph, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Posts with their comments, the latest first, then recommendations, back to ``since``."""
    stage = name(cursor.get("stage")) or "feed"
    address = name(cursor.get("next"))
    if stage == "feed":
        asked: dict[str, str | int] = {"fields": _POST, "since": int(since.timestamp()), "limit": _AT_ONCE}
        yield from _stage(graph, "me/feed", asked, address, stage, since)
        stage, address = "ratings", None
        yield Page([], {"stage": stage})
    if stage == "ratings":
        yield from _stage(graph, "me/ratings", {"fields": _RATING, "limit": _AT_ONCE}, address, stage, since)
        yield Page([], {"stage": "done"})


def _stage(
    graph: Graph, path: str, asked: Mapping[str, str | int], address: str | None, stage: str, since: datetime
) -> Iterator[Page]:
    page = graph.get(address) if address else graph.get(path, **asked)
    while True:
        kept = [one for one in listed(page) if _is_since(one, since)]
        here = {"stage": stage, "next": address} if address else {"stage": stage}
        for one in kept:
            yield from _more_comments(graph, one, here)
        is_over = bool(listed(page)) and not kept
        address = None if is_over else graph.next_address(page)
        deliveries = [as_delivery({"data": kept})] if kept else []
        yield Page(deliveries, {"stage": stage, "next": address} if address else here)
        if address is None:
            return
        page = graph.get(address)


def _more_comments(graph: Graph, one: Mapping[str, Any], cursor: Mapping[str, Any]) -> Iterator[Page]:
    """The comments that no longer fit beside their post, or beside the comment they answer."""
    for answered in [one, *listed(one.get("comments"))]:
        comments: Any = answered.get("comments")
        while address := graph.next_address(comments):
            comments = graph.get(address)
            under: dict[str, Any] = {"id": answered.get("id"), "comments": comments}
            whole = under if answered is one else {"id": one.get("id"), "comments": {"data": [{**answered, **under}]}}
            yield Page([as_delivery(whole)], cursor)


def _is_since(one: Mapping[str, Any], since: datetime) -> bool:
    at = instant(one.get("created_time"))
    return at is None or at >= since


def figures(graph: Graph, post_ids: Sequence[str]) -> list[Figure]:
    """Today's figures of the Page, and of those of its latest posts that are named."""
    page = graph.get("me", fields="followers_count,rating_count,overall_star_rating")
    found = _figures(page, {"followers": "followers_count", "reviews": "rating_count"}, None)
    rating = number(page.get("overall_star_rating"))
    if rating:
        found.append(Figure("rating", rating, best=5.0))
    fields = "id,shares,reactions.limit(0).summary(true),comments.limit(0).summary(true)"
    wanted = set(post_ids)
    posts = listed(graph.get("me/feed", fields=fields, limit=_COUNTED)) if wanted else []
    for post in posts:
        identifier = name(post.get("id"))
        if identifier in wanted:
            counted = {
                "likes": inside(post, "reactions", "summary", "total_count"),
                "comments": inside(post, "comments", "summary", "total_count"),
                "shares": inside(post, "shares", "count") or 0,
            }
            found += _figures(counted, {key: key for key in counted}, identifier)
    return found


def _figures(told: Mapping[str, Any], names: Mapping[str, str], external_id: str | None) -> list[Figure]:
    counted = [(figure, number(told.get(key))) for figure, key in names.items()]
    return [Figure(figure, value, external_id) for figure, value in counted if value is not None]
