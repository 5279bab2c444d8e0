"""What goes to a webhook's receiver, and the signature over it."""

from __future__ import annotations

import hashlib
import hmac
import json

from comptoir.events.models import Event


def body_of(event: Event) -> bytes:
    """The event as JSON; the same bytes at every attempt."""
    content = {
        "id": event.pk,
        "name": event.name,
        "at": event.at.isoformat(),
        "actor": {"kind": event.actor_kind, "id": event.actor_id},
        "subject": {"kind": event.subject_kind, "id": event.subject_id},
        "conversation_id": event.conversation_id,
        "reason": event.reason,
        "details": event.details,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, body: bytes, *, at_s: int) -> str:
    """The value of the header Comptoir-Signature: the instant, and the HMAC of instant and body."""
    signed = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={signed}"
