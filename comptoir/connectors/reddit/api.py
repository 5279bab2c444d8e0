"""Calls on Reddit's API, and what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import ApiVersion, AuthError, ConnectorError, Delivery, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting
from comptoir.connectors.shared.untrusted import inside, name, number
from comptoir.core.reasons import Reason, template

API_VERSION = ApiVersion("v1")
BASE = "https://oauth.reddit.com"
SITE = "https://www.reddit.com"
#: Reddit slows down programs that do not say what they are.
_AGENT = "web:comptoir:v1 (customer care)"
_LONGEST_S = 86_400.0
_ACCOUNT = ("USER_REQUIRED", "INVALID_USER", "ACCOUNT_SUSPENDED")
_REFUSALS = {
    "THREAD_LOCKED": template("This thread is locked: Reddit takes no more comments in it."),
    "TOO_OLD": template("This thread is too old: Reddit takes no more comments in it."),
    "DELETED_COMMENT": template("The comment you answer is no longer on Reddit."),
    "DELETED_LINK": template("The post you answer is no longer on Reddit."),
    "TOO_LONG": template("The text is too long for Reddit: shorten it."),
    "NO_TEXT": template("There is no text to send to Reddit."),
    "USER_DOESNT_EXIST": template("This person is no longer on Reddit."),
    "NOT_WHITELISTED_BY_USER_MESSAGE": template("This person does not take private messages on Reddit."),
    "USER_BLOCKED": template("This person has blocked the account on Reddit, or is blocked by it."),
    "USER_BLOCKED_MESSAGE": template("This person has blocked the account on Reddit, or is blocked by it."),
    "BANNED_FROM_SUBREDDIT": template("The account may not write in this subreddit."),
    "SUBREDDIT_NOTALLOWED": template("The account may not write in this subreddit."),
    "SUBREDDIT_OUTBOUND_LINKING_DISALLOWED": template("This subreddit takes no links."),
    "SOMETHING_IS_BROKEN": template("Reddit does not take comments here."),
}


class Api:
    """The API as one account sees it."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self._network = Network("Reddit", http, judge)

    def get(self, path: str, **params: str | int) -> Answered:
        asked = {"raw_json": 1, **params}
        return self._network.call("GET", BASE + path, params=asked, headers=self._signed())

    def post(self, path: str, form: Mapping[str, str], *, repeatable: bool = False) -> Answered:
        """``repeatable``: doing it twice changes nothing."""
        return self._network.call(
            "POST", BASE + path, data={"raw_json": "1", **form}, headers=self._signed(), repeatable=repeatable
        )

    def token(self, form: Mapping[str, str], *, path: str = "/api/v1/access_token") -> Answered:
        """Ask for an access, or give one back. Raises AuthError where Reddit does not take what we show."""
        client_id, secret = (self._credentials.get(key, "").strip() for key in ("client_id", "client_secret"))
        auth, headers = httpx.BasicAuth(client_id, secret), {"user-agent": _AGENT}
        try:
            answer = self._network.call("POST", SITE + path, data=form, auth=auth, headers=headers, repeatable=False)
        except RefusedError as error:  # a 400 that says “Bad Request”, and nothing of the token
            raise AuthError("Reddit no longer accepts these credentials.") from error
        if said := name(inside(answer.content, "error")):  # Reddit says so with a 200
            refused = Reason("Reddit no longer accepts these credentials.")
            raise AuthError(quoting(refused, said))
        return answer

    def _signed(self) -> dict[str, str]:
        token = self._credentials.get("access_token", "").strip()
        if not token:
            raise AuthError("Nobody has signed in to %(network)s for this account yet.", network="Reddit")
        return {"authorization": f"Bearer {token}", "user-agent": _AGENT}


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """What Reddit's own codes mean, which come with a 200 too; None where the HTTP status says enough."""
    code = (name(inside(content, "json", "errors", 0, 0)) or name(inside(content, "reason")) or "").upper()
    said = name(inside(content, "json", "errors", 0, 1)) or name(inside(content, "message")) or ""
    if code == "RATELIMIT" or response.status_code == 429:
        return TransientError("Reddit asks us to slow down (rate limit).", retry_after=_pause(response, content))
    if code in _ACCOUNT:
        return AuthError(quoting(Reason("Reddit no longer accepts these credentials."), said))
    if code in _REFUSALS:
        return RefusedError(Reason(_REFUSALS[code]), status=response.status_code, code=code)
    if code and response.is_success:
        return RefusedError(quoting(Reason("Reddit refused it."), said or code), status=response.status_code, code=code)
    if response.status_code == 403:
        text = Reason("The account may not do this on Reddit: a permission is missing, or it is not a moderator.")
        return RefusedError(quoting(text, said), status=403, code=code)
    return None


def _pause(response: httpx.Response, content: Any) -> timedelta | None:
    """Reddit's own seconds: in its answer, or since when the ten minutes began in a header of its own."""
    seconds = number(inside(content, "json", "ratelimit")) or number(response.headers.get("x-ratelimit-reset"))
    return timedelta(seconds=min(seconds, _LONGEST_S)) if seconds and seconds > 0 else pause_of(response)


def page_of(content: Any) -> Delivery:
    """An answer as a delivery to be stored."""
    return Delivery(json.dumps(content, default=float, ensure_ascii=False).encode("utf-8", "surrogatepass"))
