"""Calls on X's API v2, with the account's own access, and what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import ApiVersion, AuthError, ConnectorError, Delivery, PermanentError, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, shown_text
from comptoir.connectors.shared.untrusted import inside, name, whole
from comptoir.core.reasons import Reason, template

API_VERSION = ApiVersion("v2")
BASE = "https://api.x.com"

_NO_CREDITS = timedelta(hours=1)
_CAP_REACHED = timedelta(days=1)
#: Refusals that only a person can do something about, by a part of what X says (lower case), told in our words.
_REFUSALS = (
    ("duplicate content", template("X refuses to publish the same text twice: change it a little.")),
    ("reply to this conversation is not allowed", template("The author of this post limits who may reply to it.")),
    ("not been mentioned", template("X lets programs reply only to posts that mention or quote this account.")),
    ("summoned", template("X lets programs reply only to posts that mention or quote this account.")),
    ("deleted or not visible", template("The post you answer is gone, or is no longer shown to this account.")),
    ("not allowed to send a direct message", template("This person does not take direct messages from this account.")),
    ("cannot send messages to this user", template("This person does not take direct messages from this account.")),
    ("no privileges to hide", template("X lets an account hide replies to its own posts only.")),
    ("text is too long", template("The text is too long for X: shorten it.")),
)
#: X's older numbers for the same, still found in ``errors``.
_CODES = {
    187: template("X refuses to publish the same text twice: change it a little."),
    186: template("The text is too long for X: shorten it."),
    385: template("The post you answer is gone, or is no longer shown to this account."),
    433: template("The author of this post limits who may reply to it."),
    150: template("This person does not take direct messages from this account."),
    349: template("This person does not take direct messages from this account."),
}
_LOCKED = (64, 326)
_LATER = (88, 130, 131, 185)


class Api:
    """The API as one account sees it."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self._network = Network("X", http, judge)

    def get(self, path: str, **params: str | int) -> Answered:
        return self._network.call("GET", BASE + path, params=params, headers=self._signed())

    def post(self, path: str, body: Mapping[str, Any], *, repeatable: bool = False) -> Answered:
        """``repeatable``: doing it twice changes nothing."""
        return self._network.call("POST", BASE + path, json=body, headers=self._signed(), repeatable=repeatable)

    def put(self, path: str, body: Mapping[str, Any]) -> Answered:
        return self._network.call("PUT", BASE + path, json=body, headers=self._signed())

    def delete(self, path: str) -> Answered:
        return self._network.call("DELETE", BASE + path, headers=self._signed())

    def as_app(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        params: Mapping[str, str | int] | None = None,
    ) -> Answered:
        """A call that the app makes for itself, as managing its webhooks; repeatable all of them."""
        headers = self.app_headers()
        return self._network.call(method, BASE + path, json=body, params=params, headers=headers, repeatable=True)

    def app_headers(self) -> dict[str, str]:
        """What opens whatever belongs to the app, not to the account."""
        return {"authorization": f"Bearer {self._credentials.get('bearer_token', '').strip()}"}

    @property
    def http(self) -> httpx.Client:
        """For an answer that is read as it comes."""
        return self._network.http

    def token(self, form: Mapping[str, str], *, path: str = "/2/oauth2/token") -> Answered:
        """Ask for an access, or give one back. Raises AuthError where X does not take what we show."""
        client_id, secret = (self._credentials.get(key, "").strip() for key in ("client_id", "client_secret"))
        auth = httpx.BasicAuth(client_id, secret) if secret else None
        try:
            return self._network.call(
                "POST", BASE + path, data={**form, "client_id": client_id}, auth=auth, repeatable=False
            )
        except RefusedError as error:
            raise AuthError(error.reason) from error

    def _signed(self) -> dict[str, str]:
        token = self._credentials.get("access_token", "").strip()
        if not token:
            raise AuthError("Nobody has signed in to %(network)s for this account yet.", network="X")
        return {"authorization": f"Bearer {token}"}


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """What X's own refusals mean; None where the HTTP status says enough."""
    if response.is_success:
        return None
    said = _said(response, content)
    title = (name(inside(content, "title")) or "").lower()
    code = whole(inside(content, "errors", 0, "code"))
    if response.status_code == 402 or "credits" in title:
        text = Reason("The credits bought for the X API are used up: buy some in X’s developer console.")
        return TransientError(quoting(text, said), retry_after=_NO_CREDITS)
    if response.status_code == 429 and "usagecap" in title.replace(" ", ""):
        text = Reason("The month’s allowance of the X API is used up.")
        return TransientError(quoting(text, said), retry_after=_CAP_REACHED)
    if code in _LATER:
        return TransientError("X asks us to slow down (rate limit).", retry_after=pause_of(response))
    if code in _LOCKED or "suspended" in said.lower():
        return AuthError(quoting(Reason("X has locked or suspended this account."), said))
    return _forbidden(response, content, said, code) if response.status_code in (400, 403, 404) else None


def _forbidden(response: httpx.Response, content: Any, said: str, code: int | None) -> ConnectorError | None:
    if name(inside(content, "reason")) == "client-not-enrolled":
        text = Reason("This app has no access to the part of the X API that this needs: see its plan in X’s console.")
        return PermanentError(quoting(text, said))
    known = _CODES.get(code or 0) or next((text for part, text in _REFUSALS if part in said.lower()), None)
    if known is not None:
        return RefusedError(Reason(known), status=response.status_code, code=str(code or ""))
    if "permission" in said.lower() and response.status_code == 403:
        text = Reason("A permission is missing: sign in to X again and grant all of those that are asked for.")
        return PermanentError(quoting(text, said))
    return None


def _said(response: httpx.Response, content: Any) -> str:
    """X's own words: ``detail``, or what its lists of errors say."""
    places = (("detail",), ("errors", 0, "message"), ("errors", 0, "detail"), ("error_description",), ("title",))
    found = (name(inside(content, *place)) for place in places)
    return next((words for words in found if words), shown_text(response))


def page_of(answer: Answered) -> Delivery:
    """An answer as a delivery to be stored."""
    return Delivery(json.dumps(answer.content, default=float, ensure_ascii=False).encode("utf-8", "surrogatepass"))
