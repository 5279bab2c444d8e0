"""Calls on a forum's API with a key, and what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, Delivery, PermanentError, TransientError
from comptoir.connectors.shared.addresses import site_address
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting
from comptoir.connectors.shared.untrusted import inside, items, name, number
from comptoir.core.reasons import Reason

_LONGEST_S = 86_400.0


class Api:
    """The API as one user of the forum sees it."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self._network = Network("Discourse", http, judge)
        self.site = site_address(credentials.get("site", ""))

    def get(self, path: str, **params: Any) -> Any:
        return self._call("GET", path, params=params).content

    def post(self, path: str, body: Mapping[str, Any], *, repeatable: bool = False) -> Answered:
        """``repeatable``: doing it twice changes nothing."""
        return self._call("POST", path, json=body, repeatable=repeatable)

    def put(self, path: str, body: Mapping[str, Any] | None = None) -> Answered:
        return self._call("PUT", path, json=body)

    def delete(self, path: str, **params: str | int) -> Answered:
        return self._call("DELETE", path, params=params)

    def upload(self, name_: str, content: bytes, mime_type: str) -> Any:
        """Hand over a file; one that no post shows is swept away by the forum."""
        form = {"upload_type": "composer", "type": "composer", "synchronous": "true"}
        files = {"file": (name_, content, mime_type)}
        return self._call("POST", "/uploads.json", data=form, files=files, repeatable=True).content

    def _call(self, method: str, path: str, *, repeatable: bool | None = None, **options: Any) -> Answered:
        key, user = (self._credentials.get(field, "").strip() for field in ("api_key", "username"))
        if not key or not user:
            raise AuthError("The forum’s API key or the name of its user is missing.")
        headers = {"Api-Key": key, "Api-Username": user.removeprefix("@")}
        return self._network.call(method, self.site + path, headers=headers, repeatable=repeatable, **options)


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """What Discourse's own kinds of error mean; None where the HTTP status says enough."""
    if response.is_success:
        return None
    kind = name(inside(content, "error_type")) or ""
    said = " ".join(words for one in items(inside(content, "errors")) if (words := name(one)))
    if kind == "rate_limit" or response.status_code == 429:
        seconds = number(inside(content, "extras", "wait_seconds"))
        pause = timedelta(seconds=min(seconds, _LONGEST_S)) if seconds and seconds > 0 else pause_of(response)
        return TransientError("The forum asks us to slow down (rate limit).", retry_after=pause)
    if kind == "read_only" or (response.status_code == 503 and kind):
        return TransientError("The forum is read-only at the moment.", retry_after=pause_of(response))
    if kind == "invalid_api_key" or (response.status_code == 403 and "api" in said.lower() and "key" in said.lower()):
        return AuthError(quoting(Reason("The forum does not accept this API key for this user."), said))
    if response.status_code == 403:
        text = Reason("The account may not do this on the forum.")
        return RefusedError(quoting(text, said), status=403, code=kind)
    if response.status_code in (404, 410):
        return RefusedError(Reason("It is no longer on the forum."), status=response.status_code, code=kind)
    if response.status_code == 422 and said:
        return RefusedError(quoting(Reason("The forum refused it."), said), status=422, code=kind)
    return None


def number_in(identifier: str | None) -> int:
    """An id as a number, for an address. Raises PermanentError."""
    if identifier is None or not (identifier.isascii() and identifier.isdigit() and len(identifier) <= 18):
        raise PermanentError("“%(id)s” is not an id of the forum.", id=identifier or "")
    return int(identifier)


def page_of(content: Any) -> Delivery:
    """An answer as a delivery to be stored."""
    return Delivery(json.dumps(content, default=float, ensure_ascii=False).encode("utf-8", "surrogatepass"))
