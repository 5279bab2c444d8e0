"""X's own counts: of the account and of its posts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comptoir.connectors.base import Figure
from comptoir.connectors.shared.untrusted import inside, mapping, mappings, name, number
from comptoir.connectors.x.api import Api

_OF_ACCOUNT = {"followers_count": "followers", "following_count": "following", "post_count": "posts",
               "tweet_count": "posts"}  # fmt: skip
_OF_POST = {"impression_count": "views", "like_count": "likes", "reply_count": "comments"}
_SHARES = ("repost_count", "retweet_count", "quote_count")
_MOST_POSTS = 100


def figures(api: Api, post_ids: Sequence[str]) -> list[Figure]:
    """Followers, posts, and what became of those of our posts that are named."""
    account = api.get("/2/users/me", **{"user.fields": "public_metrics"})
    counted = mapping(inside(account.content, "data", "public_metrics"))
    found = [
        Figure(ours, value)
        for theirs, ours in _OF_ACCOUNT.items()
        if (value := number(counted.get(theirs))) is not None
    ]
    wanted = [one for one in post_ids if one.isascii() and one.isdigit()][:_MOST_POSTS]
    if wanted:
        posts = api.get("/2/tweets", ids=",".join(wanted), **{"post.fields": "public_metrics"})
        for post in mappings(inside(posts.content, "data")):
            found.extend(_of_post(post))
    return found


def _of_post(post: Mapping[str, Any]) -> Iterator[Figure]:
    post_id, counted = name(post.get("id")), mapping(post.get("public_metrics"))
    for theirs, ours in _OF_POST.items():
        value = number(counted.get(theirs))
        if value is not None:
            yield Figure(ours, value, external_id=post_id)
    shares = [value for key in _SHARES if (value := number(counted.get(key))) is not None]
    if shares:
        yield Figure("shares", sum(shares), external_id=post_id)
