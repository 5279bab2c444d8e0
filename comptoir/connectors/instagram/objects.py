"""Comments and media as Instagram's API lists them: one, a list, comments inside media, answers inside comments.

Source: Instagram Platform reference, "IG Comment", "IG Media", "Mentioned Comment", "Mentioned Media".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Attachment, EventKind, NetworkEvent
from comptoir.connectors.instagram.comments import is_self, kept, person_of
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, text

_OF_MEDIA = frozenset(
    {"caption", "media_type", "media_url", "permalink", "comments_count", "media_product_type", "shortcode", "children",
     "thumbnail_url", "is_comment_enabled"}
)  # fmt: skip
_OF_A_COMMENT = frozenset({"text", "hidden", "replies", "parent_id", "user", "media"})
_OF_MESSAGES = frozenset({"message", "messages", "participants", "created_time", "to", "shares", "is_unsupported"})
_DEEPEST = 4


def is_private(content: object) -> bool:
    """Whether an answer lists private messages or conversations."""
    return any(_OF_MESSAGES & one.keys() for one in objects(content))


def objects(content: object) -> Iterator[Mapping[str, Any]]:
    """The objects of an answer: of a list, a map by id, or the one."""
    told = mapping(content)
    if isinstance(told.get("data"), list):
        yield from mappings(told["data"])
    elif told and all(isinstance(one, dict) and "id" in one for one in told.values()):
        yield from told.values()
    else:
        yield told


def read_objects(content: object, own_id: str | None) -> list[NetworkEvent]:
    """Every comment and medium of an answer, in its order."""
    return [event for one in objects(content) for event in _read(one, own_id, None, 0)]


def _read(one: Mapping[str, Any], own_id: str | None, media_id: str | None, depth: int) -> Iterator[NetworkEvent]:
    """An object, and what stands inside it."""
    if depth > _DEEPEST:
        return
    own = _event(one, own_id, media_id)
    inner = [*_inside(one, own_id, media_id, depth)]
    if own is not None:
        yield own
    elif not inner:
        yield NetworkEvent(EventKind.IGNORED, external_id=name(one.get("id")), reason="no comment and no medium")
    yield from inner


def _event(one: Mapping[str, Any], own_id: str | None, media_id: str | None) -> NetworkEvent | None:
    if isinstance(one.get("mentioned_comment"), dict):
        return _comment(one["mentioned_comment"], own_id, None, is_mention=True)
    if isinstance(one.get("mentioned_media"), dict):
        return _medium(one["mentioned_media"], own_id)
    if media_id is None and _OF_MEDIA & one.keys():
        return _medium(one, own_id)
    is_said = bool({"text", "timestamp", "from"} & one.keys())
    if is_said and (media_id is not None or _OF_A_COMMENT & one.keys()):
        return _comment(one, own_id, media_id)
    return None


def _inside(one: Mapping[str, Any], own_id: str | None, media_id: str | None, depth: int) -> Iterator[NetworkEvent]:
    """An account's media, a medium's comments, a comment's answers."""
    identifier = name(one.get("id"))
    for medium in mappings(inside(one, "media", "data")):
        yield from _read(medium, own_id or identifier, None, depth + 1)
    for comment in mappings(inside(one, "comments", "data")):
        yield from _read(comment, own_id, identifier, depth + 1)
    for reply in mappings(inside(one, "replies", "data")):
        yield _comment(reply, own_id, media_id or _media_of(one), parent=identifier)


def _comment(
    one: Mapping[str, Any],
    own_id: str | None,
    media_id: str | None,
    *,
    parent: str | None = None,
    is_mention: bool = False,
) -> NetworkEvent:
    author, media = person_of(one), media_id or _media_of(one)
    answered = name(one.get("parent_id")) or parent
    return NetworkEvent(
        EventKind.COMMENT,
        direction="outgoing" if (own_id and author.id == own_id) or is_self(one) else "incoming",
        visibility="public",
        external_id=name(one.get("id")),
        parent_id=answered or media,
        thread_id=media,
        author=author,
        text=text(one.get("text")),
        sent_at=instant(one.get("timestamp")),
        scope=own_id or "",
        custom=kept(parent=answered, mentioned_in=media if is_mention else None),
    )


def _medium(one: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    author, identifier = person_of(one), name(one.get("id"))
    return NetworkEvent(
        EventKind.POST,
        direction="outgoing" if own_id and author.id == own_id else "incoming",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        author=author,
        text=text(one.get("caption")),
        attachments=_files(one),
        sent_at=instant(one.get("timestamp")),
        url=name(one.get("permalink")),
        scope=own_id or "",
        custom=kept(mentioned_in=identifier if author.id != own_id else None),
    )


def _media_of(one: Mapping[str, Any]) -> str | None:
    media = one.get("media")
    return name(media.get("id")) if isinstance(media, dict) else name(media)


def _files(one: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The pictures and films of a medium; of an album, its parts or, where they are not told, its cover."""
    parts = mappings(inside(one, "children", "data")) or [one]
    found = [(_kind(part), name(part.get("media_url")) or name(part.get("thumbnail_url"))) for part in parts]
    return tuple(Attachment(kind, url) for kind, url in dict.fromkeys(found) if url)


def _kind(part: Mapping[str, Any]) -> str:
    is_film = name(part.get("media_type")) in ("VIDEO", "REELS") and name(part.get("media_url"))
    return "video" if is_film else "image"
