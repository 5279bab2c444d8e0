"""Calls on the YouTube Data API v3, what each costs of the day's quota, and what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import ApiVersion, AuthError, ConnectorError, Delivery, PermanentError, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, shown_text
from comptoir.connectors.shared.untrusted import inside, name
from comptoir.core.reasons import Reason, template

API_VERSION = ApiVersion("v3")
BASE = "https://www.googleapis.com/youtube/v3"
TOKENS = "https://oauth2.googleapis.com"

#: Units of the day's quota for one call (developers.google.com, “Quota Calculator”): reading costs 1, writing 50.
READING, WRITING = 1, 50
#: What a project has a day, unless Google granted more; it begins anew at midnight in California.
DAILY_QUOTA = 10_000

_QUOTA_USED_UP = timedelta(hours=1)
_QUOTA = ("quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg")
_RATE = ("rateLimitExceeded", "userRateLimitExceeded", "concurrentLimitExceeded")
_CLOSED = ("channelClosed", "channelSuspended", "accountDelegationForbidden", "youtubeSignupRequired", "authError")
_REFUSALS = {
    "commentsDisabled": template("Comments are closed under this video."),
    "insufficientPermissions": template("A permission is missing: sign in to YouTube again and grant it."),
    "ineligibleAccount": template("This Google account has no YouTube channel that may comment: merge or create one."),
    "parentCommentIsPrivate": template("This comment is private: YouTube lets nobody reply to it."),
    "parentCommentNotFound": template("The comment you answer is no longer on YouTube."),
    "commentNotFound": template("This comment is no longer on YouTube."),
    "videoNotFound": template("This video is no longer on YouTube."),
    "operationNotSupported": template("YouTube does not do this with this comment."),
    "commentTextTooLong": template("The text is too long for YouTube: shorten it."),
    "commentTextRequired": template("There is no text to send to YouTube."),
    "invalidCommentMetadata": template("YouTube finds something wrong with this comment."),
    "liveChatDisabled": template("The live chat is closed."),
    "liveChatEnded": template("The live chat has ended."),
    "liveChatNotFound": template("The live chat is no longer on YouTube."),
    "messageTextInvalid": template("YouTube does not take this text in the live chat."),
}


class Api:
    """The API as one channel sees it."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self._network = Network("YouTube", http, judge)

    def get(self, resource: str, **params: str | int) -> Answered:
        return self._network.call("GET", f"{BASE}/{resource}", params=params, headers=self._signed())

    def write(
        self, method: str, resource: str, body: Mapping[str, Any] | None = None, *, repeatable: bool,
        **params: str | int,
    ) -> Answered:  # fmt: skip
        """``repeatable``: doing it twice changes nothing."""
        return self._network.call(
            method, f"{BASE}/{resource}", params=params, json=body, headers=self._signed(), repeatable=repeatable
        )

    def token(self, form: Mapping[str, str], *, path: str = "/token") -> Answered:
        """Ask for an access, or give one back. Raises AuthError where Google does not take what we show."""
        known = {key: self._credentials.get(key, "").strip() for key in ("client_id", "client_secret")}
        try:
            return self._network.call("POST", TOKENS + path, data={**known, **form}, repeatable=False)
        except RefusedError as error:
            raise AuthError(error.reason) from error

    def _signed(self) -> dict[str, str]:
        token = self._credentials.get("access_token", "").strip()
        if not token:
            raise AuthError("Nobody has signed in to %(network)s for this account yet.", network="YouTube")
        return {"authorization": f"Bearer {token}"}


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """What YouTube's own reasons mean; None where the HTTP status says enough."""
    if response.is_success:
        return None
    reason = name(inside(content, "error", "errors", 0, "reason")) or ""
    said = name(inside(content, "error", "message")) or name(inside(content, "error_description")) or ""
    said = said or shown_text(response)
    if reason in _QUOTA:
        text = Reason("The day’s quota of the YouTube API is used up; it begins anew at midnight in California.")
        return TransientError(text, retry_after=_QUOTA_USED_UP)
    if reason in _RATE:
        return TransientError("YouTube asks us to slow down (rate limit).", retry_after=pause_of(response))
    if reason in _CLOSED or name(inside(content, "error")) == "invalid_grant":
        return AuthError(quoting(Reason("YouTube no longer opens this channel to us."), said))
    if reason in ("accessNotConfigured", "SERVICE_DISABLED"):
        text = Reason("The YouTube Data API is not switched on in the Google Cloud project.")
        return PermanentError(quoting(text, said))
    if reason in _REFUSALS:
        return RefusedError(Reason(_REFUSALS[reason]), status=response.status_code, code=reason)
    return None


def page_of(content: Any) -> Delivery:
    """An answer as a delivery to be stored."""
    return Delivery(json.dumps(content, default=float, ensure_ascii=False).encode("utf-8", "surrogatepass"))
