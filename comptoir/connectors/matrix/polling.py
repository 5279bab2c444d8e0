"""Asking the homeserver what happened: syncs, what a long absence left out, the past."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.matrix.homeserver import Homeserver
from comptoir.connectors.matrix.payloads import CLOSED_ROOMS, MEMBERS, PRIVATE_ROOMS
from comptoir.connectors.matrix.rooms import is_closed, members_of
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import flag, inside, instant, items, mapping, mappings, name

_TYPES = ["m.room.message", "m.sticker", "m.reaction", "m.room.redaction", "m.poll.start", "m.call.invite",
          "m.room.encrypted"]  # fmt: skip
_FILTER = {
    "presence": {"not_types": ["*"]},
    "account_data": {"not_types": ["*"]},
    "room": {
        "timeline": {"types": _TYPES, "limit": 50},
        "state": {"types": ["m.room.member"], "lazy_load_members": True},
        "ephemeral": {"types": ["m.receipt"]},
        "account_data": {"not_types": ["*"]},
    },
}
_PAGE = 100
_MOST_PAGES = 20
_MOST_SYNCS = 50


def new_events(server: Homeserver, cursor: Mapping[str, Any], *, joins: bool) -> Iterator[Page]:
    """What happened since ``cursor``; rooms that we are invited to are joined first, where that is wanted."""
    since = name(cursor.get("since"))
    joining = [room for room in items(cursor.get("joining")) if isinstance(room, str)]
    for _sync in range(_MOST_SYNCS):
        asked = {"filter": json.dumps(_FILTER), "timeout": "0"} | ({"since": since} if since else {})
        sync = mapping(server.call("GET", "/sync", params=asked))
        following = name(sync.get("next_batch"))
        invited = list(mapping(inside(sync, "rooms", "invite"))) if joins else []
        joined = mapping(inside(sync, "rooms", "join"))
        deliveries = _deliveries(server, joined, since, joining)
        if following is None or (following == since and not deliveries):
            return
        joining = [room for room in joining if room not in joined]
        joining += [room for room in invited if _join(server, room)]
        yield Page(deliveries, {"since": following, "joining": joining})
        since = following
        if not invited and not deliveries:
            return


def _deliveries(
    server: Homeserver, joined: Mapping[str, Any], since: str | None, joining: Sequence[str]
) -> list[Delivery]:
    """What was said in the rooms of a sync, after what the sync left out of each."""
    spoken = [room for room, content in joined.items() if _has_events(mapping(content))]
    missed = [
        one for room in spoken if since is not None
        for one in _left_out(server, room, mapping(joined[room]), None if room in joining else since)
    ]  # fmt: skip
    return [*missed, *([_delivery(server, spoken, {"rooms": {"join": joined}})] if spoken else [])]


def _join(server: Homeserver, room: str) -> bool:
    """Join, where the invitation still stands."""
    try:
        server.call("POST", server.room(room, "join"), json={})
    except RefusedError:
        return False
    return True


def _has_events(content: Mapping[str, Any]) -> bool:
    return bool(items(inside(content, "timeline", "events")) or items(inside(content, "ephemeral", "events")))


def _left_out(server: Homeserver, room: str, content: Mapping[str, Any], since: str | None) -> list[Delivery]:
    """What a sync left out because too much happened, the oldest first; of a room just joined all that may be read."""
    if not flag(inside(content, "timeline", "limited")):
        return []
    pages: list[Delivery] = []
    before = name(inside(content, "timeline", "prev_batch"))
    for _page in range(_MOST_PAGES):
        asked = {"dir": "b", "limit": str(_PAGE)} | ({"from": before} if before else {})
        asked |= {"to": since} if since else {}
        answer = mapping(server.call("GET", server.room(room, "messages"), params=asked))
        chunk = mappings(answer.get("chunk"))
        if chunk:
            pages.append(_delivery(server, [room], {"room_id": room, "chunk": list(reversed(chunk))}))
        before = name(answer.get("end"))
        if not chunk or before is None:
            break
    return list(reversed(pages))


def _delivery(server: Homeserver, rooms: Sequence[str], content: Mapping[str, Any]) -> Delivery:
    """With what tells a private room from a public one, who reads along in that, and people's names."""
    members = {room: members_of(server, room) for room in rooms}
    private = [room for room in rooms if len(members[room]) <= 2]  # we and one other
    closed = [room for room in rooms if room not in private and is_closed(server, room)]
    body = {**content, PRIVATE_ROOMS: private, CLOSED_ROOMS: closed, MEMBERS: members}
    return Delivery(json.dumps(body, default=str).encode())


def past_events(server: Homeserver, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What was said back to ``since``, room by room, the newest first."""
    done = [one for one in items(cursor.get("done")) if isinstance(one, str)]
    before = name(cursor.get("before"))
    rooms = [
        one for one in items(mapping(server.call("GET", "/joined_rooms")).get("joined_rooms")) if isinstance(one, str)
    ]
    for room in (one for one in rooms if one not in done):
        while True:
            asked = {"dir": "b", "limit": str(_PAGE)} | ({"from": before} if before else {})
            answer = mapping(server.call("GET", server.room(room, "messages"), params=asked))
            chunk = mappings(answer.get("chunk"))
            fresh = [one for one in chunk if (instant(one.get("origin_server_ts")) or since) >= since]
            before = name(answer.get("end"))
            over = before is None or not chunk or len(fresh) < len(chunk)
            if over:
                done, before = [*done, room], None
            said = [_delivery(server, [room], {"room_id": room, "chunk": fresh})] if fresh else []
            yield Page(said, {"done": done, "before": before})
            if over:
                break
