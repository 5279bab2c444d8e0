"""Trustpilot's interface: reviews and answers of one business unit, with an access that renews itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

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
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, refusal
from comptoir.connectors.shared.review_polling import ListedReview, ReviewListing
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, number
from comptoir.connectors.trustpilot.reading import answer_id, listed
from comptoir.core.reasons import Reason

API = "https://api.trustpilot.com/v1"
TOKEN_URL = f"{API}/oauth/oauth-business-users-for-applications/accesstoken"
LABEL = "Trustpilot"
_PAGE_SIZE = 100


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """Trustpilot's errors say ``{"message"}``, ``{"reason"}`` or ``{"fault": {"faultstring"}}``."""
    if response.is_success:
        return None
    status = response.status_code
    said = name(mapping(content).get("message")) or name(mapping(content).get("reason"))
    said = said or name(inside(content, "fault", "faultstring")) or ""
    if "quota" in said.lower() or "rate limit" in said.lower():
        return TransientError(
            "%(network)s asks us to slow down (rate limit).", network=LABEL, retry_after=pause_of(response)
        )
    if 400 <= status < 500 and status not in (401, 408, 425, 429) and said:
        refused = refusal(LABEL, status)
        return RefusedError(quoting(refused, said), status=status)
    return None


class BusinessUnit:
    """One company's presence on Trustpilot, as the key of its application opens it."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self._network = Network(LABEL, http, judge)
        self._token = credentials.get("access_token", "")
        self.renewed: dict[str, str] = {}
        self.id = credentials.get("business_unit_id", "").strip()

    # --- reviews ---

    def listing(self) -> ReviewListing:
        return ReviewListing(self._page, lambda reviews: {"reviews": list(reviews)})

    def _page(self, token: str) -> tuple[Sequence[ListedReview], str]:
        number_of_page = int(token) if token.isdecimal() else 1
        asked = {"page": number_of_page, "perPage": _PAGE_SIZE, "orderBy": "createdat.desc"}
        content = mapping(self.call("GET", f"/private/business-units/{self.id}/reviews", params=asked).content)
        reviews = mappings(content.get("reviews"))
        found = [one for one in map(listed, reviews) if one is not None]
        return found, str(number_of_page + 1) if len(reviews) == _PAGE_SIZE else ""

    def answer(self, outgoing: Outgoing) -> Sent:
        review_id = _answerable(outgoing)
        body = {"message": outgoing.text}
        if self._credentials.get("business_user_id", "").strip():
            body["authorBusinessUserId"] = self._credentials["business_user_id"].strip()
        answered = self.call("POST", f"/private/reviews/{review_id}/reply", json=body, repeatable=False)
        try:
            shown = self.answer_of(review_id)
        except ConnectorError:  # it was taken: how it is named is learnt when the review is read next
            shown = None
        return shown or Sent(f"{review_id}/reply/{outgoing.key}", answered.at, thread_id=outgoing.thread_id)

    def answer_of(self, review_id: str, text: str | None = None) -> Sent | None:
        """Our answer under a review, where it is there (and, if given, says ``text``)."""
        review = mapping(self.call("GET", f"/private/reviews/{review_id}").content)
        answer = mapping(review.get("companyReply"))
        if not answer or (text is not None and (name(answer.get("text")) or "").split() != text.split()):
            return None
        at = instant(answer.get("updatedAt")) or instant(answer.get("createdAt"))
        identifier = answer_id(review_id, answer)
        return Sent(identifier, at, thread_id=review_id) if identifier else None

    def find(self, outgoing: Outgoing) -> Sent | None:
        return self.answer_of(_answerable(outgoing), outgoing.text)

    def take_back(self, external_id: str) -> None:
        try:
            self.call("DELETE", f"/private/reviews/{external_id.partition('/reply/')[0]}/reply")
        except RefusedError as error:
            if error.status != 404:
                raise

    # --- the company ---

    def figures(self) -> list[Figure]:
        profile = self._profile()
        score = number(inside(profile, "score", "trustScore")) or number(profile.get("trustScore"))
        count = number(inside(profile, "numberOfReviews", "total"))
        found = [Figure("reviews", count)] if count is not None else []
        return found + ([Figure("rating", score, best=5.0)] if score is not None else [])

    def health(self) -> Health:
        profile = self._profile()
        self.call("GET", f"/private/business-units/{self.id}/reviews", params={"perPage": 1})
        remarks = []
        if not self._credentials.get("business_user_id", "").strip():
            remarks.append(Reason("No business user is named: Trustpilot may refuse our answers."))
        domain = name(inside(profile, "name", "identifying")) or ""
        return Health(self.id, domain, name(profile.get("displayName")) or domain, remarks=tuple(remarks))

    def _profile(self) -> Mapping[str, Any]:
        key = {"apikey": self._credentials.get("api_key", "")}
        return mapping(self._network.call("GET", f"{API}/business-units/{self.id}", headers=key).content)

    # --- calling ---

    def call(self, method: str, path: str, **options: Any) -> Answered:
        """One call, repeated once with a fresh token where the first is refused. Raises the errors of `Network`."""
        if not self.id:
            raise PermanentError("This account names no business unit.")
        if not self._token:
            self._renew()
        try:
            return self._network.call(method, API + path, headers=self._signed(), **options)
        except AuthError:
            self._renew()
            return self._network.call(method, API + path, headers=self._signed(), **options)

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def _renew(self) -> None:
        """The application's own access (client credentials): it lasts about four days."""
        key, secret = (self._credentials.get(one, "").strip() for one in ("api_key", "api_secret"))
        if not key or not secret:
            raise AuthError("The account has no API key or no secret: enter both.")
        answered = self._network.call(
            "POST", TOKEN_URL, auth=(key, secret), data={"grant_type": "client_credentials"}, repeatable=True
        )
        token = name(mapping(answered.content).get("access_token"))
        if not token:
            raise AuthError("%(network)s no longer accepts these credentials.", network=LABEL)
        self._token = token
        self.renewed = {"access_token": token}


def _answerable(outgoing: Outgoing) -> str:
    if outgoing.parent_custom.get("product"):
        raise PermanentError("Reviews of products are answered on Trustpilot’s own pages.")
    if not outgoing.parent_id:
        raise PermanentError("Trustpilot only takes an answer to a review.")
    return outgoing.parent_id
