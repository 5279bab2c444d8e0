"""Discord signs its deliveries with Ed25519."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from comptoir.connectors.base import HookRequest, SignatureError

_REFUSED = "The signature does not fit the body and this account's secret."


def check_signature(public_key: str, request: HookRequest) -> None:
    """Raise SignatureError unless the application's key signed the timestamp and the body."""
    if not public_key.strip():
        raise SignatureError("This account has no signing secret: nothing can be verified.")
    stamp = request.headers.get("x-signature-timestamp", "")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key.strip()))
        key.verify(bytes.fromhex(request.headers.get("x-signature-ed25519", "")), stamp.encode() + request.body)
    except (ValueError, InvalidSignature) as error:
        raise SignatureError(_REFUSED) from error
