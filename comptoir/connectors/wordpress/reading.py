"""Anything WordPress hands out about comments: its REST API, WordPress.com's, rows of its database, its feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Author, Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import (
    inside,
    instant,
    load,
    load_form,
    mapping,
    mappings,
    name,
    number,
    text,
)
from comptoir.connectors.wordpress.feed import read_comments_feed
from comptoir.connectors.wordpress.shop import is_product_review, read_product_review

#: How WordPress names what awaits a moderator, in its interfaces and in its database.
_HELD = ("hold", "unapproved", "0", "pending")
_SPAM, _TRASH = ("spam",), ("trash", "post-trashed", "deleted")
_MACHINES = ("pingback", "trackback")
#: What plugins keep among comments for the shop alone.
_INTERNAL = ("order_note", "action_log", "webhook_delivery", "edd_payment_note")


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Read whatever it is; each event once. Raises PayloadError."""
    body = delivery.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if body.startswith(b"<"):
        found: Iterator[NetworkEvent] = read_comments_feed(delivery.body)
    elif "form" in delivery.content_type:
        found = _object(load_form(delivery.body), own_id)
    else:
        content = load(body)
        return unless_empty(each_once(_read(content, own_id)), content, sends=([],))  # a site without comments
    return each_once(found)


def _read(found: object, own_id: str | None) -> Iterator[NetworkEvent]:
    if isinstance(found, list):
        for one in mappings(found):
            yield from _object(one, own_id)
    elif isinstance(found, dict):
        yield from _object(found, own_id)
    else:
        raise PayloadError("The body must be an object or a list of objects.")


