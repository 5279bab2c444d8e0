"""Secrets at rest: encrypted with the newest key, readable with every key still kept (Fernet, AES-128-CBC with
HMAC).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from comptoir.core.reasons import Reason


class UnreadableSecretError(Exception):
    """A stored secret was encrypted with a key that is no longer kept: it must be typed in again."""

    reason = Reason("The stored credentials cannot be read with the keys of this installation.")

    def __init__(self) -> None:
        super().__init__(str(self.reason))


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def encrypt(secret: Mapping[str, str]) -> bytes:
    """Encrypt a mapping of texts with the newest key."""
    return _cipher().encrypt(json.dumps(dict(secret)).encode())


def decrypt(token: bytes) -> dict[str, str]:
    """Read what `encrypt` made; an empty token is an empty mapping. Raises UnreadableSecretError."""
    if not token:
        return {}
    try:
        plain = _cipher().decrypt(bytes(token))
    except InvalidToken as error:
        raise UnreadableSecretError from error
    return {str(name): str(secret) for name, secret in json.loads(plain).items()}


def rotate(token: bytes) -> bytes:
    """Encrypt again with the newest key. Raises UnreadableSecretError."""
    return encrypt(decrypt(token)) if token else b""
