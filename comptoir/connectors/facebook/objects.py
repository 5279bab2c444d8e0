"""Posts, comments and recommendations as the Graph API lists them: one, a list, a map by id, one inside another.

Source: Graph API reference, "Page Post", "Comment", "Recommendation".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.facebook.feed import rating_of
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, text

_OF_A_RATING = frozenset(
    {"reviewer", "review_text", "recommendation_type", "open_graph_story", "has_review", "has_rating"}
)
_OF_A_COMMENT = frozenset(
    {"comment_count", "can_comment", "can_hide", "can_remove", "can_reply_privately", "user_likes", "like_count",
     "is_hidden", "parent", "object", "attachment", "private_reply_conversation"}
)  # fmt: skip
_OF_A_POST = frozenset(
    {"status_type", "story", "full_picture", "shares", "is_published", "attachments", "to", "updated_time", "actions",
     "promotable_id", "is_popular", "is_spherical", "picture"}
)  # fmt: skip
_LISTS_OF_A_PAGE = ("feed", "posts", "published_posts", "visitor_posts", "tagged", "ratings")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an object stands: under which post, in answer to what, how deep."""

    post: str | None = None
    parent: str | None = None
    depth: int = 0


def read_objects(content: object, own_id: str | None) -> list[NetworkEvent]:
    """Every post, comment, recommendation and reaction of an answer, in its order."""
    return [event for one in _objects(content) for event in _read(one, own_id, _Place())]


def _objects(content: object) -> Iterator[Mapping[str, Any]]:
    told = mapping(content)
    if isinstance(told.get("data"), list):
        yield from mappings(told["data"])
    elif told and all(isinstance(one, dict) and "id" in one for one in told.values()):
        yield from told.values()  # ?ids=…: objects by their ids
    else:
        yield told


def _read(one: Mapping[str, Any], own_id: str | None, place: _Place) -> Iterator[NetworkEvent]:
    """An object, and what stands inside it."""
    if place.depth > _DEEPEST:
        return
    if (name(one.get("id")) or "").startswith("m_") and "to" in one:
        yield NetworkEvent(EventKind.IGNORED, reason="a private message, which is Messenger’s")
        return
    own = _event(one, own_id, place)
    inner = [*_inside(one, own_id, place, own)]
    if own is not None:
        yield own
    elif not inner:
        why = "no post, comment or recommendation"
        yield NetworkEvent(EventKind.IGNORED, external_id=name(one.get("id")), reason=why)
    yield from inner


def _event(one: Mapping[str, Any], own_id: str | None, place: _Place) -> NetworkEvent | None:
    identifier = name(one.get("id"))
    if _OF_A_RATING & one.keys():
        return _review(one, own_id)
    if name(one.get("type")) and not {"message", "created_time"} & one.keys():
        return _reaction(one, own_id, place)
    if place.post is not None or _is_comment(one, identifier, own_id):
        return _comment(one, identifier, own_id, place)
    return _post(one, identifier, own_id) if {"created_time", "message"} & one.keys() else None


def _inside(
    one: Mapping[str, Any], own_id: str | None, place: _Place, own: NetworkEvent | None
) -> Iterator[NetworkEvent]:
    """What a Page's lists, a post's comments and the reactions to either hold."""
    identifier = name(one.get("id"))
    for key in _LISTS_OF_A_PAGE:
        for listed in mappings(inside(one, key, "data")):
            yield from _read(listed, own_id or identifier, _Place(depth=place.depth + 1))
    post = own.thread_id if own is not None and own.event is EventKind.COMMENT else identifier
    answered = _Place(post, identifier, place.depth + 1)
    for comment in mappings(inside(one, "comments", "data")):
        yield from _read(comment, own_id, answered)
    for key in ("reactions", "likes"):
        for reaction in mappings(inside(one, key, "data")):
            yield _reaction(reaction, own_id, answered)


def _is_comment(one: Mapping[str, Any], identifier: str | None, own_id: str | None) -> bool:
    if own_id and (identifier or "").startswith(f"{own_id}_"):
        return False
    if "comment_id=" in (name(one.get("permalink_url")) or "") or _OF_A_COMMENT & one.keys():
        return True
    return "from" in one and "message" in one and not _OF_A_POST & one.keys()


