"""Calls on an interface of Google in the name of a service account, whose key signs for its access (RFC 7523)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from comptoir.connectors.base import AuthError, ConnectorError, TransientError
from comptoir.connectors.shared.calling import (
    Answered,
    Judge,
    Network,
    RefusedError,
    pause_of,
    quoting,
    refusal,
    server_time,
)
from comptoir.connectors.shared.untrusted import inside, mapping, name
from comptoir.core.reasons import Reason

TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFETIME_S = 3600  # the most that Google takes


class _UnsignedError(AuthError):
    """Google does not take the access token; ``at`` is its own time, by which the next one is asked for."""

    def __init__(self, label: str, said: str, at: datetime | None) -> None:
        super().__init__(quoting(Reason("%(network)s no longer accepts these credentials.", network=label), said))
        self.at = at


def judge_of(label: str) -> Judge:
    """What Google's own errors mean on the interface that people know as ``label``.

    ``{"error": {"code", "status", "message"}}``, or OAuth's ``{"error": "invalid_grant"}``.
    """

    def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
        if response.is_success:
            return None
        status, error = response.status_code, mapping(content).get("error")
        if isinstance(error, str):
            return _UnsignedError(label, name(mapping(content).get("error_description")) or error, None)
        code, said = name(inside(error, "status")) or "", name(inside(error, "message")) or ""
        if status == 401:
            return _UnsignedError(label, said, server_time(response))
        if status == 429 or code == "RESOURCE_EXHAUSTED":
            slow = Reason("%(network)s asks us to slow down (rate limit).", network=label)
            return TransientError(slow, retry_after=pause_of(response))
        if status in (400, 403, 404, 409, 410) and said:
            refused = refusal(label, status)
            return RefusedError(quoting(refused, said), status=status, code=code)
        return None

    return judge


class Session:
    """Asks with the access token that is kept, and for a fresh one when Google says that it ended."""

    def __init__(self, label: str, scope: str, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._label, self._scope, self._credentials = label, scope, credentials
        self._network = Network(label, http, judge_of(label))
        self._token = credentials.get("access_token", "")
        self.renewed: dict[str, str] = {}

    def call(self, method: str, url: str, **options: Any) -> Answered:
        """One call, repeated once with a fresh token where the first is refused. Raises the errors of `Network`."""
        try:
            return self._network.call(method, url, headers=self._signed(), **options)
        except _UnsignedError as error:
            if error.at is None:
                raise TransientError(
                    "%(network)s did not tell its time, by which we sign.", network=self._label
                ) from error
            self._renew(error.at)
        return self._network.call(method, url, headers=self._signed(), **options)

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def _renew(self, at: datetime) -> None:
        asked = {"grant_type": _GRANT, "assertion": assertion(self._credentials, at, scope=self._scope)}
        token = name(
            mapping(self._network.call("POST", TOKEN_URL, data=asked, repeatable=True).content).get("access_token")
        )
        if token is None:
            raise AuthError("%(network)s no longer accepts these credentials.", network=self._label)
        self._token = token
        self.renewed = {"access_token": token}


def assertion(credentials: Mapping[str, str], at: datetime, *, scope: str) -> str:
    """A JSON Web Token that begins at ``at``, Google's own time. Raises AuthError where the key cannot be read."""
    key = _key_file(credentials.get("service_account", ""))
    begins = int(at.timestamp())
    claims = {
        "iss": key.get("client_email"), "scope": scope, "aud": TOKEN_URL, "iat": begins, "exp": begins + _LIFETIME_S,
    }  # fmt: skip
    header = {"alg": "RS256", "typ": "JWT", "kid": key.get("private_key_id")}
    signed = f"{_encoded(header)}.{_encoded(claims)}"
    signature = _private_key(name(key.get("private_key")) or "").sign(
        signed.encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    return f"{signed}.{_base64(signature)}"


def _key_file(pasted: str) -> Mapping[str, Any]:
    try:
        key = mapping(json.loads(pasted))
    except (ValueError, RecursionError):
        key = {}
    if not name(key.get("client_email")) or not name(key.get("private_key")):
        raise AuthError("The service account’s key cannot be read: paste the whole content of the JSON file.")
    return key


def _private_key(pem: str) -> rsa.RSAPrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AuthError(
            "The service account’s key cannot be read: paste the whole content of the JSON file."
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise AuthError("The service account’s key cannot be read: paste the whole content of the JSON file.")
    return key


def _encoded(content: Mapping[str, Any]) -> str:
    return _base64(json.dumps(content, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
