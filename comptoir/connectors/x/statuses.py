"""Posts of API v1.1, which account activity webhooks still deliver: statuses, with their author inside."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, text
from comptoir.connectors.x.expansions import MEDIA_KINDS, best_variant
from comptoir.connectors.x.posts import language_of, web_address


def looks_like_status(found: Mapping[str, Any]) -> bool:
    """Whether an object of API v1.1 is a post."""
    has_text = any(isinstance(found.get(key), str) for key in ("text", "full_text"))
    return has_text and isinstance(found.get("user"), dict)


def id_of(found: object) -> str | None:
    """An id as text: numbers above 2^53 are not to be trusted where a text stands beside them."""
    return name(inside(found, "id_str")) or name(inside(found, "id"))


def user_of(user: object) -> Author:
    """A user of API v1.1."""
    found = mapping(user)
    return Author(
        id=id_of(found),
        handle=name(found.get("screen_name")),
        name=name(found.get("name")),
        avatar_url=name(found.get("profile_image_url_https")) or name(found.get("profile_image_url")),
    )


def read_status(status: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """One status: a post, reply, quote or, around another one, a repost."""
    author = user_of(status.get("user"))
    is_ours = own_id is not None and author.id == own_id
    status_id, parent_id = id_of(status), _answered(status, "in_reply_to_status_id")
    reposted = mapping(status.get("retweeted_status"))
    if reposted:
        return NetworkEvent(
            event=EventKind.REPOST,
            direction="outgoing" if is_ours else "incoming",
            visibility="public",
            external_id=status_id,
            target_id=id_of(reposted),
            author=author,
            text=_text(status),
            sent_at=_instant(status),
        )
    return NetworkEvent(
        event=EventKind.POST,
        direction="outgoing" if is_ours else "incoming",
        visibility="public",
        external_id=status_id,
        parent_id=parent_id,
        thread_id=name(status.get("conversation_id_str")) or (None if parent_id else status_id),
        author=author,
        text=_text(status),
        attachments=_attachments(status),
        sent_at=_instant(status),
        language=language_of(status),
        counterpart=_counterpart(status) if is_ours else None,
        url=web_address(author, status_id),
        custom={**_quoted(status), **_whom_it_answers(status)},
    )


def media_of(found: object) -> tuple[Attachment, ...]:
    """A list of media of API v1.1."""
    return tuple(_medium(one) for one in mappings(found))


def _text(status: Mapping[str, Any]) -> str | None:
    long = text(inside(status, "extended_tweet", "full_text"))
    written = long or text(status.get("full_text")) or text(status.get("text"))
    return None if written is None else html.unescape(written)


def _instant(status: Mapping[str, Any]) -> Any:
    return instant(status.get("timestamp_ms")) or instant(_mail_date(status.get("created_at")))


def _mail_date(written: object) -> object:
    """“Sun Oct 27 20:35:25 +0000 2013” in the order of a mail's date."""
    parts = written.split() if isinstance(written, str) else []
    if len(parts) != 6:
        return written
    _day, month, number, clock, zone, year = parts
    return f"{number} {month} {year} {clock} {zone}"


def instant_of(written: object) -> Any:
    """An instant in any of the ways v1.1 writes it."""
    return instant(_mail_date(written))


def _answered(status: Mapping[str, Any], key: str) -> str | None:
    return name(status.get(f"{key}_str")) or name(status.get(key))


def _counterpart(status: Mapping[str, Any]) -> Author | None:
    """Whom our own post answers."""
    answered = _answered(status, "in_reply_to_user_id")
    if answered is None or answered == id_of(status.get("user")):
        return None
    return Author(id=answered, handle=name(status.get("in_reply_to_screen_name")))


def _whom_it_answers(status: Mapping[str, Any]) -> dict[str, str]:
    answered = _answered(status, "in_reply_to_user_id") if _answered(status, "in_reply_to_status_id") else None
    return {"answered": answered} if answered else {}


def _attachments(status: Mapping[str, Any]) -> tuple[Attachment, ...]:
    whole_status = mapping(status.get("extended_tweet")) or status
    for place in ("extended_entities", "entities"):
        found = media_of(inside(whole_status, place, "media"))
        if found:
            return found
    return ()


def _medium(medium: Mapping[str, Any]) -> Attachment:
    address, mime_type = best_variant(inside(medium, "video_info", "variants"), rate="bitrate")
    still = name(medium.get("media_url_https")) or name(medium.get("media_url"))
    return Attachment(
        kind=MEDIA_KINDS.get(name(medium.get("type")) or "", "file"),
        url=address or still,
        mime_type=mime_type,
        alt_text=name(medium.get("ext_alt_text")),
    )


def _quoted(status: Mapping[str, Any]) -> dict[str, str]:
    quoted = _answered(status, "quoted_status_id") or id_of(status.get("quoted_status"))
    return {"quoted": quoted} if quoted else {}
