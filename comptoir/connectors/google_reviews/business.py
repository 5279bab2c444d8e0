"""A review as the Business Profile API tells it, with our answer to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent, Rating
from comptoir.connectors.shared.review_polling import ListedReview
from comptoir.connectors.shared.untrusted import flag, instant, mapping, mappings, name, number, text
from comptoir.core.reasons import Reason

_STARS = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}
_BEST = 5.0
#: What Google sets before its translation of a review, and before the person's own words, in its own language.
_TRANSLATED = re.compile(
    r"\((?:Translated by Google|Traduit par Google|Übersetzt von Google|Traducido por Google|Tradotto da Google"
    r"|Traduzido pelo Google|Vertaald door Google)\)"
)
_ORIGINAL = re.compile(
    r"\((?:Original|Avis d['’]origine|Texte d['’]origine|Originaltext|Testo originale|Originale|Origineel)\)"
)


def as_written(comment: str | None) -> str | None:
    """The person's own words: Google puts its translation before them, or behind."""
    translated = _TRANSLATED.search(comment) if comment else None
    if comment is None or translated is None:
        return comment
    original = _ORIGINAL.search(comment, translated.end())
    return comment[original.end() :].strip() if original else comment[: translated.start()].strip() or comment


def is_review(content: Mapping[str, Any]) -> bool:
    return "starRating" in content or "reviewId" in content or ("reviewer" in content and "createTime" in content)


def is_reply(content: Mapping[str, Any]) -> bool:
    """What answering a review is answered with."""
    return "comment" in content and "updateTime" in content


def read_review(review: Mapping[str, Any], *, edited: bool) -> Iterator[NetworkEvent]:
    """The review, its edit where it was ``edited``, and our answer."""
    identifier, path = _id(review), name(review.get("name"))
    written, changed = instant(review.get("createTime")), instant(review.get("updateTime"))
    first = NetworkEvent(
        EventKind.REVIEW,
        direction="incoming",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        author=_author(mapping(review.get("reviewer"))),
        text=as_written(text(review.get("comment"))),
        rating=rating(review.get("starRating")),
        attachments=_attachments(review),
        sent_at=written or changed,
        custom={"name": path} if path else {},
    )
    yield first
    if edited and identifier:
        yield replace(
            first, event=EventKind.EDIT, external_id=None, target_id=identifier, sent_at=changed or written, custom={}
        )
    answer = mapping(review.get("reviewReply"))
    if answer:
        yield read_reply(answer, parent_id=identifier, counterpart=first.author)


def read_reply(answer: Mapping[str, Any], *, parent_id: str | None, counterpart: Author | None = None) -> NetworkEvent:
    """Our answer under a review. One that Google rejected is not to be seen there."""
    shown = NetworkEvent(
        EventKind.COMMENT,
        direction="outgoing",
        visibility="public",
        external_id=reply_id(parent_id, answer),
        parent_id=parent_id,
        thread_id=parent_id,
        text=text(answer.get("comment")),
        counterpart=counterpart,
        sent_at=instant(answer.get("updateTime")),
    )
    if (name(answer.get("reviewReplyState")) or name(answer.get("state"))) != "REJECTED":
        return shown
    why = name(answer.get("policyViolation")) or "?"
    reason = Reason("Google took the answer off for its content (%(why)s).", why=why)
    return replace(shown, event=EventKind.FAILED, external_id=None, target_id=shown.external_id, reason=reason)


def reply_id(review_id: str | None, answer: Mapping[str, Any]) -> str | None:
    """An answer has no id: one of the review's and the instant it was written, since another takes its place."""
    at = name(answer.get("updateTime"))
    return f"{review_id}/reply/{at}" if review_id and at else None


def rating(value: object) -> Rating | None:
    """Stars, in words or as a number."""
    stars = _STARS.get(value) if isinstance(value, str) else None
    stars = number(value) if stars is None else stars
    return Rating(stars, _BEST) if stars is not None and 0 < stars <= _BEST else None


def listed(review: Mapping[str, Any]) -> ListedReview | None:
    """The review as polling remembers it; None where it has no id."""
    identifier = _id(review)
    if identifier is None:
        return None
    answered = name(mapping(review.get("reviewReply")).get("updateTime")) or ""
    written, changed = instant(review.get("createTime")), instant(review.get("updateTime"))
    return ListedReview(identifier, name(review.get("updateTime")) or "", review, answered, written, changed)


def _id(review: Mapping[str, Any]) -> str | None:
    return name(review.get("reviewId")) or (name(review.get("name")) or "").rsplit("/", 1)[-1] or None


def _author(reviewer: Mapping[str, Any]) -> Author:
    """Google names reviewers without an id; an anonymous one is nobody."""
    if flag(reviewer.get("isAnonymous")):
        return Author()
    return Author(name=name(reviewer.get("displayName")), avatar_url=name(reviewer.get("profilePhotoUrl")))


def _attachments(review: Mapping[str, Any]) -> tuple[Attachment, ...]:
    found = []
    for item in mappings(review.get("reviewMediaItems")) or mappings(review.get("media")):
        video = name(item.get("videoUrl"))
        url = video or name(item.get("googleUrl")) or name(item.get("thumbnailUrl"))
        if url:
            found.append(Attachment("video" if video else "image", url=url))
    return tuple(found)
