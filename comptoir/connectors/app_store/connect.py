"""Reviews and answers as App Store Connect tells them (JSON:API resources), and as the store's own pages load them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent, Rating
from comptoir.connectors.shared.review_polling import ListedReview, stamp_of
from comptoir.connectors.shared.untrusted import inside, instant, mapping, name, number, text

REVIEWS, ANSWERS, STORE_REVIEWS = "customerReviews", "customerReviewResponses", "user-reviews"
_OTHERS = ("apps", "appStoreVersions", "customerReviewSummarizations")
_BEST = 5.0


def is_resource(content: Mapping[str, Any]) -> bool:
    """A JSON:API resource of a type that has to do with reviews."""
    return content.get("type") in (REVIEWS, ANSWERS, STORE_REVIEWS, *_OTHERS)


def read_resources(
    resources: Sequence[Mapping[str, Any]], included: Sequence[Mapping[str, Any]], *, edited: bool
) -> Iterator[NetworkEvent]:
    """Each review, its edit where it was ``edited``, and its answer, which is among the ``included``."""
    answers = {name(one.get("id")): one for one in included if one.get("type") == ANSWERS}
    for resource in resources:
        kind = resource.get("type")
        if kind == ANSWERS:
            yield _answer(resource, _review_of(resource), None)
        elif kind in (REVIEWS, STORE_REVIEWS):
            yield from _reviewed(resource, answers, edited=edited)
        else:
            yield NetworkEvent(EventKind.IGNORED, reason=f"a resource that is no review ({kind})")


def _reviewed(
    resource: Mapping[str, Any], answers: Mapping[str | None, Mapping[str, Any]], *, edited: bool
) -> Iterator[NetworkEvent]:
    review = _review(resource)
    yield review
    if edited and review.external_id:
        # Apple tells one date, that of the review: what is read later is the later word.
        yield replace(review, event=EventKind.EDIT, external_id=None, target_id=review.external_id, sent_at=None)
    answer = answer_to(resource, answers)
    if answer is not None:
        yield _answer(answer, review.external_id, review.author)


def answer_to(resource: Mapping[str, Any], answers: Mapping[str | None, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The answer to a review: beside it, or within it on the store's own pages."""
    within = mapping(inside(resource, "attributes", "developerResponse"))
    if within:
        said = {"responseBody": within.get("body"), "lastModifiedDate": within.get("modified")}
        return {"id": within.get("id"), "attributes": said}
    named = inside(resource, "relationships", "response", "data")
    if not isinstance(named, dict):
        return None
    return answers.get(name(named.get("id"))) or (named if "attributes" in named else None)


def _review(resource: Mapping[str, Any]) -> NetworkEvent:
    said, identifier = mapping(resource.get("attributes")), name(resource.get("id"))
    words = said.get("body") if said.get("body") is not None else said.get("review")
    stars = number(said.get("rating"))
    return NetworkEvent(
        EventKind.REVIEW,
        direction="incoming",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        author=Author(name=name(said.get("reviewerNickname")) or name(said.get("userName"))),
        subject=name(said.get("title")),
        text=text(words),
        rating=Rating(stars, _BEST) if stars is not None and 0 < stars <= _BEST else None,
        sent_at=instant(said.get("createdDate")) or instant(said.get("date")),
    )


def _answer(answer: Mapping[str, Any], review_id: str | None, reviewer: Author | None) -> NetworkEvent:
    said = mapping(answer.get("attributes"))
    return NetworkEvent(
        EventKind.COMMENT,
        direction="outgoing",
        visibility="public",
        external_id=name(answer.get("id")),
        parent_id=review_id,
        thread_id=review_id,
        text=text(said.get("responseBody")),
        counterpart=reviewer,
        sent_at=instant(said.get("lastModifiedDate")),
    )


def _review_of(answer: Mapping[str, Any]) -> str | None:
    return name(inside(answer, "relationships", "review", "data", "id"))


def listed(resource: Mapping[str, Any], answers: Mapping[str | None, Mapping[str, Any]]) -> ListedReview | None:
    """The review as polling remembers it, its answer within it; None where it has no id."""
    review, answer = _review(resource), answer_to(resource, answers)
    if review.external_id is None:
        return None
    stamp = stamp_of(review.rating, review.subject, review.text)
    answered = "" if answer is None else stamp_of(answer.get("id"), mapping(answer.get("attributes")))
    return ListedReview(review.external_id, stamp, (resource, answer), answered, review.sent_at, review.sent_at)
