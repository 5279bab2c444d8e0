"""Whoever counts here counts what was just done: tests say when."""

from __future__ import annotations

from comptoir.conversations.models import Conversation
from comptoir.reporting.actions import count_conversations


def count_all() -> None:
    """Within a test's own transaction the record cannot be followed (see test_following.py): count them all."""
    count_conversations(Conversation.objects.values_list("pk", flat=True))
