"""Google Play's interface: the reviews of one app of the last seven days, and our answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

import httpx

from comptoir.connectors.base import Health, Outgoing, PermanentError, Sent
from comptoir.connectors.play_store.reading import answer_id, listed, moment, next_token
from comptoir.connectors.play_store.session import Session
from comptoir.connectors.shared.review_polling import ListedReview, ReviewListing
from comptoir.connectors.shared.untrusted import inside, mapping, mappings

API = "https://androidpublisher.googleapis.com/androidpublisher/v3/applications"
_PAGE_SIZE = 100


class App:
    """One app, by the name of its package."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self.session = Session(credentials, http)
        self.package = credentials.get("package_name", "").strip()
        self._reviews = f"{API}/{quote(self.package, safe='')}/reviews"

    def listing(self) -> ReviewListing:
        return ReviewListing(self._page, lambda reviews: {"reviews": list(reviews)})

    def _page(self, token: str) -> tuple[Sequence[ListedReview], str]:
        asked = {"maxResults": str(_PAGE_SIZE)} | ({"token": token} if token else {})
        content = mapping(self.session.call("GET", self._reviews, params=asked).content)
        found = [one for one in map(listed, mappings(content.get("reviews"))) if one is not None]
        return found, next_token(content)

    def answer(self, outgoing: Outgoing) -> Sent:
        """Answer a review; the answer that is there already makes way for it."""
        if not outgoing.parent_id:
            raise PermanentError("Google Play only takes an answer to a review.")
        url = f"{self._reviews}/{quote(outgoing.parent_id, safe='')}:reply"
        answered = self.session.call("POST", url, json={"replyText": outgoing.text}, repeatable=True)
        at = moment(inside(answered.content, "result", "lastEdited")) or answered.at
        identifier = answer_id(outgoing.parent_id, at) or f"{outgoing.parent_id}/reply/{outgoing.key}"
        return Sent(identifier, at, thread_id=outgoing.thread_id)

    def health(self) -> Health:
        if not self.package:
            raise PermanentError("This account names no app.")
        self.session.call("GET", self._reviews, params={"maxResults": "1"})
        return Health(self.package, self.package, self.package)
