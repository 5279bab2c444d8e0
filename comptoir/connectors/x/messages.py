"""Direct messages, as API v1.1, API v2 and the older streams write them.

An exchange of two is known by the other person's id, so that both generations of the API speak of the same one; an
exchange of more keeps the id that X gave it. Where nobody says who we are, the sender is taken for the other person.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import inside, instant, items, mapping, mappings, name, number, text
from comptoir.connectors.x.expansions import Expansions
from comptoir.connectors.x.statuses import id_of, instant_of, media_of, user_of

_SPOKEN = "MessageCreate"


def looks_like_dm_event(found: Mapping[str, Any]) -> bool:
    """Whether an object of API v2 is a direct message or something that happened in an exchange."""
    kind = name(found.get("event_type")) or ""
    return "payload" not in found and ("dm_conversation_id" in found or kind.startswith(("Message", "Participants")))


def read_dm_event(found: Mapping[str, Any], beside: Expansions, own_id: str | None) -> NetworkEvent:
    """One event of an exchange, of API v2."""
    event_id, kind = name(found.get("id")), name(found.get("event_type"))
    if kind not in (None, _SPOKEN):
        return NetworkEvent(EventKind.IGNORED, external_id=event_id, reason=f"Nobody said anything: {kind}.")
    sender, exchange = name(found.get("sender_id")), name(found.get("dm_conversation_id"))
    two = _two(exchange, [name(one) for one in items(found.get("participant_ids"))])
    is_ours = own_id is not None and sender == own_id
    other = next((one for one in two if one != own_id), None) if own_id in two else None
    return NetworkEvent(
        event=EventKind.MESSAGE,
        direction="outgoing" if is_ours else "incoming",
        visibility="private",
        external_id=event_id,
        thread_id=other or exchange,
        author=beside.author(sender),
        text=_unescaped(found.get("text")),
        attachments=_files(found, beside),
        sent_at=instant(found.get("created_at")),
        counterpart=beside.author(other) if is_ours and other else None,
        custom={"exchange": exchange} if exchange else {},
    )


def _two(exchange: str | None, participants: list[str | None]) -> list[str]:
    """The two that an exchange is between: X names it by their ids."""
    named = (exchange or "").split("-")
    if len(named) == 2 and all(named):
        return named
    known = [one for one in participants if one]
    return known if len(known) == 2 and exchange is None else []


def _files(found: Mapping[str, Any], beside: Expansions) -> tuple[Attachment, ...]:
    keys = inside(found, "attachments", "media_keys")
    posts = mappings(found.get("referenced_posts")) or mappings(found.get("referenced_tweets"))
    shared = (name(one.get("id")) for one in posts)
    links = tuple(Attachment("link", url=f"https://x.com/i/status/{post}") for post in shared if post)
    return beside.attachments(keys) + links


def read_message_create(found: Mapping[str, Any], users: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """One direct message of API v1.1 and of account activity webhooks."""
    event_id = id_of(found)
    kind = name(found.get("type"))
    created = mapping(found.get("message_create"))
    if kind != "message_create" or not created:
        return NetworkEvent(EventKind.IGNORED, external_id=event_id, reason=f"Nobody said anything: {kind}.")
    sender, recipient = name(created.get("sender_id")), name(inside(created, "target", "recipient_id"))
    written = mapping(created.get("message_data"))
    is_ours = sender is not None and sender in (own_id, recipient)
    other = recipient if is_ours else sender
    return NetworkEvent(
        event=EventKind.MESSAGE,
        direction="outgoing" if is_ours else "incoming",
        visibility="private",
        external_id=event_id,
        thread_id=other,
        author=_known(sender, users),
        text=_unescaped(written.get("text")),
        attachments=_attached(written),
        sent_at=instant(found.get("created_timestamp")),
        counterpart=_known(other, users) if is_ours else None,
    )


def _known(user_id: str | None, users: Mapping[str, Any]) -> Author:
    """A user by the id under which the message names them; what stands inside may contradict it."""
    user = user_of(users.get(user_id or ""))
    return Author(id=user_id, handle=user.handle, name=user.name, avatar_url=user.avatar_url)


def _attached(written: Mapping[str, Any]) -> tuple[Attachment, ...]:
    attached = mapping(written.get("attachment"))
    kind = name(attached.get("type"))
    if kind == "media":
        return media_of([attached.get("media")])
    if kind == "location":
        return (_place(mapping(attached.get("location"))),)
    return ()


def _place(location: Mapping[str, Any]) -> Attachment:
    """A place by its name, or a point: GeoJSON, the longitude first."""
    point = inside(location, "shared_coordinate", "coordinates", "coordinates")
    longitude, latitude = number(inside(point, 0)), number(inside(point, 1))
    known = longitude is not None and latitude is not None
    named = name(inside(location, "shared_place", "place", "full_name"))
    return Attachment("location", f"geo:{latitude},{longitude}" if known else None, named)


def read_old_message(found: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """One direct message as the streams and listings before 2018 wrote it: sender and recipient inside."""
    sender, recipient = user_of(found.get("sender")), user_of(found.get("recipient"))
    sender_id = sender.id or name(found.get("sender_id"))
    is_ours = own_id is not None and sender_id == own_id
    other = recipient if is_ours else sender
    return NetworkEvent(
        event=EventKind.MESSAGE,
        direction="outgoing" if is_ours else "incoming",
        visibility="private",
        external_id=id_of(found),
        thread_id=other.id or (name(found.get("recipient_id")) if is_ours else sender_id),
        author=sender if sender.id else Author(id=sender_id, handle=name(found.get("sender_screen_name"))),
        text=_unescaped(found.get("text")),
        attachments=media_of(inside(found, "entities", "media")),
        sent_at=instant_of(found.get("created_at")),
        counterpart=other if is_ours else None,
    )


def _unescaped(written: object) -> str | None:
    found = text(written)
    return None if found is None else html.unescape(found)
