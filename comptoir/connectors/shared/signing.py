"""Checking the signatures of webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Literal

from comptoir.connectors.base import SignatureError


def check_hmac(
    secret: str,
    body: bytes,
    given: str,
    *,
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256",
    encoding: str = "hex",
) -> None:
    """Raise SignatureError unless ``given`` is the HMAC of ``body``, written as ``encoding`` ("hex" or "base64")."""
    if not secret:
        raise SignatureError("This account has no signing secret: nothing can be verified.")
    digest = hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).digest()
    expected = digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()
    wanted = given.strip().lower() if encoding == "hex" else given.strip()
    if not same(expected, wanted):
        raise SignatureError("The signature does not fit the body and this account's secret.")


def check_token(secret: str, given: str) -> None:
    """Raise SignatureError unless a delivery carries the token that was agreed."""
    if not secret:
        raise SignatureError("This account has no verification token: nothing can be verified.")
    if not same(secret, given):
        raise SignatureError("The token is not the one of this account.")


def same(expected: str, given: str) -> bool:
    """Whether two texts are the same, in a time that says nothing of where they differ."""
    return hmac.compare_digest(expected.encode("utf-8", "replace"), given.encode("utf-8", "replace"))
