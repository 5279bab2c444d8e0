"""What a Page's webhooks tell: posts, comments, reactions, recommendations, mentions.

Source: developers.facebook.com, "Webhooks, Page" (fields feed, ratings, mention). Older deliveries name the author as
sender_id and sender_name, and give ids as numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent, Rating
from comptoir.connectors.shared.graph.envelope import Change
from comptoir.connectors.shared.untrusted import inside, instant, items, mapping, name, number, text

#: What a Page alone publishes: deliveries of it name nobody.
_OF_THE_PAGE = frozenset({"album", "event", "milestone", "offer"})
_FIELDS = frozenset({"feed", "mention", "ratings", "group_feed"})
_ADDED, _EDITED, _REMOVED = frozenset({"add"}), frozenset({"edit", "edited", "update"}), frozenset({"remove", "delete"})
_REACTIONS = frozenset({"like", "reaction"})
_POSTS = frozenset(
    {"post", "status", "photo", "video", "share", "link", "note", "album", "photo-album", "event", "milestone",
     "question", "story", "live_video", "reel"}
)  # fmt: skip
_THINGS = ("share_id", "photo_id", "video_id", "album_id", "event_id", "link_id", "note_id", "story_id")
_BEST = 5.0


def read_change(change: Change, own_id: str | None) -> NetworkEvent:
    """The event of one change; what nobody said is ignored, with its reason."""
    value = change.value
    item, verb = name(value.get("item")) or "", name(value.get("verb")) or ""
    if change.field not in _FIELDS or not item:
        return NetworkEvent(
            EventKind.IGNORED, reason=f"the Page’s field “{change.field}” changed: nobody said anything"
        )
    if item in _REACTIONS:
        return _reaction(change, own_id)
    kind = _kind(item, verb)
    said = _said(change, own_id, is_comment=item == "comment")
    if kind is EventKind.IGNORED:
        about = name(value.get("comment_id")) or _post_id(value)
        why = f"{item}: {verb or 'no verb'}, which is nothing that anybody said"
        return NetworkEvent(kind, target_id=about, reason=why, **said)
    if item == "rating":
        return _rating(change, kind, said)
    external_id = name(value.get("comment_id")) if item == "comment" else _post_id(value)
    return _placed(kind, external_id, said, change, item)


def _kind(item: str, verb: str) -> EventKind:
    if item not in _POSTS | {"comment", "rating"}:
        return EventKind.IGNORED
    if verb in _EDITED:
        return EventKind.EDIT
    if verb in _REMOVED:
        return EventKind.DELETE
    if verb not in _ADDED:
        return EventKind.IGNORED
    return {"comment": EventKind.COMMENT, "rating": EventKind.REVIEW}.get(item, EventKind.POST)


def _placed(kind: EventKind, external_id: str | None, said: dict[str, Any], change: Change, item: str) -> NetworkEvent:
    if kind in (EventKind.EDIT, EventKind.DELETE):
        edited_at = change.at if kind is EventKind.EDIT else None
        return NetworkEvent(kind, target_id=external_id, edited_at=edited_at, **said)
    sort = item if item in ("comment", "rating") else "post"
    return NetworkEvent(kind, external_id=external_id, custom={"item": sort}, **said)


def _rating(change: Change, kind: EventKind, said: dict[str, Any]) -> NetworkEvent:
    value = change.value
    story = name(value.get("open_graph_story_id")) or _post_id(value) or name(value.get("review_id"))
    said |= {"thread_id": story, "text": text(value.get("review_text")) or said["text"], "rating": rating_of(value)}
    return _placed(kind, story, said, change, "rating")


def rating_of(told: Mapping[str, Any]) -> Rating | None:
    """Stars, as recommendations had them; today a customer recommends a Page, or does not: 1 of 1, or 0 of 1."""
    stars = number(told.get("rating"))
    if stars is not None:
        return Rating(stars, _BEST)
    recommended = (name(told.get("recommendation_type")) or "").upper()
    return Rating(1.0 if recommended == "POSITIVE" else 0.0, 1.0) if recommended in ("POSITIVE", "NEGATIVE") else None


def _reaction(change: Change, own_id: str | None) -> NetworkEvent:
    value = change.value
    story = name(value.get("open_graph_story_id")) if change.field == "ratings" else None
    target = name(value.get("comment_id")) or _post_id(value) or name(value.get("parent_id")) or story
    is_gone = name(value.get("verb")) in _REMOVED
    said = _said(change, own_id, is_comment=False) | {"text": None, "attachments": (), "parent_id": None}
    if target is None:
        return NetworkEvent(EventKind.UNFOLLOW if is_gone else EventKind.FOLLOW, **said)
    reaction = name(value.get("reaction_type")) or "like"
    return NetworkEvent(
        EventKind.REACTION, target_id=target, reaction=reaction.lower(), reaction_removed=is_gone, **said
    )


def _said(change: Change, own_id: str | None, *, is_comment: bool) -> dict[str, Any]:
    """What posts and comments have in common. A comment under a recommendation is in that recommendation's thread."""
    value, page = change.value, change.owner or own_id
    author, post = _author(value), _post_id(value)
    if author.id is None and name(value.get("item")) in _OF_THE_PAGE:
        author = Author(id=page)
    is_ours = author.id is not None and author.id in (page, own_id)
    parent = (name(value.get("parent_id")) or post) if is_comment else None
    return {
        "direction": "outgoing" if is_ours else "incoming",
        "visibility": "public",
        "author": author,
        "thread_id": (name(value.get("open_graph_story_id")) if change.field == "ratings" else None) or post,
        "parent_id": parent,
        "related_ids": related(parent) if change.field == "ratings" else (),
        "text": text(value.get("message")),
        "attachments": _files(value),
        "sent_at": instant(value.get("created_time")),
        "scope": page or "",
        "url": name(value.get("permalink_url")) or name(inside(value, "post", "permalink_url")),
    }


