"""Asking channels what was written in them: what a broken stream missed, and the past."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.discord.api import Api
from comptoir.connectors.discord.sending import snowflake_at
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import mapping, mappings, name

_PAGE = 100
_MOST_PAGES = 50


def newer_messages(api: Api, channels: Sequence[str], cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What was written since ``cursor`` in each channel, the oldest first.

    A channel's first round only notes where it stands: its past is history's.
    """
    position = dict(cursor)
    newest = dict(mapping(cursor.get("channels")))
    for channel in channels:
        guild = _guild_of(api, channel)
        if guild is None:
            continue
        for _page in range(_MOST_PAGES):
            after = name(newest.get(channel))
            asked = {"after": after} if after else {}  # "0" is before all: of a channel that was empty
            page = sorted(mappings(api.get(f"/channels/{channel}/messages", limit=_PAGE, **asked)), key=_number)
            if not page and after:
                break
            newest[channel] = str(_number(page[-1])) if page else "0"
            position["channels"] = dict(newest)
            yield Page([_delivery(page, guild)] if after else [], dict(position))
            if not after or len(page) < _PAGE:
                break


def past_messages(api: Api, channels: Sequence[str], since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What was written back to ``since``, channel by channel, the newest first."""
    done = [str(one) for one in cursor.get("done", [])] if isinstance(cursor.get("done"), list) else []
    before, oldest = name(cursor.get("before")), snowflake_at(since)
    for channel in channels:
        guild = None if channel in done else _guild_of(api, channel)
        while guild is not None:
            asked = {"before": before} if before else {}
            page = sorted(
                mappings(api.get(f"/channels/{channel}/messages", limit=_PAGE, **asked)), key=_number, reverse=True
            )
            fresh = [one for one in page if _number(one) >= oldest]
            before = str(_number(page[-1])) if page else None
            over = not page or len(fresh) < len(page)
            if over:
                done, before = [*done, channel], None
            yield Page([_delivery(fresh, guild)] if fresh else [], {"done": done, "before": before})
            if over:
                break


def _guild_of(api: Api, channel: str) -> str | None:
    """The server that a channel is of, "" for a private one; None where the bot cannot see it."""
    try:
        return name(mapping(api.get(f"/channels/{channel}")).get("guild_id")) or ""
    except RefusedError:
        return None


def _number(message: Mapping[str, Any]) -> int:
    identifier = name(message.get("id")) or ""
    return int(identifier) if identifier.isdigit() and len(identifier) < 25 else 0


def _delivery(messages: Sequence[Mapping[str, Any]], guild: str) -> Delivery:
    return Delivery(json.dumps({"guild_id": guild, "messages": list(messages)}, default=str).encode())
