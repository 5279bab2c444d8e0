"""What X pushes: account activity webhooks, events of the X Activity API, and the notices of its streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Author, Direction, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name
from comptoir.connectors.x.expansions import expansions_of
from comptoir.connectors.x.messages import (
    looks_like_dm_event,
    read_dm_event,
    read_message_create,
    read_old_message,
)
from comptoir.connectors.x.posts import deleted_post, looks_like_post, read_post
from comptoir.connectors.x.statuses import id_of, instant_of, looks_like_status, read_status, user_of

#: What nobody has to answer, and why it is let go.
_UNUSED = {
    "direct_message_indicate_typing_events": "Somebody is typing.",
    "block_events": "Who blocks whom is not told to agents.",
    "unblock_events": "Who blocks whom is not told to agents.",
    "mute_events": "Whom we mute is not told to agents.",
    "unmute_events": "Whom we mute is not told to agents.",
    "user_event": "Access to the account was taken back on X: sign in again.",
}


def is_activity(found: Mapping[str, Any]) -> bool:
    """Whether an object is a delivery of the account activity API."""
    return "for_user_id" in found or any(key.endswith("_events") for key in found) or "user_event" in found


def read_activity(found: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A delivery of the account activity API: lists of events, each under the name of its kind."""
    own = own_id or name(found.get("for_user_id"))
    users = mapping(found.get("users"))
    for kind, listed in found.items():
        if kind in _UNUSED:
            yield NetworkEvent(EventKind.IGNORED, reason=_UNUSED[kind])
        elif kind in _READERS:
            for one in mappings(listed):
                yield _READERS[kind](one, users, own)
        elif kind.endswith(("_events", "_event")):
            yield NetworkEvent(EventKind.IGNORED, reason=f"Events of the kind “{kind}” are not known.")


