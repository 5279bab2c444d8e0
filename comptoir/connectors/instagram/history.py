"""What was said before we were connected, and the account's own figures.

Source: Instagram Platform reference, "IG User Media", "IG Media"; Conversations API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Figure, Page
from comptoir.connectors.instagram.account import Account
from comptoir.connectors.shared.graph.api import as_delivery, listed
from comptoir.connectors.shared.graph.messaging.conversations import Conversations
from comptoir.connectors.shared.untrusted import instant, mapping, name, number

_ANSWER = "id,text,timestamp,username,from,parent_id"
_COMMENT = f"{_ANSWER},hidden,replies.limit(50){{{_ANSWER}}}"
_MEDIUM = (
    "id,caption,media_type,media_product_type,media_url,thumbnail_url,permalink,timestamp,username,owner,"
    f"children{{media_type,media_url,thumbnail_url}},comments.limit(50){{{_COMMENT}}}"
)
_AT_ONCE = 25
_COUNTED = 50


def history(account: Account, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Media with their comments, the latest first, then private messages, back to ``since``."""
    stage = name(cursor.get("stage")) or "media"
    if stage == "media":
        yield from _media(account, since, name(cursor.get("next")))
        yield Page([], {"stage": "messages"})
    if stage in ("media", "messages"):
        kept = mapping(cursor.get("messages")) if stage == "messages" else {}
        for page in Conversations(account.graph, "instagram").history(since, kept):
            yield Page(page.deliveries, {"stage": "messages", "messages": dict(page.cursor)})
        yield Page([], {"stage": "done"})


def _media(account: Account, since: datetime, address: str | None) -> Iterator[Page]:
    graph = account.graph
    page = graph.get(address) if address else graph.get(f"{account.path}/media", fields=_MEDIUM, limit=_AT_ONCE)
    while True:
        here = {"stage": "media", "next": address} if address else {"stage": "media"}
        kept = [one for one in listed(page) if _is_since(one, since)]
        for one in kept:
            yield from _more_comments(account, one, here)
        is_over = bool(listed(page)) and len(kept) < len(listed(page))
        address = None if is_over else graph.next_address(page)
        yield Page(
            [as_delivery({"data": kept})] if kept else [], {"stage": "media", "next": address} if address else here
        )
        if address is None:
            return
        page = graph.get(address)


def _more_comments(account: Account, medium: Mapping[str, Any], cursor: Mapping[str, Any]) -> Iterator[Page]:
    """The comments that no longer fit beside their medium."""
    comments: Any = medium.get("comments")
    while address := account.graph.next_address(comments):
        comments = account.graph.get(address)
        yield Page([as_delivery({"id": medium.get("id"), "comments": comments})], cursor)


def _is_since(one: Mapping[str, Any], since: datetime) -> bool:
    at = instant(one.get("timestamp"))
    return at is None or at >= since


def figures(account: Account, post_ids: Sequence[str]) -> list[Figure]:
    """Today's figures of the account, and of those of its latest media that are named."""
    told = account.graph.get(account.path, fields="followers_count,follows_count,media_count")
    counted = {"followers": "followers_count", "following": "follows_count", "posts": "media_count"}
    found = _figures(told, counted, None)
    wanted = set(post_ids)
    if not wanted:
        return found
    fields = "id,like_count,comments_count"
    for one in listed(account.graph.get(f"{account.path}/media", fields=fields, limit=_COUNTED)):
        identifier = name(one.get("id"))
        if identifier in wanted:
            found += _figures(one, {"likes": "like_count", "comments": "comments_count"}, identifier)
    return found


def _figures(told: Mapping[str, Any], names: Mapping[str, str], external_id: str | None) -> list[Figure]:
    counted = [(figure, number(told.get(key))) for figure, key in names.items()]
    return [Figure(figure, value, external_id) for figure, value in counted if value is not None]
