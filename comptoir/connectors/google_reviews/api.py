"""The Business Profile interfaces: reviews and answers, accounts and their locations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comptoir.connectors.base import (
    Figure,
    Health,
    OfferedAccount,
    Outgoing,
    PermanentError,
    Sent,
)
from comptoir.connectors.google_reviews.business import listed, reply_id
from comptoir.connectors.google_reviews.reading import review_entries
from comptoir.connectors.google_reviews.session import Session
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.review_polling import ListedReview, ReviewListing
from comptoir.connectors.shared.untrusted import instant, mapping, mappings, name, number

REVIEWS_URL = "https://mybusiness.googleapis.com/v4"
ACCOUNTS_URL = "https://mybusinessaccountmanagement.googleapis.com/v1/accounts"
LOCATIONS_URL = "https://mybusinessbusinessinformation.googleapis.com/v1"
_PAGE_SIZE = 50  # the most that Google gives
_MAX_PAGES = 20


class Location:
    """One location of the business: ``path`` reads accounts/…/locations/…."""

    def __init__(self, session: Session, path: str) -> None:
        self.session = session
        self.path = path.strip().strip("/")
        if not self.path.startswith("accounts/") or "/locations/" not in self.path:
            raise PermanentError("The location must read accounts/…/locations/…: sign in to Google again.")

    def listing(self) -> ReviewListing:
        return ReviewListing(self._page, lambda reviews: {"reviews": list(reviews)})

    def _page(self, token: str) -> tuple[Sequence[ListedReview], str]:
        asked = {"pageSize": _PAGE_SIZE, "orderBy": "updateTime desc"} | ({"pageToken": token} if token else {})
        content = mapping(self.session.call("GET", f"{REVIEWS_URL}/{self.path}/reviews", params=asked).content)
        found = [one for one in map(listed, review_entries(content)) if one is not None]
        return found, name(content.get("nextPageToken")) or ""

    def answer(self, outgoing: Outgoing) -> Sent:
        """Put our answer under the review; one that is there already makes way for it."""
        path = name(outgoing.parent_custom.get("name")) or self._path_of(outgoing.parent_id)
        answered = self.session.call("PUT", f"{REVIEWS_URL}/{path}/reply", json={"comment": outgoing.text})
        reply = mapping(answered.content)
        review_id = path.rsplit("/", 1)[-1]
        return Sent(
            external_id=reply_id(review_id, reply) or f"{review_id}/reply/{outgoing.key}",
            sent_at=instant(reply.get("updateTime")) or answered.at,
            thread_id=outgoing.thread_id,
            custom={"name": path},
        )

    def take_back(self, external_id: str, custom: Mapping[str, Any]) -> None:
        path = name(custom.get("name")) or self._path_of(external_id.partition("/reply/")[0])
        try:
            self.session.call("DELETE", f"{REVIEWS_URL}/{path}/reply")
        except RefusedError as error:
            if error.status != 404:
                raise

    def figures(self) -> list[Figure]:
        asked = {"pageSize": 1}
        content = mapping(self.session.call("GET", f"{REVIEWS_URL}/{self.path}/reviews", params=asked).content)
        count, average = number(content.get("totalReviewCount")), number(content.get("averageRating"))
        found = [Figure("reviews", count)] if count is not None else []
        return found + ([Figure("rating", average, best=5.0)] if average is not None else [])

    def health(self) -> Health:
        """Who we are, having seen that the reviews can be read."""
        self.session.call("GET", f"{REVIEWS_URL}/{self.path}/reviews", params={"pageSize": 1})
        place = self.path[self.path.index("locations/") :]
        asked = {"readMask": "name,title"}
        title = name(mapping(self.session.call("GET", f"{LOCATIONS_URL}/{place}", params=asked).content).get("title"))
        return Health(self.path, name=title or "", handle=title or "")

    def _path_of(self, review_id: str | None) -> str:
        if not review_id:
            raise PermanentError("Google only takes an answer to a review.")
        return f"{self.path}/reviews/{review_id}"


def offered(session: Session, credentials: Mapping[str, str]) -> Iterator[OfferedAccount]:
    """Every location of every account that the sign-in opens, each an account of its own here."""
    for account in _paged(session, ACCOUNTS_URL, "accounts", {"pageSize": "20"}):
        path = name(account.get("name"))
        if not path:
            continue
        asked = {"readMask": "name,title,storefrontAddress", "pageSize": "100"}
        for location in _paged(session, f"{LOCATIONS_URL}/{path}/locations", "locations", asked):
            place = name(location.get("name"))
            if place:
                own_id = place if place.startswith("accounts/") else f"{path}/{place}"
                yield OfferedAccount(own_id, _title(location) or own_id, {**credentials, "location": own_id})


def _title(location: Mapping[str, Any]) -> str:
    town = name(mapping(location.get("storefrontAddress")).get("locality"))
    return ", ".join(filter(None, (name(location.get("title")), town)))


def _paged(session: Session, url: str, key: str, asked: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    token = ""
    for _page in range(_MAX_PAGES):
        more = {"pageToken": token} if token else {}
        content = mapping(session.call("GET", url, params={**asked, **more}).content)
        yield from mappings(content.get(key))
        token = name(content.get("nextPageToken")) or ""
        if not token:
            return
