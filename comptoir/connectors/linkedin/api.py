"""LinkedIn's REST interface, at one of its monthly versions, in the name of a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, refusal
from comptoir.connectors.shared.tokens import Tokens, app_of
from comptoir.connectors.shared.untrusted import mapping, name
from comptoir.core.reasons import Reason

VERSION = "202606"
API = "https://api.linkedin.com/rest"
OAUTH_URL = "https://www.linkedin.com/oauth/v2"
LABEL = "LinkedIn"
_LOST = frozenset({"65600", "65601", "65602", "REVOKED_ACCESS_TOKEN", "EXPIRED_ACCESS_TOKEN", "INVALID_ACCESS_TOKEN"})
#: An access lasts sixty days; LinkedIn gives not everybody something to renew it with.
TOKENS = Tokens(LABEL, ahead=timedelta(days=5), ends_as="token_ends_at")


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """LinkedIn's errors: ``{"status", "code", "serviceErrorCode", "message"}``, or OAuth's ``{"error"}``."""
    if response.is_success:
        return None
    told, status = mapping(content), response.status_code
    codes = {name(told.get("code")) or "", name(told.get("serviceErrorCode")) or ""}
    said = name(told.get("message")) or name(told.get("error_description")) or ""
    if status == 401 or codes & _LOST or told.get("error") in ("invalid_grant", "invalid_request", "invalid_client"):
        return AuthError(quoting(Reason("%(network)s no longer accepts these credentials.", network=LABEL), said))
    if status == 429:
        slow = Reason("%(network)s asks us to slow down (rate limit).", network=LABEL)
        return TransientError(quoting(slow, said), retry_after=pause_of(response))
    if status == 426:
        ended = Reason(
            "LinkedIn has ended the version of its interface that is used here (%(version)s).", version=VERSION
        )
        return RefusedError(quoting(ended, said), status=status)
    if status in (400, 403, 404, 409, 422):
        refused = refusal(LABEL, status)
        return RefusedError(quoting(refused, said), status=status, code=name(told.get("code")) or "")
    return None


class Page:
    """One page; ``urn`` is its name at LinkedIn."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self.id = credentials.get("organization_id", "").strip().rsplit(":", 1)[-1]
        self.urn = f"urn:li:organization:{self.id}"
        self._network = Network(LABEL, http, judge)

    def call(self, method: str, path: str, **options: Any) -> Answered:
        """``path`` holds names as parts of addresses; queries with lists are written as LinkedIn wants them."""
        headers = {
            "Authorization": TOKENS.bearer(self._credentials),
            "LinkedIn-Version": VERSION,
            "X-Restli-Protocol-Version": "2.0.0",
            **options.pop("headers", {}),
        }
        return self._network.call(method, f"{API}{path}", headers=headers, **options)


def tokens(network: Network, credentials: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, str]:
    """What LinkedIn gives for a code or a refresh token, and until when, by its own clock. Raises AuthError."""
    form = {**app_of(credentials), **asked}
    return TOKENS.kept(network.call("POST", f"{OAUTH_URL}/accessToken", data=form, repeatable=True))
