"""Calling for help with a conversation: whoever is there of its team hears of it, and supervisors do."""

from __future__ import annotations

from django.db import transaction

from comptoir.conversations.models import Conversation
from comptoir.delivery.actions import acting
from comptoir.desk.holding import locked_live
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent


@transaction.atomic
def call_for_help(conversation_id: int, *, by: Agent | None, actor: Actor | None = None) -> Conversation:
    """Say aloud that this one needs more hands; whose it is stays as it is. Raises ConversationResolvedError."""
    conversation = locked_live(conversation_id)
    record("conversation.help_called", subject=conversation, by=acting(by, actor))
    return conversation
