"""Comments (t1), posts (t3) and private messages (t4)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import flag, inside, instant, items, mapping, name, number, text

_GONE = ("[deleted]", "[removed]", "[ Removed by Reddit ]", "[deleted by user]")
_IN_CONTEXT = re.compile(r"/comments/([0-9a-z]{1,13})(?:/|$|\?)")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:\?|$)", re.IGNORECASE)
_SITE = "https://www.reddit.com"


def fullname(content: Mapping[str, Any], prefix: str) -> str | None:
    """A thing's id with the prefix of its kind, which makes it unique on Reddit."""
    known, bare = name(content.get("name")), name(content.get("id"))
    if known and known.startswith(f"{prefix}_"):
        return known
    return f"{prefix}_{bare.removeprefix(f'{prefix}_')}" if bare else None


def author_of(content: Mapping[str, Any]) -> Author:
    """The author, absent where they closed their account."""
    handle = name(content.get("author"))
    if handle in _GONE:
        return Author()
    return Author(id=name(content.get("author_fullname")), handle=handle)


def read_comment(content: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A comment, a deletion where it is gone and, where we listen, the change of one that was edited."""
    external_id = fullname(content, "t1")
    post = name(content.get("link_id")) or _post_in(content.get("context") or content.get("permalink"))
    if _is_gone(content, "body"):
        yield _deletion(external_id, post)
        return
    author = author_of(content)
    event = NetworkEvent(
        event=EventKind.COMMENT,
        direction=_direction(author, own_id),
        visibility="public",
        external_id=external_id,
        parent_id=name(content.get("parent_id")),
        thread_id=post,
        author=author,
        text=_words(content, "body"),
        sent_at=_at(content),
        url=_address(content.get("permalink") or content.get("context")),
        attachments=_pictures_in(content),
        custom=_place(content),
    )
    yield event
    yield from _change(event, content, own_id)


def read_post(content: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A post: words, a link, pictures or a video, under a title."""
    external_id = fullname(content, "t3")
    if _is_gone(content, "selftext"):
        yield _deletion(external_id, external_id)
        return
    author = author_of(content)
    event = NetworkEvent(
        event=EventKind.POST,
        direction=_direction(author, own_id),
        visibility="public",
        external_id=external_id,
        thread_id=external_id,
        author=author,
        text=_words(content, "selftext") or None,
        subject=_unescaped(content.get("title")),
        attachments=_attachments(content),
        sent_at=_at(content),
        url=_address(content.get("permalink")),
        custom=_place(content),
    )
    yield event
    yield from _change(event, content, own_id)


def read_message(content: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """A private message; the first of an exchange names it."""
    external_id, author = fullname(content, "t4"), author_of(content)
    is_ours = own_id is not None and author.id == own_id
    if author.handle is None and name(content.get("subreddit")):  # the moderators wrote as one
        author = Author(handle=f"r/{name(content.get('subreddit'))}")
    return NetworkEvent(
        event=EventKind.MESSAGE,
        direction="outgoing" if is_ours else "incoming",
        visibility="private",
        external_id=external_id,
        parent_id=_parent(content),
        thread_id=name(content.get("first_message_name")) or external_id,
        author=author,
        text=_words(content, "body"),
        subject=_unescaped(content.get("subject")),
        sent_at=_at(content),
        counterpart=Author(handle=name(content.get("dest"))) if is_ours else None,
        custom={"subject": _unescaped(content.get("subject")) or ""},
    )


def _place(content: Mapping[str, Any]) -> dict[str, Any]:
    """Where it stands, and whether we moderate there, where Reddit says so."""
    subreddit, may = name(content.get("subreddit")), content.get("can_mod_post")
    kept = {"subreddit": subreddit} if subreddit else {}
    return {**kept, "moderates": may} if isinstance(may, bool) else kept


def _parent(content: Mapping[str, Any]) -> str | None:
    parent = name(content.get("parent_id"))
    return parent if parent and parent.startswith("t4_") else None


def _direction(author: Author, own_id: str | None) -> Any:
    return "outgoing" if own_id is not None and author.id == own_id else "incoming"


def _is_gone(content: Mapping[str, Any], key: str) -> bool:
    words = text(content.get(key))
    return (words or "").strip() in _GONE and (key == "body" or name(content.get("author")) in (None, *_GONE))


def _deletion(target: str | None, thread: str | None) -> NetworkEvent:
    return NetworkEvent(EventKind.DELETE, "incoming", "public", target_id=target, thread_id=thread)


def _change(event: NetworkEvent, content: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """``edited`` is false, or when; very old ones say true."""
    edited = content.get("edited")
    at = instant(edited) if number(edited) else None
    if own_id is not None and at is not None and event.external_id:
        yield replace(event, event=EventKind.EDIT, external_id=None, target_id=event.external_id, sent_at=at)


def _words(content: Mapping[str, Any], key: str) -> str | None:
    """Markdown as its author wrote it; <, > and & come as entities unless they were asked for as they are."""
    written = text(content.get(key))
    if written is None:
        shown = text(content.get(f"{key}_html"))
        return html_to_text(html.unescape(shown)) if shown else None
    return html.unescape(written)


def _unescaped(written: object) -> str | None:
    found = name(written)
    return None if found is None else html.unescape(found)


def _at(content: Mapping[str, Any]) -> Any:
    """``created`` is in the server's own zone, ``created_utc`` is not."""
    return instant(content.get("created_utc")) or instant(content.get("created"))


def _post_in(address: object) -> str | None:
    found = _IN_CONTEXT.search((text(address) or "")[:500])
    return f"t3_{found[1]}" if found else None


def _address(path: object) -> str | None:
    found = name(path)
    return _SITE + found if found and found.startswith("/") else found if found and found.startswith(_SITE) else None


# --- what a post shows ------------------------------------------------------------------------------------------------


def _attachments(content: Mapping[str, Any]) -> tuple[Attachment, ...]:
    video = mapping(inside(content, "secure_media", "reddit_video") or inside(content, "media", "reddit_video"))
    if video:
        return (Attachment("video", url=_unescaped(video.get("fallback_url")), mime_type="video/mp4"),)
    gallery = _gallery(content)
    if gallery:
        return gallery
    address = _unescaped(content.get("url_overridden_by_dest")) or _unescaped(content.get("url"))
    if address is None or flag(content.get("is_self")) or not address.startswith(("http://", "https://")):
        return _pictures_in(content)
    is_picture = name(content.get("post_hint")) == "image" or _PICTURE.search(address[:2000])
    return (Attachment("image" if is_picture else "link", url=address),)


def _gallery(content: Mapping[str, Any]) -> tuple[Attachment, ...]:
    shown = items(inside(content, "gallery_data", "items"))
    keys = [(name(inside(one, "media_id")), name(inside(one, "caption"))) for one in shown]
    media = (_medium(content, key, caption) for key, caption in keys if key)
    return tuple(medium for medium in media if medium.url)


def _pictures_in(content: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Pictures that stand inside the text."""
    known = mapping(content.get("media_metadata"))
    media = (_medium(content, key, None) for key in known if isinstance(known[key], dict))
    return tuple(medium for medium in media if medium.url)  # one still being prepared has no address


def _medium(content: Mapping[str, Any], key: str, caption: str | None) -> Attachment:
    medium = mapping(inside(content, "media_metadata", key))
    source = mapping(medium.get("s"))
    address = _unescaped(source.get("u")) or _unescaped(source.get("mp4")) or _unescaped(source.get("gif"))
    return Attachment("image", url=address, mime_type=name(medium.get("m")), alt_text=caption)