def related(parent: str | None) -> tuple[str, ...]:
    """By what other id a recommendation may be known: that of its story, which a post's id ends in."""
    story = (parent or "").partition("_")[2]
    return (story,) if story else ()


def _author(value: Mapping[str, Any]) -> Author:
    told = mapping(value.get("from")) or mapping(value.get("reviewer"))
    flat = ("reviewer", "sender", "user")
    return Author(
        id=name(told.get("id")) or next((found for key in flat if (found := name(value.get(f"{key}_id")))), None),
        name=name(told.get("name")) or next((found for key in flat if (found := name(value.get(f"{key}_name")))), None),
    )


def _post_id(value: Mapping[str, Any]) -> str | None:
    """The post's own id; of what has none, that of the thing it shows."""
    told = name(value.get("post_id")) or name(inside(value, "post", "id"))
    return told or next((found for key in _THINGS if (found := name(value.get(key)))), None)


def _files(value: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Pictures and films; of a post that shares something, its address, which for a photo is the photo's file."""
    item = name(value.get("item"))
    photos = [name(one) for one in [value.get("photo"), *items(value.get("photos"))]]
    films = [name(value.get("video"))]
    link = name(value.get("link"))
    if item == "photo":
        photos.append(link)
    elif item in ("video", "live_video", "reel"):
        films.append(link)
    links = [link] if item not in ("photo", "video", "live_video", "reel") else []
    found = [("image", one) for one in photos] + [("video", one) for one in films] + [("link", one) for one in links]
    return tuple(Attachment(_pointer(kind, url), url) for kind, url in dict.fromkeys(found) if url)


def _pointer(kind: str, url: str) -> str:
    """A film may be named by the page that shows it: to be opened, not fetched."""
    return (
        "link" if url.startswith(("https://www.facebook.com/", "https://facebook.com/", "https://fb.watch/")) else kind
    )
