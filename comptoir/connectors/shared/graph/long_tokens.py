"""Tokens of Instagram and Threads: for an hour after a sign-in, exchanged for sixty days, renewed again and again.

Source: Instagram Platform, "Business Login for Instagram"; Threads API, "Long-Lived Access Tokens".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError
from comptoir.connectors.shared.graph.errors import judged
from comptoir.connectors.shared.untrusted import inside, instant, mapping, name, whole

#: A token is renewed so long before its end that a fortnight without us does not lose it.
_AHEAD = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class LongTokens:
    """Where one network trades tokens. ``prefix`` begins the names of its grants (ig, th)."""

    label: str
    http: httpx.Client
    code_url: str
    host: str
    prefix: str

    def exchange(self, credentials: Mapping[str, str], code: str, redirect_url: str) -> dict[str, str]:
        """The credentials with a token of sixty days for a sign-in's code. Raises AuthError where it is not taken."""
        asked = {
            "client_id": credentials.get("client_id", ""),
            "client_secret": credentials.get("client_secret", ""),
            "grant_type": "authorization_code",
            "redirect_uri": redirect_url,
            "code": code.removesuffix("#_"),
        }
        told = self._network().call("POST", self.code_url, data=asked, repeatable=True).content
        short = name(inside(told, "access_token")) or name(inside(told, "data", 0, "access_token"))
        if short is None:
            raise AuthError("%(network)s answered this sign-in without an access token.", network=self.label)
        grant = {"grant_type": f"{self.prefix}_exchange_token", "client_secret": credentials.get("client_secret", "")}
        return self._kept(credentials, self._get("access_token", {**grant, "access_token": short}))

    def renew(self, credentials: Mapping[str, str]) -> dict[str, str]:
        """The credentials with the token's sixty days begun anew. Raises AuthError where it ended."""
        grant = {"grant_type": f"{self.prefix}_refresh_token", "access_token": credentials.get("access_token", "")}
        return self._kept(credentials, self._get("refresh_access_token", grant))

    def _get(self, path: str, params: Mapping[str, str]) -> Answered:
        return self._network().call("GET", f"{self.host}/{path}", params=dict(params))

    def _kept(self, credentials: Mapping[str, str], answer: Answered) -> dict[str, str]:
        told = mapping(answer.content)
        token, seconds = name(told.get("access_token")), whole(told.get("expires_in"))
        if token is None:
            raise AuthError("%(network)s answered this sign-in without an access token.", network=self.label)
        kept = {**credentials, "access_token": token}
        kept.pop("token_expires_at", None)
        if seconds and answer.at is not None and 0 < seconds < 10**9:
            kept["token_expires_at"] = (answer.at + timedelta(seconds=seconds)).isoformat()
        return kept

    def _network(self) -> Network:
        def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
            found = judged(self.label, response, content, repeatable=True)
            if isinstance(found, RefusedError):
                return AuthError(
                    "%(network)s did not take this sign-in: begin it again. %(why)s",
                    network=self.label,
                    why=found.reason,
                )
            return found

        return Network(self.label, self.http, judge)


def expires_at(credentials: Mapping[str, str]) -> datetime | None:
    """When the token ends; None where that is not known."""
    return instant(credentials.get("token_expires_at") or None)


def renew_at(credentials: Mapping[str, str]) -> datetime | None:
    """When to renew it at the latest; None where it does not end, or nobody told when."""
    end = expires_at(credentials)
    return None if end is None else end - _AHEAD
