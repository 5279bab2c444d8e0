"""One status, as Mastodon's API and those that speak it show a post, in the words of this house."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, Direction, EventKind, NetworkEvent, Visibility
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, text, whole

#: What a post is for the fallback of servers that do not show quotes: "RE: <its address>".
_QUOTE_LINE = re.compile(r'\A\s*<p class="quote-inline">[^<]*(?:<(?!/p>)[^<]*)*</p>')
_KINDS = {"image": "image", "gifv": "video", "video": "video", "audio": "audio"}
_ADDRESSED = ("direct", "private", "limited")


def is_status(entry: Mapping[str, Any]) -> bool:
    """Whether an object is a status; a revision of one has no id."""
    return "account" in entry and ("content" in entry or "spoiler_text" in entry) and "type" not in entry


def author_of(account: object) -> Author:
    """The person behind an account."""
    known = mapping(account)
    return Author(
        name(known.get("id")),
        name(known.get("acct")) or name(known.get("username")),
        name(known.get("display_name")),
        name(known.get("avatar")) or name(known.get("avatar_static")),
    )


def direction_of(author: Author, own_id: str | None) -> Direction:
    """Outgoing for what the connected account itself did."""
    return "outgoing" if own_id is not None and author.id == own_id else "incoming"


def visibility_of(status: Mapping[str, Any]) -> Visibility | None:
    """What may not be read by everybody counts as private: an answer to it goes to its author alone."""
    said = name(status.get("visibility"))
    if said is None:
        return None
    return "private" if said in _ADDRESSED else "public"


def read_status(
    status: Mapping[str, Any], own_id: str | None, *, edited: bool = False, thread_id: str | None = None
) -> NetworkEvent:
    """A post, an answer, a private message or a boost; or, where it is told as ``edited``, an edit of one of these."""
    author = author_of(status.get("account"))
    identifier, parent = name(status.get("id")), name(status.get("in_reply_to_id"))
    direction, visibility = direction_of(author, own_id), visibility_of(status)
    boosted = mapping(status.get("reblog"))
    kind = _kind_of(status, visibility, parent, edited=edited, boosted=bool(boosted))
    is_edit = kind is EventKind.EDIT
    return NetworkEvent(
        kind,
        direction,
        visibility,
        external_id=None if is_edit else identifier,
        target_id=identifier if is_edit else name(boosted.get("id")),
        parent_id=parent,
        thread_id=thread_id or (identifier if visibility == "public" and parent is None and not boosted else None),
        author=author,
        text=read_content(status),
        subject=name(status.get("spoiler_text")),
        attachments=attachments_of(status),
        sent_at=instant(status.get("created_at")),
        edited_at=instant(status.get("edited_at")) if is_edit else None,
        language=name(status.get("language")),
        counterpart=_counterpart(status, author) if direction == "outgoing" else None,
        html=text(status.get("content")),
        url=name(status.get("url")) or name(status.get("uri")),
        custom=_kept(status),
    )


def _kind_of(
    status: Mapping[str, Any], visibility: Visibility | None, parent: str | None, *, edited: bool, boosted: bool
) -> EventKind:
    if boosted:
        return EventKind.REPOST
    if edited or "id" not in status:
        return EventKind.EDIT
    if visibility == "private":
        return EventKind.MESSAGE
    return EventKind.COMMENT if parent else EventKind.POST


def read_content(status: Mapping[str, Any]) -> str | None:
    """What a person reads of a status, mentions and links in it whole."""
    content = text(status.get("content"))
    if content is None:
        return None
    return html_to_text(_QUOTE_LINE.sub("", content) if status.get("quote") else content)


def attachments_of(status: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Its files; one that the server could not keep is at its origin's address."""
    return tuple(
        Attachment(
            _KINDS.get(name(file.get("type")) or "", "file"),
            name(file.get("url")) or name(file.get("remote_url")) or name(file.get("preview_url")),
            mime_type=name(inside(file, "pleroma", "mime_type")),
            size_bytes=whole(file.get("size")),
            alt_text=name(file.get("description")),
        )
        for file in mappings(status.get("media_attachments"))
    )


def _counterpart(status: Mapping[str, Any], author: Author) -> Author | None:
    """Whom our own status answers or, where it answers nobody, names first."""
    mentioned = [one for one in mappings(status.get("mentions")) if name(one.get("id")) not in (None, author.id)]
    answered = name(status.get("in_reply_to_account_id"))
    found = [one for one in mentioned if name(one.get("id")) == answered] or mentioned
    if found:
        return Author(name(found[0].get("id")), name(found[0].get("acct")))
    return Author(answered) if answered and answered != author.id else None


def _kept(status: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer needs to know: how widely it was said, under which warning, and how its author is called."""
    kept = {
        "visibility": name(status.get("visibility")),
        "warning": name(status.get("spoiler_text")),
        "acct": name(inside(status, "account", "acct")),
    }
    return {key: value for key, value in kept.items() if value}
