"""The token that App Store Connect wants: a JSON Web Token signed with the key that was downloaded (ES256)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from comptoir.connectors.base import AuthError

AUDIENCE = "appstoreconnect-v1"
LIFETIME = timedelta(minutes=19)  # Apple takes at most twenty
_COORDINATE_BYTES = 32  # P-256


def signed_token(credentials: Mapping[str, str], at: datetime) -> str:
    """A token that begins at ``at``, Apple's own time. Raises AuthError where the key cannot be read."""
    begins = int(at.timestamp())
    issuer = credentials.get("issuer_id", "").strip()
    # A team's key names its issuer; an individual's has none and names its bearer as “user”.
    who = {"iss": issuer} if issuer else {"sub": "user"}
    claims = {**who, "iat": begins, "exp": begins + int(LIFETIME.total_seconds()), "aud": AUDIENCE}
    header = {"alg": "ES256", "kid": credentials.get("key_id", "").strip(), "typ": "JWT"}
    signed = f"{_encoded(header)}.{_encoded(claims)}"
    return f"{signed}.{_base64(_signature(_key(credentials.get('private_key', '')), signed.encode()))}"


def _key(pem: str) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(_lined(pem).encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AuthError("The private key cannot be read: paste the whole content of the .p8 file.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise AuthError("The private key is not one of App Store Connect: paste the whole content of the .p8 file.")
    return key


def _lined(pem: str) -> str:
    """The key with its lines, also where pasting it into one line lost them."""
    head, foot = "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"
    inner = pem.replace("\\n", "\n").replace(head, "").replace(foot, "")
    return f"{head}\n{''.join(inner.split())}\n{foot}\n"


def _signature(key: ec.EllipticCurvePrivateKey, content: bytes) -> bytes:
    """Both numbers of the signature side by side (RFC 7518, 3.4), not in DER as the library gives them."""
    numbers = decode_dss_signature(key.sign(content, ec.ECDSA(hashes.SHA256())))
    return b"".join(one.to_bytes(_COORDINATE_BYTES, "big") for one in numbers)


def _encoded(content: Mapping[str, Any]) -> str:
    return _base64(json.dumps(content, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
