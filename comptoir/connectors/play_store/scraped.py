"""Reviews as programs write them down that read the store's pages (google-play-scraper in Python and in JavaScript).

Both name things alike: ``userName``, ``score`` (1 to 5), the words as ``content`` or ``text``, the answer as
``replyContent`` or ``replyText``. Their ids are those of the Developer API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent, Rating
from comptoir.connectors.shared.untrusted import instant, name, number, text

_BEST = 5.0


def is_scraped(content: Mapping[str, Any]) -> bool:
    """Whether it is a review in such a program's form."""
    return "userName" in content and "score" in content


def read_scraped(content: Mapping[str, Any]) -> Iterator[NetworkEvent]:
    """The review, and our answer to it."""
    identifier, stars = name(content.get("reviewId")) or name(content.get("id")), number(content.get("score"))
    review = NetworkEvent(
        EventKind.REVIEW,
        direction="incoming",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        author=Author(name=name(content.get("userName")), avatar_url=name(content.get("userImage"))),
        subject=name(content.get("title")),
        text=text(content.get("content")) or text(content.get("text")),
        rating=Rating(stars, _BEST) if stars is not None and 0 < stars <= _BEST else None,
        sent_at=instant(content.get("at")) or instant(content.get("date")),
        url=name(content.get("url")),
    )
    yield review
    answer = text(content.get("replyContent")) or text(content.get("replyText"))
    if answer:
        at = instant(content.get("repliedAt")) or instant(content.get("replyDate"))
        yield NetworkEvent(
            EventKind.COMMENT,
            direction="outgoing",
            visibility="public",
            external_id=f"{identifier}/reply/{int(at.timestamp())}" if identifier and at else None,
            parent_id=identifier,
            thread_id=identifier,
            text=answer,
            counterpart=review.author,
            sent_at=at,
        )
