"""What an open conversation is given to show; the list beside it: `presenting.inbox`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from comptoir.conversations.models import Conversation
from comptoir.web.presenting.composer import composer_context
from comptoir.web.presenting.exchange import exchange_context, surroundings
from comptoir.web.queries.invitations import private_context
from comptoir.web.queries.person import person_seen
from comptoir.web.requests import AgentRequest


def conversation_context(
    request: AgentRequest, conversation: Conversation, *, came_to: datetime | None = None
) -> dict[str, Any]:
    """All that an open conversation shows to somebody who had read it up to ``came_to``."""
    return {
        "conversation": conversation,
        **exchange_context(request, conversation, came_to=came_to),
        **surroundings(request, conversation),
        "seen": person_seen(conversation, request.agent),
        **head_context(request, conversation),
        **composer_context(request, conversation),
        **private_context(conversation, request.agent),
    }


def head_context(request: AgentRequest, conversation: Conversation) -> dict[str, Any]:
    """What the head is about; what can be done there it reads by itself (`presenting.head`)."""
    prefetch_related_objects([conversation], "tags")
    return {"conversation": conversation, "tags": list(conversation.tags.all())}
