"""What the server counts: of the account, and of posts of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comptoir.connectors.base import Figure
from comptoir.connectors.mastodon.server import Server
from comptoir.connectors.shared.untrusted import mapping, number

_OF_ACCOUNT = {"followers": "followers_count", "following": "following_count", "posts": "statuses_count"}
_OF_POST = {"likes": "favourites_count", "shares": "reblogs_count", "comments": "replies_count"}


def figures_of(server: Server, post_ids: Sequence[str]) -> list[Figure]:
    """Today's figures; a post that is gone has none."""
    account = mapping(server.get("/api/v1/accounts/verify_credentials"))
    found = list(_read(account, _OF_ACCOUNT, None))
    for identifier in post_ids:
        found += _read(mapping(server.found(f"/api/v1/statuses/{identifier}")), _OF_POST, identifier)
    return found


def _read(counted: Mapping[str, Any], names: Mapping[str, str], external_id: str | None) -> Iterator[Figure]:
    for figure, field in names.items():
        value = number(counted.get(field))
        if value is not None:
            yield Figure(figure, value, external_id)
