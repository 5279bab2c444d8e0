"""From what Tripadvisor says of reviews to events: the Terra interface, and the Content API that came before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent, PayloadError, Rating
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.review_polling import ListedReview, stamp_of
from comptoir.connectors.shared.untrusted import flag, inside, instant, load, mapping, mappings, name, number, text

_BEST = 5.0
_LISTS = ("data", "reviews", "items", "results")
_DEEPEST = 5


def read_body(body: bytes, *, edited: bool = False) -> list[NetworkEvent]:
    """Every event of a payload, once, in its order. ``edited``: its reviews were there before and have changed since.

    Raises PayloadError.
    """
    content = load(body)
    if not isinstance(content, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    return unless_empty(each_once(_events(content, edited, 0)), content)


def _events(content: Any, edited: bool, depth: int) -> Iterator[NetworkEvent]:
    if depth <= _DEEPEST and isinstance(content, list):
        for one in content:
            yield from _events(one, edited, depth + 1)
    elif depth <= _DEEPEST and isinstance(content, dict):
        yield from _of_object(content, edited, depth)
    else:
        yield NetworkEvent(EventKind.IGNORED, reason="neither a review nor a list of reviews")


def _of_object(content: Mapping[str, Any], edited: bool, depth: int) -> Iterator[NetworkEvent]:
    if is_review(content):
        yield from _reviewed(content, edited)
        return
    lists = [content[key] for key in _LISTS if isinstance(content.get(key), list | dict)]
    for one in lists:
        yield from _events(one, edited, depth + 1)
    if content and not lists:
        yield NetworkEvent(EventKind.IGNORED, reason="an object without reviews")


def is_review(content: Mapping[str, Any]) -> bool:
    return "rating" in content and ("publish_ts" in content or "published_date" in content or "user" in content)


@dataclass(frozen=True, slots=True)
class _Said:
    """A text in its author's own language."""

    text: str | None = None
    language: str | None = None


def _reviewed(content: Mapping[str, Any], edited: bool) -> Iterator[NetworkEvent]:
    """A review, its edit where it was ``edited``, and the owner's answer."""
    identifier, title, said = name(content.get("id")), _own(content.get("title")), _own(content.get("text"))
    author = _author(mapping(content.get("user")))
    review = NetworkEvent(
        EventKind.REVIEW,
        direction="incoming",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        author=author,
        subject=title.text or None,
        text=said.text,
        rating=_rating(content.get("rating")),
        attachments=_photos(content),
        sent_at=instant(content.get("publish_ts")) or instant(content.get("published_date")),
        language=said.language or name(content.get("lang")),
        url=name(content.get("url")),
    )
    yield review
    if edited and identifier:
        # Tripadvisor does not tell when: what is read later is the later word.
        yield replace(review, event=EventKind.EDIT, external_id=None, target_id=identifier, sent_at=None)
    answer = mapping(content.get("owner_response"))
    if answer:
        yield _answer(answer, identifier, author)


def _answer(answer: Mapping[str, Any], review_id: str | None, reviewer: Author) -> NetworkEvent:
    said = _own(answer.get("text"))
    at = answer.get("publish_date") or answer.get("published_date")
    return NetworkEvent(
        EventKind.COMMENT,
        direction="outgoing",
        visibility="public",
        external_id=f"{review_id}/reply/{name(at)}" if review_id and name(at) else None,
        parent_id=review_id,
        thread_id=review_id,
        author=Author(name=name(answer.get("username")) or name(answer.get("author"))),
        text=said.text,
        counterpart=reviewer,
        sent_at=instant(at),
        language=said.language or name(answer.get("lang")),
    )


def _own(value: object) -> _Said:
    """What was written: a text, or the one of several translations that is the author's own."""
    if not isinstance(value, list):
        return _Said(text(value))
    versions = mappings(value)
    own = next((one for one in versions if flag(one.get("primary"))), versions[0] if versions else {})
    return _Said(text(own.get("value")), name(own.get("language")))


def _author(user: Mapping[str, Any]) -> Author:
    handle, avatar = name(user.get("username")), user.get("avatar_url") or user.get("avatar")
    if isinstance(avatar, dict):
        avatar = avatar.get("url") or avatar.get("large") or avatar.get("small") or avatar.get("thumbnail")
    identifier = name(user.get("user_id")) or name(user.get("member_id"))
    return Author(id=identifier, handle=handle, name=handle, avatar_url=name(avatar))


def _photos(content: Mapping[str, Any]) -> tuple[Attachment, ...]:
    found = []
    for photo in mappings(content.get("photos")):
        url = name(photo.get("original_size_url")) or name(inside(photo, "images", "original", "url"))
        if url:
            found.append(Attachment("image", url=url, mime_type=name(photo.get("media_type"))))
    return tuple(found)


def _rating(value: object) -> Rating | None:
    bubbles = number(value)
    return Rating(bubbles, _BEST) if bubbles is not None and 0 < bubbles <= _BEST else None


def listed(review: Mapping[str, Any]) -> ListedReview | None:
    """The review as polling remembers it; None where it has no id."""
    identifier = name(review.get("id"))
    if identifier is None:
        return None
    answer = mapping(review.get("owner_response"))
    return ListedReview(
        identifier,
        stamp_of(review.get("rating"), _own(review.get("title")), _own(review.get("text"))),
        review,
        stamp_of(answer.get("publish_date"), _own(answer.get("text"))) if answer else "",
        instant(review.get("publish_ts")),
        instant(review.get("publish_ts")),
    )
