"""From what the Google Play Developer API says of reviews to events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent, PayloadError, Rating
from comptoir.connectors.play_store.scraped import is_scraped, read_scraped
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.review_polling import ListedReview, stamp_of
from comptoir.connectors.shared.untrusted import inside, instant, load, mapping, mappings, name, number, text, whole

_BEST = 5.0
_LISTS = ("reviews", "items", "data")
_DEEPEST = 4


def read_body(body: bytes, *, edited: bool = False) -> list[NetworkEvent]:
    """Every event of a payload, once, in its order. ``edited``: its reviews were there before and have changed since.

    Raises PayloadError.
    """
    content = load(body)
    if not isinstance(content, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    return unless_empty(each_once(_events(content, edited, 0)), content, sends=({},))  # of an app without reviews


def _events(content: Any, edited: bool, depth: int) -> Iterator[NetworkEvent]:
    if depth > _DEEPEST or not isinstance(content, dict | list):
        yield _ignored("neither a review nor a list of reviews")
    elif isinstance(content, list):
        for one in content:
            yield from _events(one, edited, depth + 1)
    elif is_scraped(content):
        yield from read_scraped(content)
    elif "reviewId" in content or "comments" in content:
        yield from _reviewed(content, edited)
    elif "replyText" in mapping(content.get("result", content)):
        yield _taken(mapping(content.get("result", content)))
    else:
        yield from _of_lists(content, edited, depth)


def _of_lists(content: Mapping[str, Any], edited: bool, depth: int) -> Iterator[NetworkEvent]:
    lists = [content[key] for key in _LISTS if isinstance(content.get(key), list | dict)]
    for one in lists:
        yield from _events(one, edited, depth + 1)
    if not lists and set(content) - {"pageInfo", "tokenPagination", "kind"}:
        yield _ignored("an object without reviews")


def _reviewed(content: Mapping[str, Any], edited: bool) -> Iterator[NetworkEvent]:
    """The person's review, in its last words, its edit where it was ``edited``, and our answer."""
    identifier = name(content.get("reviewId"))
    author = Author(name=name(content.get("authorName")))
    said, answer = _comments(content)
    review = _review(identifier, author, said)
    yield review
    if edited and identifier:
        yield replace(review, event=EventKind.EDIT, external_id=None, target_id=identifier)
    if answer:
        yield _answer(identifier, author, answer)


def _comments(content: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the person says and what we do: the network gives the last of each."""
    comments = mappings(content.get("comments"))
    said = next((mapping(one.get("userComment")) for one in comments if one.get("userComment")), {})
    answer = next((mapping(one.get("developerComment")) for one in comments if one.get("developerComment")), {})
    return said, answer


def _review(identifier: str | None, author: Author, said: Mapping[str, Any]) -> NetworkEvent:
    stars = number(said.get("starRating"))
    original = name(said.get("originalText"))
    title, words = _parts(original or text(said.get("text")))
    return NetworkEvent(
        EventKind.REVIEW,
        direction="incoming",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        author=author,
        subject=title,
        text=words,
        rating=Rating(stars, _BEST) if stars is not None and 0 < stars <= _BEST else None,
        sent_at=moment(said.get("lastModified")),
        language=name(said.get("reviewerLanguage")),
    )


def _parts(said: str | None) -> tuple[str | None, str | None]:
    """Older reviews have a title, which a tab parts from the text."""
    if said is None or "\t" not in said:
        return None, said
    title, _tab, words = said.partition("\t")
    return title.strip() or None, words.strip()


def _answer(review_id: str | None, reviewer: Author, answer: Mapping[str, Any]) -> NetworkEvent:
    at = moment(answer.get("lastModified"))
    return NetworkEvent(
        EventKind.COMMENT,
        direction="outgoing",
        visibility="public",
        external_id=answer_id(review_id, at),
        parent_id=review_id,
        thread_id=review_id,
        text=text(answer.get("text")),
        counterpart=reviewer,
        sent_at=at,
    )


def _taken(result: Mapping[str, Any]) -> NetworkEvent:
    """What answering is answered with; it does not say which review."""
    return NetworkEvent(
        EventKind.COMMENT,
        direction="outgoing",
        visibility="public",
        text=text(result.get("replyText")),
        sent_at=moment(result.get("lastEdited")),
    )


def answer_id(review_id: str | None, at: datetime | None) -> str | None:
    """An answer has no id: one of the review's and the instant it was written, since another takes its place."""
    return f"{review_id}/reply/{int(at.timestamp())}" if review_id and at else None


def moment(value: object) -> datetime | None:
    """Seconds (a text) and nanoseconds; or an instant as any other network writes it."""
    if not isinstance(value, dict):
        return instant(value)
    seconds, nanos = whole(value.get("seconds")), whole(value.get("nanos")) or 0
    if seconds is None or not 0 <= nanos < 10**9 or abs(seconds) >= 10**11:
        return None
    return instant(Decimal(seconds) + Decimal(nanos) / 10**9)


def listed(review: Mapping[str, Any]) -> ListedReview | None:
    """The review as polling remembers it; None where it has no id."""
    identifier = name(review.get("reviewId"))
    if identifier is None:
        return None
    said, answer = _comments(review)
    changed = moment(said.get("lastModified"))
    answered = answer_id(identifier, moment(answer.get("lastModified"))) or ""
    stamp = stamp_of(changed, said.get("starRating"), said.get("text"))
    return ListedReview(identifier, stamp, review, answered, None, changed)


def next_token(content: Any) -> str:
    return name(inside(content, "tokenPagination", "nextPageToken")) or ""


def _ignored(reason: str) -> NetworkEvent:
    return NetworkEvent(EventKind.IGNORED, reason=reason)
