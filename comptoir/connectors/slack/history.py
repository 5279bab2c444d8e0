"""What was said before we were connected: channel after channel, each from its newest message back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.shared.untrusted import inside, items, mapping, mappings, name, whole
from comptoir.connectors.slack.api import Workspace

_KINDS = "public_channel,private_channel,mpim,im"
_PAGE_SIZE = 100
_MAX_CHANNEL_PAGES = 50


def history(workspace: Workspace, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Go on with the channels that are left: ``cursor`` names them and the page of the first."""
    channels = [one for one in map(name, items(cursor.get("channels"))) if one]
    if "channels" not in cursor:
        channels = list(_channels(workspace))
    page = name(cursor.get("page")) or ""
    while channels:
        messages, page = _page(workspace, channels[0], since, page)
        deliveries = [_delivery(channels[0], messages)] if messages else []
        channels = channels if page else channels[1:]
        yield Page(deliveries, {"channels": channels, "page": page})


def _channels(workspace: Workspace) -> Iterator[str]:
    """The channels that the application is in."""
    asked: dict[str, str | int] = {"types": _KINDS, "limit": 200, "exclude_archived": "true"}
    for _number in range(_MAX_CHANNEL_PAGES):
        content = mapping(workspace.ask("users.conversations", **asked).content)
        yield from (found for one in mappings(content.get("channels")) if (found := name(one.get("id"))))
        following = name(inside(content, "response_metadata", "next_cursor"))
        if not following:
            return
        asked["cursor"] = following


def _page(workspace: Workspace, channel: str, since: datetime, page: str) -> tuple[Sequence[Mapping[str, Any]], str]:
    asked: dict[str, str | int] = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "limit": _PAGE_SIZE}
    content = mapping(workspace.ask("conversations.history", **asked, **({"cursor": page} if page else {})).content)
    found: list[Mapping[str, Any]] = []
    for message in mappings(content.get("messages")):
        found.append(message)
        if whole(message.get("reply_count")) and name(message.get("thread_ts")):
            asked_thread = {**asked, "ts": str(message["thread_ts"])}
            thread = mapping(workspace.ask("conversations.replies", **asked_thread).content)
            found += [one for one in mappings(thread.get("messages")) if one.get("ts") != message.get("ts")]
    return found, name(inside(content, "response_metadata", "next_cursor")) or ""


def _delivery(channel: str, messages: Sequence[Mapping[str, Any]]) -> Delivery:
    """The oldest first, with the channel, which Slack leaves out."""
    in_order = sorted(messages, key=lambda message: name(message.get("ts")) or "")
    body = json.dumps({"channel": channel, "messages": in_order}, default=float).encode()
    return Delivery(body, key="history:" + hashlib.blake2s(body, digest_size=16).hexdigest())