def _object(found: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    reader = next((reader for fits, reader in _SHAPES if fits(found)), None)
    listed = next((found[key] for key in ("comments", "posts") if isinstance(found.get(key), list)), None)
    if listed is not None:
        for one in mappings(listed):
            yield from _object(one, own_id)
    elif found.get("deleted") is True and isinstance(found.get("previous"), dict):
        yield from _gone(found["previous"], own_id)
    elif isinstance(found.get("comment"), dict):  # a webhook that wraps what it is about
        yield from _object(found["comment"], own_id)
    elif reader is not None:
        yield reader(found, own_id)
    else:
        said = text(found.get("message"))
        reason = f"WordPress answered: {html_to_text(said)}" if said else "Nothing that a person said."
        yield NetworkEvent(EventKind.IGNORED, external_id=name(found.get("id")), reason=reason)


def _gone(previous: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """What a removal for good is answered with: what stood there before."""
    for event in _object(previous, own_id):
        gone = NetworkEvent(EventKind.DELETE, event.direction, "public", target_id=event.external_id or event.target_id,
                            thread_id=event.thread_id, author=event.author)  # fmt: skip
        yield gone if event.event in (EventKind.COMMENT, EventKind.DELETE) else event


# --- the REST API of every WordPress ----------------------------------------------------------------------------------


def _is_comment(found: Mapping[str, Any]) -> bool:
    return (
        "post" in found and "content" in found and ("author_name" in found or "parent" in found) and "ID" not in found
    )


def _comment(found: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    content = found.get("content")
    typed, shown = text(inside(content, "raw")), text(inside(content, "rendered")) or text(content)
    faces = mapping(found.get("author_avatar_urls"))
    return _told(
        own_id,
        identifier=name(found.get("id")),
        post=_some(found.get("post")),
        parent=_some(found.get("parent")),
        author=_author(
            _some(found.get("author")),
            name(found.get("author_email")),
            name(found.get("author_name")),
            name(faces.get("96")) or next((name(face) for face in faces.values()), None),
        ),
        words=html_to_text(shown) if shown else _typed(typed),
        at=name(found.get("date_gmt")) or name(found.get("date")),
        status=name(found.get("status")),
        kind=name(found.get("type")),
        url=name(found.get("link")),
        subject=text(inside(found, "_embedded", "up", 0, "title", "rendered")),
    )


# --- WordPress.com, and rows of the database as webhooks send them ----------------------------------------------------


def _is_hosted_comment(found: Mapping[str, Any]) -> bool:
    return "ID" in found and isinstance(found.get("post"), dict) and "content" in found


def _hosted_comment(found: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    author = mapping(found.get("author"))
    return _told(
        own_id,
        identifier=name(found.get("ID")),
        post=name(inside(found, "post", "ID")),
        parent=_some(inside(found, "parent", "ID")),
        author=_author(
            _some(author.get("ID")),
            name(author.get("email")),
            name(author.get("name")),
            name(author.get("avatar_URL")),
        ),
        words=html_to_text(text(found.get("content")) or ""),
        at=name(found.get("date")),
        status=name(found.get("status")),
        kind=name(found.get("type")),
        url=name(found.get("URL")),
        subject=text(inside(found, "post", "title")),
    )


def _is_row(found: Mapping[str, Any]) -> bool:
    return "comment_content" in found or "comment_post_ID" in found


def _row(found: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    return _told(
        own_id,
        identifier=name(found.get("comment_ID")) or name(found.get("comment_id")),
        post=_some(found.get("comment_post_ID")),
        parent=_some(found.get("comment_parent")),
        author=_author(
            _some(found.get("user_id")),
            name(found.get("comment_author_email")),
            name(found.get("comment_author")),
            None,
        ),
        words=_typed(text(found.get("comment_content"))),
        at=name(found.get("comment_date_gmt")) or name(found.get("comment_date")),
        status=name(found.get("comment_approved")),
        kind=name(found.get("comment_type")),
        url=None,
        subject=None,
    )


# --- posts ------------------------------------------------------------------------------------------------------------


def _is_post(found: Mapping[str, Any]) -> bool:
    return isinstance(inside(found, "title", "rendered"), str) and "content" in found


def _post(found: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """A post of the blog: what comments stand under, shown above them."""
    post = name(found.get("id"))
    summary = text(inside(found, "excerpt", "rendered")) or text(inside(found, "content", "rendered")) or ""
    return NetworkEvent(
        event=EventKind.POST,
        direction="outgoing",
        visibility="public",
        external_id=f"post-{post}" if post else None,
        thread_id=post,
        author=Author(id=_some(found.get("author"))),
        text=html_to_text(summary),
        subject=html_to_text(text(inside(found, "title", "rendered")) or ""),
        sent_at=instant(found.get("date_gmt")),
        url=name(found.get("link")),
        custom={"context": True},
    )


# --- what they have in common -----------------------------------------------------------------------------------------


def _told(
    own_id: str | None, *, identifier: str | None, post: str | None, parent: str | None, author: Author, words: str,
    at: str | None, status: str | None, kind: str | None, url: str | None, subject: str | None,
) -> NetworkEvent:  # fmt: skip
    """One comment. What is in the trash is gone; spam was sorted out by the blog; no person wrote a pingback."""
    is_ours = own_id is not None and author.id == own_id
    if status in _TRASH:
        return NetworkEvent(EventKind.DELETE, "outgoing" if is_ours else "incoming", "public", target_id=identifier,
                            thread_id=post, author=author)  # fmt: skip
    spam, internal = status in _SPAM, kind in _INTERNAL
    return NetworkEvent(
        event=EventKind.IGNORED if spam or internal else EventKind.COMMENT,
        direction="outgoing" if is_ours else "incoming",
        visibility="public",
        external_id=identifier,
        parent_id=parent,
        thread_id=post,
        author=author,
        text=words,
        subject=html_to_text(subject) if subject else None,
        sent_at=instant(at),
        reason="The blog took it for spam." if spam else "A note of the shop." if internal else None,
        automatic=kind in _MACHINES,
        url=url,
        custom={"post": post} if post else {},
        is_held=status in _HELD,
    )


def _author(user: str | None, mail: str | None, shown: str | None, face: str | None) -> Author:
    """A user of the blog by their number, a visitor by their address of mail, which only moderators see."""
    return Author(id=user or (mail.lower() if mail else None), name=shown, avatar_url=face)


def _typed(written: str | None) -> str:
    """What was typed: some HTML, and lines that WordPress makes paragraphs of when it shows them."""
    return html_to_text((written or "").replace("\r\n", "\n").replace("\n", "<br>"))


def _some(identifier: object) -> str | None:
    """An id, where zero means none."""
    return None if identifier is False or number(identifier) == 0 else name(identifier)


_Reader = Callable[[Mapping[str, Any], str | None], NetworkEvent]
_SHAPES: tuple[tuple[Callable[[Mapping[str, Any]], bool], _Reader], ...] = (
    (_is_hosted_comment, _hosted_comment),
    (_is_comment, _comment),
    (_is_row, _row),
    (_is_post, _post),
    (is_product_review, read_product_review),
)
