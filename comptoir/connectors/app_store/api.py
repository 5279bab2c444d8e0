"""App Store Connect's interface: the reviews of one app and our answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from comptoir.connectors.app_store.connect import ANSWERS, REVIEWS, listed
from comptoir.connectors.app_store.signing import signed_token
from comptoir.connectors.base import (
    AuthError,
    ConnectorError,
    Figure,
    Health,
    Outgoing,
    PermanentError,
    Sent,
    TransientError,
)
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, refusal, server_time
from comptoir.connectors.shared.review_polling import ListedReview, ReviewListing
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, number
from comptoir.core.reasons import Reason

API = "https://api.appstoreconnect.apple.com/v1"
LOOKUP_URL = "https://itunes.apple.com/lookup"
LABEL = "App Store Connect"
_PAGE_SIZE = 200


class _UnsignedError(AuthError):
    """Apple does not take the token; ``at`` is its own time, by which the next one is made."""

    def __init__(self, said: str, at: datetime | None) -> None:
        super().__init__(quoting(Reason("%(network)s no longer accepts these credentials.", network=LABEL), said))
        self.at = at


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """Apple's errors: ``{"errors": [{"status", "code", "title", "detail"}]}``."""
    if response.is_success:
        return None
    told = next(iter(mappings(mapping(content).get("errors"))), {})
    said, status = name(told.get("detail")) or name(told.get("title")) or "", response.status_code
    if status == 401:
        return _UnsignedError(said, server_time(response))
    if status == 429:
        slow = Reason("%(network)s asks us to slow down (rate limit).", network=LABEL)
        return TransientError(slow, retry_after=pause_of(response))
    if 400 <= status < 500 and status not in (408, 425):
        refused = refusal(LABEL, status)
        return RefusedError(quoting(refused, said), status=status, code=name(told.get("code")) or "")
    return None


class App:
    """One app, by its number in the store (its Apple ID)."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self._network = Network(LABEL, http, judge)
        self._token = credentials.get("token", "")
        self.id = credentials.get("app_id", "").strip().removeprefix("id")
        self.renewed: dict[str, str] = {}

    # --- reviews ---

    def listing(self) -> ReviewListing:
        return ReviewListing(self._page, _document)

    def _page(self, token: str) -> tuple[Sequence[ListedReview], str]:
        """``token`` is the address of the page, as Apple names the next one."""
        first = f"{API}/apps/{self.id}/customerReviews?sort=-createdDate&limit={_PAGE_SIZE}&include=response"
        content = mapping(self.call("GET", token if token.startswith(f"{API}/") else first).content)
        answers = {name(one.get("id")): one for one in mappings(content.get("included"))}
        found = [listed(one, answers) for one in mappings(content.get("data"))]
        return [one for one in found if one is not None], name(inside(content, "links", "next")) or ""

    def answer(self, outgoing: Outgoing) -> Sent:
        """Answer a review; the answer that is there already makes way for it."""
        if not outgoing.parent_id:
            raise PermanentError("The App Store only takes an answer to a review.")
        resource = {
            "type": ANSWERS,
            "attributes": {"responseBody": outgoing.text},
            "relationships": {"review": {"data": {"type": REVIEWS, "id": outgoing.parent_id}}},
        }
        answered = self.call("POST", f"{API}/customerReviewResponses", json={"data": resource}, repeatable=True)
        given = mapping(inside(answered.content, "data"))
        identifier = name(given.get("id"))
        if identifier is None:
            raise PermanentError(
                "%(network)s answered without saying under which id it keeps the answer.", network=LABEL
            )
        at = instant(inside(given, "attributes", "lastModifiedDate")) or answered.at
        return Sent(identifier, at, thread_id=outgoing.thread_id)

    def take_back(self, external_id: str) -> None:
        try:
            self.call("DELETE", f"{API}/customerReviewResponses/{external_id}")
        except RefusedError as error:
            if error.status != 404:
                raise

    # --- the app ---

    def health(self) -> Health:
        attributes = mapping(inside(self.call("GET", f"{API}/apps/{self.id}").content, "data", "attributes"))
        self.call("GET", f"{API}/apps/{self.id}/customerReviews?limit=1")
        return Health(self.id, name(attributes.get("bundleId")) or "", name(attributes.get("name")) or self.id)

    def figures(self) -> list[Figure]:
        """The store's own average in one country, which the public catalogue tells without a key."""
        country = self._credentials.get("country", "").strip().lower() or "fr"
        asked = {"id": self.id, "country": country}
        app = mapping(inside(self._network.call("GET", LOOKUP_URL, params=asked).content, "results", 0))
        count, average = number(app.get("userRatingCount")), number(app.get("averageUserRating"))
        found = [Figure("reviews", count)] if count is not None else []
        return found + ([Figure("rating", average, best=5.0)] if average is not None else [])

    # --- calling ---

    def call(self, method: str, url: str, **options: Any) -> Answered:
        """Call with the token that is kept, and with a fresh one, dated by Apple's own clock, where it has ended.

        Raises the errors of `Network`.
        """
        if not self.id.isdecimal():
            raise PermanentError("The app’s Apple ID has digits only: it follows “id” in its address in the store.")
        try:
            return self._network.call(method, url, headers=self._signed(), **options)
        except _UnsignedError as error:
            if error.at is None:
                raise TransientError("%(network)s did not tell its time, by which we sign.", network=LABEL) from error
            self._token = signed_token(self._credentials, error.at)
        answered = self._network.call(method, url, headers=self._signed(), **options)
        self.renewed = {"token": self._token}
        return answered

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}


def _document(entries: Sequence[tuple[Mapping[str, Any], Mapping[str, Any] | None]]) -> Mapping[str, Any]:
    """Reviews and their answers as a page of the interface."""
    included = [answer for _review, answer in entries if answer is not None]
    return {"data": [review for review, _answer in entries], "included": included}
