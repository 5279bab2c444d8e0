"""Which incoming messages somebody at the counter has seen: what a customer in the chat is told as “read”."""

from __future__ import annotations

from comptoir.conversations.models import Message
from comptoir.core.clock import now


def mark_seen(conversation_id: int) -> int:
    """Someone who may answer has the conversation before them: how many messages are seen for the first time."""
    unseen = Message.objects.incoming().filter(conversation_id=conversation_id, visibility="private", read_at=None)
    return unseen.update(read_at=now())
