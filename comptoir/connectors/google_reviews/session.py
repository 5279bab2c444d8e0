"""Calls on Google's interfaces in the name of the business, with an access that renews itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, refusal
from comptoir.connectors.shared.untrusted import inside, mapping, name
from comptoir.core.reasons import Reason

LABEL = "Google"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
REVOKE_URL = "https://oauth2.googleapis.com/revoke"
_TOO_MANY = ("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """Google's own errors: ``{"error": {"code", "status", "message"}}``, or OAuth's ``{"error": "invalid_grant"}``."""
    if response.is_success:
        return None
    error = mapping(content).get("error")
    if error in ("invalid_grant", "invalid_client", "unauthorized_client"):
        gone = Reason("%(network)s no longer accepts these credentials.", network=LABEL)
        return AuthError(quoting(gone, name(mapping(content).get("error_description")) or str(error)))
    status, said = name(inside(error, "status")) or "", name(inside(error, "message")) or ""
    if status in _TOO_MANY or response.status_code == 429:
        return TransientError(
            "%(network)s asks us to slow down (rate limit).", network=LABEL, retry_after=pause_of(response)
        )
    if response.status_code in (400, 403, 404, 409) and said:
        refused = refusal(LABEL, response.status_code)
        return RefusedError(quoting(refused, said), status=response.status_code, code=status)
    return None


class Session:
    """Asks with the access token that is kept, and for a fresh one when Google says that it ended."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self._network = Network(LABEL, http, judge)
        self._token = credentials.get("access_token", "")
        self.renewed: dict[str, str] = {}

    def call(self, method: str, url: str, **options: Any) -> Answered:
        """One call, repeated once with a fresh token where the first is refused. Raises the errors of `Network`."""
        if not self._token:
            self.renew()
        try:
            return self._network.call(method, url, headers=self._signed(), **options)
        except AuthError:
            self.renew()
            return self._network.call(method, url, headers=self._signed(), **options)

    def renew(self) -> None:
        """Trade the refresh token, which does not change, for an access token of an hour. Raises AuthError."""
        refresh = self._credentials.get("refresh_token", "")
        if not refresh:
            raise AuthError("This account was not signed in to Google: sign in.")
        answer = token(self._network, self._credentials, {"grant_type": "refresh_token", "refresh_token": refresh})
        self._token = answer["access_token"]
        self.renewed = answer

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def token(network: Network, credentials: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, str]:
    """The tokens that Google gives for a code or a refresh token. Raises AuthError."""
    ours = {key: credentials.get(key, "") for key in ("client_id", "client_secret")}
    content = mapping(network.call("POST", TOKEN_URL, data={**ours, **asked}, repeatable=True).content)
    found = {key: name(content.get(key)) for key in ("access_token", "refresh_token")}
    if not found["access_token"]:
        raise AuthError("Google opened no access: sign in again.")
    return {key: value for key, value in found.items() if value}
