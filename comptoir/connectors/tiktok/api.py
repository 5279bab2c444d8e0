"""TikTok's Business API: it answers 200 to nearly everything and says in ``code`` what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, unclear
from comptoir.connectors.shared.tokens import Tokens, app_of
from comptoir.connectors.shared.untrusted import inside, mapping, name, whole
from comptoir.core.reasons import Reason

VERSION = "v1.3"
API = f"https://business-api.tiktok.com/open_api/{VERSION}"
LABEL = "TikTok"
_LOST = frozenset({40101, 40102, 40103, 40104, 40105, 40107, 40110})
_TOO_MANY = frozenset({40016, 40100, 40133})
_FIRST_FAILURE = 50000
_SLOW_DOWN = timedelta(minutes=1)
#: An access lasts a day.
TOKENS = Tokens(LABEL, ahead=timedelta(hours=2), ends_as="token_ends_at", below="data")


class _FailedError(ConnectorError):
    """TikTok failed while it did what was asked; what came of it is not known."""


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """What TikTok's own ``code`` means; None where all went well, or where it says nothing."""
    code = whole(mapping(content).get("code"))
    if code is None or code == 0:
        return None
    said = name(mapping(content).get("message")) or str(code)
    if code in _LOST:
        return AuthError(quoting(Reason("%(network)s no longer accepts these credentials.", network=LABEL), said))
    if code in _TOO_MANY:
        slow = Reason("%(network)s asks us to slow down (rate limit).", network=LABEL)
        return TransientError(slow, retry_after=pause_of(response) or _SLOW_DOWN)
    if code >= _FIRST_FAILURE:
        failed = Reason("%(network)s failed (HTTP %(status)s).", network=LABEL, status=response.status_code)
        return _FailedError(quoting(failed, said))
    return RefusedError(quoting(Reason("TikTok refused it."), said), status=response.status_code, code=str(code))


class Business:
    """One business account, by the open id that its sign-in gave."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self.network = Network(LABEL, http, judge)
        self.id = credentials.get("business_id", "")
        self.token = credentials.get("access_token", "")
        self.ends_at = TOKENS.ends_at(credentials)

    def ask(self, path: str, **asked: Any) -> Mapping[str, Any]:
        """Read something of the account; lists and objects among ``asked`` go as JSON."""
        told = {key: one if isinstance(one, str | int) else json.dumps(one) for key, one in asked.items()}
        return self._data("GET", path, repeatable=True, params={"business_id": self.id, **told})

    def tell(self, path: str, body: Mapping[str, Any], *, repeatable: bool = False) -> Mapping[str, Any]:
        """Change something of the account."""
        return self._data("POST", path, repeatable=repeatable, json={"business_id": self.id, **body})

    def upload(self, file: tuple[str, bytes, str]) -> Mapping[str, Any]:
        """Hand a picture over, to be sent by its id."""
        asked = {"business_id": self.id, "media_type": "IMAGE"}
        return self._data("POST", "/business/message/media/upload/", repeatable=True, data=asked, files={"file": file})

    def app(self, method: str, path: str, **asked: str) -> Mapping[str, Any]:
        """Read or set something of the application."""
        ours = {"app_id": self._credentials.get("client_id", ""), "secret": self._credentials.get("client_secret", "")}
        told = {"params" if method == "GET" else "json": {**ours, **asked}}
        return mapping(called(self.network, method, path, repeatable=True, **told).content.get("data"))

    def _data(self, method: str, path: str, *, repeatable: bool, **options: Any) -> Mapping[str, Any]:
        if not self.token or not self.id:
            raise TOKENS.nobody_signed_in()
        headers = {"Access-Token": self.token}
        answered = called(self.network, method, path, repeatable=repeatable, headers=headers, **options)
        return mapping(mapping(answered.content).get("data"))


def called(network: Network, method: str, path: str, *, repeatable: bool, **options: Any) -> Answered:
    """One call. Raises the errors of `Network`."""
    try:
        return network.call(method, f"{API}{path}", repeatable=repeatable, **options)
    except _FailedError as error:
        raise unclear(error.reason, repeatable=repeatable) from error


# --- the access ---------------------------------------------------------------------------------------------------


def tokens(network: Network, credentials: Mapping[str, str], path: str, asked: Mapping[str, str]) -> dict[str, str]:
    """What TikTok gives for a code or a refresh token: the tokens, whose they are and, by its own clock, until when."""
    form = {**app_of(credentials), **asked}
    answered = called(network, "POST", f"/tt_user/oauth2{path}", repeatable=True, json=form)
    identifier = name(inside(answered.content, "data", "open_id"))
    return {**TOKENS.kept(answered), **({"business_id": identifier} if identifier else {})}
