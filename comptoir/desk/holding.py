"""Holding a conversation while something is done to it."""

from __future__ import annotations

from comptoir.conversations.models import Conversation
from comptoir.desk.errors import ConversationResolvedError


def locked(conversation_id: int) -> Conversation:
    """The row, ours until the transaction ends. Raises Conversation.DoesNotExist."""
    return Conversation.objects.select_for_update().get(pk=conversation_id)


def locked_live(conversation_id: int) -> Conversation:
    """The row of a conversation that goes on. Raises ConversationResolvedError."""
    conversation = locked(conversation_id)
    if conversation.status == Conversation.Status.RESOLVED:
        raise ConversationResolvedError
    return conversation
