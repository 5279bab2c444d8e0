"""What the pane of the customer is given to show."""

from __future__ import annotations

from typing import Any

from comptoir.conversations.models import Conversation
from comptoir.web.queries.holdings import Holdings
from comptoir.web.queries.person import person_seen
from comptoir.web.queries.tags import tags_on
from comptoir.web.requests import AgentRequest


def person_context(request: AgentRequest, conversation: Conversation, held: Holdings) -> dict[str, Any]:
    """Who it is, what was promised, what else they have with us, and the words on this conversation."""
    return {
        "conversation": conversation,
        "seen": person_seen(conversation, request.agent, held),
        "tags": tags_on(conversation, held),
    }
