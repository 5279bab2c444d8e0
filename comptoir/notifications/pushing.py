"""Web Push: waking a browser through the service of its maker, which cannot read what it carries.

RFC 8030 (the request), RFC 8291 and RFC 8188 (aes128gcm, one record), RFC 8292 (VAPID). Written here because the
libraries for it bring a second HTTP client or must be compiled, for a page of well-specified arithmetic; the test of
RFC 8291's own example holds it.
"""

from __future__ import annotations

import base64
import json
import os
import struct
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from comptoir.core.clock import now

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD_BYTES = 4096
#: What fits into one record beside its padding delimiter and tag.
MAX_PAYLOAD_BYTES = 3900
_KEPT_BY_SERVICE = timedelta(hours=12)
_TOKEN_LASTS = timedelta(hours=6)


class SubscriptionGoneError(Exception):
    """The browser no longer wants it: forget the subscription."""


class PushLaterError(Exception):
    """The service is busy or away. ``after`` is what it asked for."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"try again in {after}")
        self.after = after


def push(client: httpx.Client, endpoint: str, keys: tuple[bytes, bytes], payload: Mapping[str, Any]) -> None:
    """Have one browser woken with ``payload``; ``keys`` are its public key and its secret.

    Raises SubscriptionGoneError, PushLaterError, httpx.HTTPError.
    """
    body = encrypted(json.dumps(payload).encode()[:MAX_PAYLOAD_BYTES], *keys)
    headers = {
        "TTL": str(int(_KEPT_BY_SERVICE.total_seconds())),
        "Urgency": "high",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Authorization": f"vapid t={_token(endpoint)}, k={server_key()}",
    }
    response = client.post(endpoint, content=body, headers=headers)
    if response.status_code in (404, 410):
        raise SubscriptionGoneError
    if response.status_code == 429 or response.status_code >= 500:
        wait = response.headers.get("Retry-After", "")
        raise PushLaterError(timedelta(seconds=min(int(wait), 3600) if wait.isdecimal() else 60))
    response.raise_for_status()


def encrypted(
    plain: bytes,
    browser_key: bytes,
    browser_secret: bytes,
    *,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """``plain`` for one browser, in one record (RFC 8291, section 4). ``salt`` and ``own`` are random but in a test.

    Raises ValueError for a key that is not on the curve.
    """
    salt, own = salt or os.urandom(16), own or ec.generate_private_key(_CURVE)
    own_key = _point(own.public_key())
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, browser_key))
    secret = _derived(shared, browser_secret, b"WebPush: info\0" + browser_key + own_key, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + struct.pack("!IB", _RECORD_BYTES, len(own_key)) + own_key
    return header + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def _derived(secret: bytes, salt: bytes, about: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, about).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@cache
def _server() -> ec.EllipticCurvePrivateKey:
    """Our own key: told from the installation's secret, so that every process and machine has the same."""
    drawn = HKDF(hashes.SHA256(), 48, None, b"comptoir web push").derive(settings.SECRET_KEY.encode())
    return ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, _CURVE)


def server_key() -> str:
    """The public key that a browser subscribes with (applicationServerKey), in base64url."""
    return base64.urlsafe_b64encode(_point(_server().public_key())).rstrip(b"=").decode()


def _token(endpoint: str) -> str:
    """Says to the service who sends (RFC 8292)."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now() + _TOKEN_LASTS).timestamp()),
        "sub": settings.BASE_URL if settings.BASE_URL.startswith("https://") else "mailto:webmaster@localhost",
    }
    return jwt.encode(claims, _server(), algorithm="ES256")
