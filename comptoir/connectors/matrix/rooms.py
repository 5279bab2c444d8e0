"""What the homeserver tells of a room when it is asked: what it is called, who is in it, who reads along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.matrix.homeserver import Homeserver
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import mapping, name


def called(server: Homeserver, room: str) -> str | None:
    """Its name, else the address that it goes by; None where it has neither, or we may not know."""
    try:
        return _state(server, room, "m.room.name", "name") or _state(server, room, "m.room.canonical_alias", "alias")
    except RefusedError:
        return None


def is_closed(server: Homeserver, room: str) -> bool:
    """Whether its members alone read what is said: nobody comes in who was not let in, nor reads from outside. False
    where the server does not tell. What a room does not say is as the specification has it.
    """
    try:
        joined_by = _state(server, room, "m.room.join_rules", "join_rule") or "invite"
        read_by = _state(server, room, "m.room.history_visibility", "history_visibility") or "shared"
    except RefusedError:
        return False
    return joined_by != "public" and read_by != "world_readable"


def members_of(server: Homeserver, room: str) -> Mapping[str, Any]:
    """How its people are called, of two hundred of them; none where we are no longer in it."""
    try:
        joined = mapping(mapping(server.call("GET", server.room(room, "joined_members"))).get("joined"))
    except RefusedError:
        return {}
    return dict(list(joined.items())[:200])


def _state(server: Homeserver, room: str, kind: str, key: str) -> str | None:
    try:
        return name(mapping(server.call("GET", server.room(room, "state", kind))).get(key))
    except RefusedError as error:
        if error.code == "M_NOT_FOUND":
            return None
        raise