def _status(found: Mapping[str, Any], users: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    return read_status(found, own_id)


def _favorite(found: Mapping[str, Any], users: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    author = user_of(found.get("user"))
    return NetworkEvent(
        event=EventKind.REACTION,
        direction="outgoing" if own_id is not None and author.id == own_id else "incoming",
        visibility="public",
        external_id=name(found.get("id")),
        target_id=id_of(found.get("favorited_status")),
        author=author,
        sent_at=instant(found.get("timestamp_ms")) or instant_of(found.get("created_at")),
        reaction="like",
    )


def _follow(found: Mapping[str, Any], users: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    follower = user_of(found.get("source"))
    return NetworkEvent(
        event=EventKind.UNFOLLOW if name(found.get("type")) == "unfollow" else EventKind.FOLLOW,
        direction="outgoing" if own_id is not None and follower.id == own_id else "incoming",
        author=follower,
        sent_at=instant(found.get("created_timestamp")),
        counterpart=user_of(found.get("target")) if follower.id == own_id else None,
    )


def _read_receipt(found: Mapping[str, Any], users: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    reader, other = name(found.get("sender_id")), name(inside(found, "target", "recipient_id"))
    return NetworkEvent(
        event=EventKind.READ,
        direction="outgoing" if reader != own_id else "incoming",
        visibility="private",
        target_id=name(found.get("last_read_event_id")),
        thread_id=other if reader == own_id else reader,
        author=Author(id=reader),
        sent_at=instant(found.get("created_timestamp")),
    )


def _deletion(found: Mapping[str, Any], users: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    status = mapping(found.get("status")) or found
    user = name(status.get("user_id_str")) or name(status.get("user_id"))
    return deleted_post(id_of(status), user, found.get("timestamp_ms"), own_id)


_Reader = Callable[[Mapping[str, Any], Mapping[str, Any], str | None], NetworkEvent]
_READERS: Mapping[str, _Reader] = {
    "tweet_create_events": _status,
    "favorite_events": _favorite,
    "follow_events": _follow,
    "unfollow_events": _follow,
    "direct_message_events": read_message_create,
    "direct_message_mark_read_events": _read_receipt,
    "tweet_delete_events": _deletion,
}


def read_streamed_deletion(found: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """A deletion notice of a stream: of a post, or of a direct message."""
    message = mapping(found.get("direct_message"))
    if message:
        return NetworkEvent(
            EventKind.DELETE,
            direction="incoming",
            visibility="private",
            target_id=id_of(message),
            author=Author(id=name(message.get("user_id_str")) or name(message.get("user_id"))),
        )
    return _deletion(found, {}, own_id)


def read_user_stream_event(found: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """An event of the older user streams: somebody (source) did something to somebody (target)."""
    kind, source = name(found.get("event")), user_of(found.get("source"))
    direction: Direction = "outgoing" if own_id is not None and source.id == own_id else "incoming"
    at, target = instant_of(found.get("created_at")), id_of(found.get("target_object"))
    if kind in ("follow", "unfollow"):
        return NetworkEvent(EventKind(kind), direction=direction, author=source, sent_at=at)
    if kind in ("favorite", "unfavorite"):
        return NetworkEvent(
            EventKind.REACTION, direction=direction, visibility="public", target_id=target, author=source,
            sent_at=at, reaction="like", reaction_removed=kind == "unfavorite",
        )  # fmt: skip
    if kind == "quoted_tweet" and looks_like_status(mapping(found.get("target_object"))):
        return read_status(mapping(found.get("target_object")), own_id)
    return NetworkEvent(EventKind.IGNORED, author=source, sent_at=at, reason=f"“{kind}” is nothing to answer.")


def read_xaa_event(found: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """An event of the X Activity API: an envelope with its kind, and a payload of that kind."""
    kind, payload = name(found.get("event_type")) or "", mapping(found.get("payload"))
    beside = expansions_of(found.get("includes"))
    own = own_id or name(inside(found, "filter", "user_id"))
    if is_activity(payload):
        yield from read_activity(payload, own)
    elif kind == "post.delete":
        yield deleted_post(name(payload.get("id")), name(payload.get("author_id")), None, own)
    elif looks_like_status(payload):
        yield read_status(payload, own)
    elif kind.startswith("post.") and looks_like_post(payload):
        yield read_post(payload, beside, own)
    elif kind.startswith(("follow.", "like.")):
        yield _gesture(kind, payload, own)
    elif kind.startswith("dm."):
        yield _direct_message(kind, payload, own, beside_of=found)
    else:
        yield NetworkEvent(EventKind.IGNORED, reason=f"Events of the kind “{kind}” are nothing to answer.")


def _gesture(kind: str, payload: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    if kind.startswith("follow."):
        source = mapping(payload.get("source"))
        author = Author(id=name(source.get("id")), handle=name(source.get("username")), name=name(source.get("name")))
        event = EventKind.UNFOLLOW if kind.endswith("unfollow") else EventKind.FOLLOW
        return NetworkEvent(event, direction="outgoing" if author.id == own_id else "incoming", author=author)
    liker = name(payload.get("user_id")) or name(payload.get("liking_user_id"))
    return NetworkEvent(
        event=EventKind.REACTION,
        direction="outgoing" if liker is not None and liker == own_id else "incoming",
        visibility="public",
        external_id=name(payload.get("id")),
        target_id=name(payload.get("liked_tweet_id")) or name(payload.get("liked_post_id")),
        author=Author(id=liker),
        sent_at=instant(payload.get("timestamp_ms")) or instant(payload.get("created_at")),
        reaction="like",
        reaction_removed=kind != "like.create",
    )


def _direct_message(
    kind: str, payload: Mapping[str, Any], own_id: str | None, *, beside_of: Mapping[str, Any]
) -> NetworkEvent:
    if "message_create" in payload:
        return read_message_create(payload, mapping(payload.get("users")), own_id)
    if looks_like_dm_event(payload):
        return read_dm_event(payload, expansions_of(beside_of.get("includes")), own_id)
    if kind in ("dm.sent", "dm.received") and isinstance(payload.get("text"), str):
        return read_old_message(payload, own_id)
    return NetworkEvent(EventKind.IGNORED, reason=f"Events of the kind “{kind}” are nothing to answer.")
