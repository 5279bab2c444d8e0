"""From what Trustpilot says to events: webhook deliveries, and reviews as its interface lists or shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent, PayloadError, Rating
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.review_polling import ListedReview, stamp_of
from comptoir.connectors.shared.untrusted import inside, instant, load, mapping, mappings, name, number, text

_BEST = 5.0
_LISTS = ("reviews", "productReviews", "items", "data")
_AUTHOR_KEYS = ("consumer", "reviewer")


def read_body(body: bytes, *, edited: bool = False) -> list[NetworkEvent]:
    """Every event of a payload, once, in its order. ``edited``: its reviews were there before and have changed since.

    Raises PayloadError.
    """
    content = load(body)
    if not isinstance(content, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    return unless_empty(each_once(_events(content, edited)), content)


def _events(content: Any, edited: bool) -> Iterator[NetworkEvent]:
    if isinstance(content, list):
        for one in content:
            yield from _one(one, edited)
        return
    told = mappings(content.get("events"))
    listed = next((content[key] for key in _LISTS if isinstance(content.get(key), list)), None)
    if told:
        for one in told:
            yield from _told(one)
    elif listed is not None:
        for one in listed:
            yield from _one(one, edited)
    else:
        yield from _one(content, edited)


def _one(content: Any, edited: bool) -> Iterator[NetworkEvent]:
    if isinstance(content, dict) and "eventName" in content:
        yield from _told(content)
    elif isinstance(content, dict) and is_review(content):
        yield from _reviewed(content, edited)
    elif not isinstance(content, dict) or content:
        yield NetworkEvent(EventKind.IGNORED, reason="neither a review nor an event of one")


def is_review(content: Mapping[str, Any]) -> bool:
    return "stars" in content or ("consumer" in content and "createdAt" in content)


def _told(told: Mapping[str, Any]) -> Iterator[NetworkEvent]:
    """One event of a webhook: a review was written, changed or removed."""
    happened = (name(told.get("eventName")) or "").lower()
    review = mapping(told.get("eventData"))
    if "review" not in happened or not review:
        yield NetworkEvent(EventKind.IGNORED, reason=f"an event that is about no review ({happened or 'unnamed'})")
    elif "delet" in happened:
        yield _deleted(review)
    elif not is_review(review):
        yield NetworkEvent(EventKind.IGNORED, reason=f"something that is no review ({happened})")
    elif "updat" in happened or "revis" in happened or "edit" in happened:
        yield _edit_of(_review(review), instant(review.get("updatedAt")))
    elif "creat" in happened or "new" in happened:
        yield from _reviewed(review, edited=False)
    else:
        yield NetworkEvent(EventKind.IGNORED, reason=f"something else happened to a review ({happened})")


def _deleted(review: Mapping[str, Any]) -> NetworkEvent:
    return NetworkEvent(
        EventKind.DELETE,
        direction="incoming",
        visibility="public",
        target_id=name(review.get("id")),
        thread_id=name(review.get("id")),
        author=_author(review),
        sent_at=instant(review.get("deletedAt")),
    )


def _reviewed(content: Mapping[str, Any], edited: bool) -> Iterator[NetworkEvent]:
    """A review, its edit where it was ``edited``, and our answer."""
    review = _review(content)
    yield review
    if edited and review.external_id:
        yield _edit_of(review, instant(content.get("updatedAt")) or review.sent_at)
    answer = mapping(content.get("companyReply")) or mapping(content.get("reply"))
    if answer:
        yield _answer(answer, review)


def _review(content: Mapping[str, Any]) -> NetworkEvent:
    identifier, stars = name(content.get("id")), number(content.get("stars"))
    is_product = "product" in content or "content" in content
    return NetworkEvent(
        EventKind.REVIEW,
        direction="incoming",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        author=_author(content),
        subject=name(content.get("title")),
        text=text(content.get("text")) if content.get("text") is not None else text(content.get("content")),
        rating=Rating(stars, _BEST) if stars is not None and 0 < stars <= _BEST else None,
        attachments=_attachments(content),
        sent_at=instant(content.get("createdAt")),
        language=name(content.get("language")),
        url=None if is_product or not identifier else f"https://www.trustpilot.com/reviews/{identifier}",
        custom={"product": True} if is_product else {},
    )


def _edit_of(review: NetworkEvent, at: datetime | None) -> NetworkEvent:
    """Without a time of its own a change is one of when it is told: never of when the review was written."""
    return replace(
        review,
        event=EventKind.EDIT,
        external_id=None,
        target_id=review.external_id,
        attachments=(),
        sent_at=at,
        custom={},
    )


def _answer(answer: Mapping[str, Any], review: NetworkEvent) -> NetworkEvent:
    said = answer.get("text") if answer.get("text") is not None else answer.get("content")
    return NetworkEvent(
        EventKind.COMMENT,
        direction="outgoing",
        visibility="public",
        external_id=answer_id(review.external_id, answer),
        parent_id=review.external_id,
        thread_id=review.external_id,
        text=text(said),
        counterpart=review.author,
        sent_at=instant(answer.get("updatedAt")) or instant(answer.get("createdAt")),
    )


def answer_id(review_id: str | None, answer: Mapping[str, Any]) -> str | None:
    """An answer has no id: one of the review's and the instant it was written, since another takes its place."""
    at = name(answer.get("updatedAt")) or name(answer.get("createdAt"))
    return f"{review_id}/reply/{at}" if review_id and at else None


def _author(content: Mapping[str, Any]) -> Author:
    person = next((mapping(content[key]) for key in _AUTHOR_KEYS if content.get(key)), {})
    return Author(
        id=name(person.get("id")),
        name=name(person.get("displayName")) or name(person.get("name")),
        avatar_url=name(person.get("imageUrl")) or name(inside(person, "profileImage", "image73x73", "url")),
    )


def _attachments(content: Mapping[str, Any]) -> tuple[Attachment, ...]:
    found = []
    for one in mappings(content.get("attachments")):
        for file in mappings(one.get("processedFiles")) or [one]:
            url, mime_type = name(file.get("url")), name(file.get("mimeType"))
            if url:
                kind = "video" if (mime_type or "").startswith("video/") else "image"
                found.append(Attachment(kind, url=url, mime_type=mime_type))
                break  # the same picture in several sizes
    return tuple(found)


def listed(review: Mapping[str, Any]) -> ListedReview | None:
    """The review as polling remembers it; None where it has no id."""
    identifier = name(review.get("id"))
    if identifier is None:
        return None
    answered = answer_id(identifier, mapping(review.get("companyReply"))) or ""
    stamp = stamp_of(review.get("updatedAt"), review.get("stars"), review.get("title"), review.get("text"))
    written = instant(review.get("createdAt"))
    return ListedReview(identifier, stamp, review, answered, written, instant(review.get("updatedAt")) or written)
