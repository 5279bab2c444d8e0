"""Tripadvisor's Terra interface: the reviews and the rating of one location."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, Figure, Health, PermanentError, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, refusal
from comptoir.connectors.shared.review_polling import ListedReview, ReviewListing
from comptoir.connectors.shared.untrusted import inside, mapping, mappings, name, number, whole
from comptoir.connectors.tripadvisor.reading import listed
from comptoir.core.reasons import Reason

API = "https://terra.tripadvisor.com/api"
VERSION = "1"
LABEL = "Tripadvisor"
_PAGE_SIZE = 20  # the most that is given


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """Terra's errors are problem details (RFC 9457): ``{"title", "detail", "message"}``."""
    if response.is_success:
        return None
    told, status = mapping(content), response.status_code
    said = name(told.get("message")) or name(told.get("detail")) or name(told.get("title")) or ""
    if status == 401:
        return AuthError(quoting(Reason("%(network)s no longer accepts these credentials.", network=LABEL), said))
    if status == 429:
        slow = Reason("%(network)s asks us to slow down (rate limit).", network=LABEL)
        return TransientError(quoting(slow, said), retry_after=pause_of(response))
    if status == 403:
        return PermanentError(quoting(Reason("This key may not read Tripadvisor’s reviews."), said))
    if status == 404:
        unknown = Reason("Tripadvisor shows this key no such location: add it to the key’s allowed locations.")
        return RefusedError(quoting(unknown, said), status=status)
    if status == 400 and said:
        refused = refusal(LABEL, status)
        return RefusedError(quoting(refused, said), status=status)
    return None


class Location:
    """One hotel, restaurant or attraction, by the number that its address has after “-d”."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._key = credentials.get("api_key", "").strip()
        self.id = credentials.get("location_id", "").strip()
        self._network = Network(LABEL, http, judge)

    def listing(self) -> ReviewListing:
        return ReviewListing(self._page, lambda reviews: {"data": list(reviews)})

    def _page(self, token: str) -> tuple[Sequence[ListedReview], str]:
        page = int(token) if token.isdecimal() else 1
        asked: dict[str, str | int] = {
            "language": "primary",
            "sort_by": "MOST_RECENT",
            "page": page,
            "size": _PAGE_SIZE,
        }
        content = mapping(self.call("/reviews", asked).content)
        reviews = mappings(content.get("data"))
        last = whole(inside(content, "pagination", "total_pages"))
        more = bool(reviews) and (page < last if last is not None else len(reviews) == _PAGE_SIZE)
        return [one for one in map(listed, reviews) if one is not None], str(page + 1) if more else ""

    def figures(self) -> list[Figure]:
        overall = mapping(inside(self.call("", {}).content, "traveler_ratings", "overall"))
        count, average = number(overall.get("count")), number(overall.get("rating"))
        found = [Figure("reviews", count)] if count is not None else []
        return found + ([Figure("rating", average, best=5.0)] if average is not None else [])

    def health(self) -> Health:
        names = mappings(mapping(self.call("", {}).content).get("names"))
        called = next((title for one in names if (title := name(one.get("value")))), self.id)
        return Health(self.id, called, called)

    def call(self, path: str, asked: Mapping[str, str | int]) -> Answered:
        if not self._key:
            raise AuthError("The account has no API key: enter it.")
        if not self.id.isdecimal():
            raise PermanentError("The location’s number has digits only: it follows “-d” in its address.")
        return self._network.call(
            "GET",
            f"{API}/locations/{self.id}{path}",
            params={"version": VERSION, **asked},
            headers={"X-API-Key": self._key, "Accept": "application/json"},
        )
