"""Meta's webhooks: who signed them, the question before the first one, and which accounts a delivery is about.

Source: developers.facebook.com, "Webhooks, Getting Started".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comptoir.connectors.base import Addressee, Answer, HookRequest, PayloadError, SignatureError
from comptoir.connectors.shared.graph.envelope import owners
from comptoir.connectors.shared.signing import check_hmac, check_token
from comptoir.connectors.shared.untrusted import load

_SIGNATURE = "x-hub-signature-256"
_PREFIX = "sha256="


def check_signature(request: HookRequest, secrets: Iterable[str]) -> None:
    """Raise SignatureError unless the body is signed with one of the app's secrets (a sign-in may have its own)."""
    given = request.headers.get(_SIGNATURE, "")
    if not given.startswith(_PREFIX):
        raise SignatureError("The delivery carries no signature of Meta’s (X-Hub-Signature-256).")
    known = [secret for secret in secrets if secret] or [""]
    for secret in known[:-1]:
        try:
            return check_hmac(secret, request.body, given.removeprefix(_PREFIX))
        except SignatureError:
            continue
    return check_hmac(known[-1], request.body, given.removeprefix(_PREFIX))


def answer_challenge(request: HookRequest, token: str) -> Answer | None:
    """Give Meta's challenge back where it knows our verification token. Raises SignatureError."""
    if request.method != "GET" or request.query.get("hub.mode") != "subscribe":
        return None
    check_token(token, request.query.get("hub.verify_token", ""))
    return Answer(body=request.query.get("hub.challenge", "").encode())


def addressees(request: HookRequest, kinds: Sequence[str]) -> list[Addressee]:
    """An account of each of ``kinds`` for every entry of a delivery."""
    try:
        content = load(request.body)
    except PayloadError:
        return []
    return [Addressee(kind, owner) for owner in owners(content) for kind in kinds]
