"""The rules of X's filtered stream: one of ours for each account, kept in step; those of others are let alone.

A rule belongs to the app, not to the account: ours bears a tag with the account's id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import PermanentError
from comptoir.connectors.shared.calling import quoting
from comptoir.connectors.shared.untrusted import inside, mappings, name
from comptoir.connectors.x.api import Api
from comptoir.core.reasons import Reason

_PATH = "/2/tweets/search/stream/rules"
_MOST_PAGES = 50


def kept_rules(api: Api, own_id: str, handle: str) -> frozenset[str]:
    """Have X's stream tell of what is said to the account, and only that; the ids of the rules that do.

    Raises PermanentError where X does not take the rule, and whatever a call raises.
    """
    wanted, known = rule_of(own_id, handle), list(_known(api))
    ours = [rule for rule in known if name(rule.get("tag")) == _tag(own_id)]
    matching = [identifier for rule in known if rule.get("value") == wanted and (identifier := name(rule.get("id")))]
    if not matching:
        matching = [_added(api, wanted, _tag(own_id))]
    _delete(api, [name(rule.get("id")) or "" for rule in ours if rule.get("value") != wanted])
    return frozenset(matching)


def forget_rules(api: Api, own_id: str) -> None:
    """Take our rules for the account back: another stream of the same app would go on paying for them."""
    ours = [name(rule.get("id")) or "" for rule in _known(api) if name(rule.get("tag")) == _tag(own_id)]
    _delete(api, ours)


def rule_of(own_id: str, handle: str) -> str:
    """Mentions, replies, quotes by their link, and what the account itself writes elsewhere; no reposts."""
    links = " OR ".join(f'url:"{host}/{handle}/status"' for host in ("x.com", "twitter.com"))
    return f"(@{handle} OR to:{own_id} OR from:{own_id} OR {links}) -is:retweet"


def _tag(own_id: str) -> str:
    return f"comptoir:{own_id}"


def _known(api: Api) -> Iterator[Mapping[str, Any]]:
    following: str | None = None
    for _page in range(_MOST_PAGES):
        asked = {"pagination_token": following} if following else {}
        content = api.as_app("GET", _PATH, params=asked).content
        yield from mappings(inside(content, "data"))
        following = name(inside(content, "meta", "next_token"))
        if following is None:
            return


def _added(api: Api, value: str, tag: str) -> str:
    content = api.as_app("POST", _PATH, {"add": [{"value": value, "tag": tag}]}).content
    identifier = name(inside(content, "data", 0, "id")) or name(inside(content, "errors", 0, "id"))  # it was there
    if identifier is None:
        said = name(inside(content, "errors", 0, "detail")) or name(inside(content, "errors", 0, "title")) or ""
        raise PermanentError(quoting(Reason("X did not take the rule of the filtered stream."), said))
    return identifier


def _delete(api: Api, ids: list[str]) -> None:
    stale = [identifier for identifier in ids if identifier]
    if stale:
        api.as_app("POST", _PATH, {"delete": {"ids": stale}})
