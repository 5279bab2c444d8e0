"""Signatures, the same both ways: ``t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">``."""

from __future__ import annotations

import hashlib
import hmac

from comptoir.connectors.base import SignatureError

HEADER = "X-Comptoir-Signature"


def signature(secret: str, *, stamp: str, body: bytes) -> str:
    """The whole header for a body signed at ``stamp``."""
    return f"t={stamp},v1={_digest(secret, stamp, body)}"


def check_signature(secret: str, header: str, body: bytes) -> None:
    """Raise SignatureError unless one of the header's v1 is ours.

    Several v1 are allowed, for a sender that changes its secret. The stamp is signed but its age is not judged: a
    delivery that comes again, also much later, changes nothing, since its events keep their ids.
    """
    if not secret:
        raise SignatureError("This account has no signing secret: nothing can be verified.")
    stamps, digests = _parts(header)
    if len(stamps) != 1 or not digests:
        raise SignatureError("The header %(header)s must read t=<unix seconds>,v1=<hex>.", header=HEADER)
    expected = _digest(secret, stamps[0], body).encode()
    if not any(hmac.compare_digest(expected, digest.encode("utf-8", "replace")) for digest in digests):
        raise SignatureError("The signature does not fit the body and this account's secret.")


def _digest(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode("utf-8", "replace") + b"." + body, hashlib.sha256).hexdigest()


def _parts(header: str) -> tuple[list[str], list[str]]:
    named = [part.strip().partition("=") for part in header.split(",")]
    stamps = [text for name, _equals, text in named if name == "t" and text.isascii() and text.isdigit()]
    return stamps, [text.lower() for name, _equals, text in named if name == "v1"]