def _comment(one: Mapping[str, Any], identifier: str | None, own_id: str | None, place: _Place) -> NetworkEvent:
    thread = place.post or _post_of(one, identifier, own_id)
    parent = name(inside(one, "parent", "id")) or place.parent or thread
    file = mapping(one.get("attachment"))
    return NetworkEvent(
        EventKind.COMMENT,
        external_id=identifier,
        thread_id=thread,
        parent_id=parent,
        attachments=_attachments([file]) if file else (),
        custom={"item": "comment"},
        **_said(one, own_id),
    )


def _post_of(one: Mapping[str, Any], identifier: str | None, own_id: str | None) -> str | None:
    """The post a comment stands under; a comment's own id begins with the post's number, without the Page's."""
    told = name(inside(one, "object", "id"))
    if told is not None and ("_" in told or not own_id):
        return told
    number = told or (identifier or "").partition("_")[0]
    return f"{own_id}_{number}" if own_id and number and "_" in (identifier or "") else None


def _post(one: Mapping[str, Any], identifier: str | None, own_id: str | None) -> NetworkEvent:
    files = _attachments(mappings(inside(one, "attachments", "data")))
    picture = name(one.get("full_picture")) or name(one.get("picture"))
    if not files and picture:
        files = (Attachment("image", picture),)
    return NetworkEvent(
        EventKind.POST,
        external_id=identifier,
        thread_id=identifier,
        attachments=files,
        custom={"item": "post"},
        **_said(one, own_id),
    )


def _said(one: Mapping[str, Any], own_id: str | None) -> dict[str, Any]:
    author = _person(mapping(one.get("from")))
    return {
        "direction": "outgoing" if own_id and author.id == own_id else "incoming",
        "visibility": "public",
        "author": author,
        "text": text(one.get("message")) or None,
        "sent_at": instant(one.get("created_time")),
        "url": name(one.get("permalink_url")),
        "scope": own_id or "",
    }


def _review(one: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    story = name(inside(one, "open_graph_story", "id")) or name(one.get("open_graph_story_id")) or name(one.get("id"))
    return NetworkEvent(
        EventKind.REVIEW,
        direction="incoming",
        visibility="public",
        external_id=story,
        thread_id=story,
        author=_person(mapping(one.get("reviewer"))),
        text=text(one.get("review_text")),
        rating=rating_of(one),
        sent_at=instant(one.get("created_time")),
        scope=own_id or "",
        custom={"item": "rating"},
    )


def _reaction(one: Mapping[str, Any], own_id: str | None, place: _Place) -> NetworkEvent:
    author = _person(one)
    return NetworkEvent(
        EventKind.REACTION,
        direction="outgoing" if own_id and author.id == own_id else "incoming",
        visibility="public",
        target_id=place.parent,
        author=author,
        thread_id=place.post,
        reaction=(name(one.get("type")) or "like").lower(),
        scope=own_id or "",
    )


def _person(told: Mapping[str, Any]) -> Author:
    return Author(
        id=name(told.get("id")), name=name(told.get("name")), avatar_url=name(inside(told, "picture", "data", "url"))
    )


def _attachments(written: list[Mapping[str, Any]]) -> tuple[Attachment, ...]:
    """Pictures and films with their files where Facebook names them; of anything shared, its address."""
    found: list[Attachment] = []
    for one in written:
        parts = mappings(inside(one, "subattachments", "data")) or [one]
        found += [file for file in map(_attachment, parts) if file is not None]
    return tuple(dict.fromkeys(found))


def _attachment(one: Mapping[str, Any]) -> Attachment | None:
    kind = f"{name(one.get('type')) or ''} {name(one.get('media_type')) or ''}"
    picture, film = name(inside(one, "media", "image", "src")), name(inside(one, "media", "source"))
    title = name(one.get("title")) or name(one.get("description"))
    if "sticker" in kind and picture:
        return Attachment("sticker", picture, name=title)
    if "video" in kind and film:
        return Attachment("video", film, name=title)
    if "photo" in kind and picture:
        return Attachment("image", picture, name=title)
    address = name(one.get("url")) or name(inside(one, "target", "url")) or picture
    return Attachment("link", address, name=title) if address else None
