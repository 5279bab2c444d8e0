"""What an open conversation is given to show; the list beside it: `presenting.inbox`."""

from __future__ import annotations

from typing import Any

from comptoir.conversations.models import Conversation
from comptoir.web.presenting.bridges import bridges_context
from comptoir.web.presenting.composer import composer_context
from comptoir.web.presenting.exchange import exchange_context, surroundings
from comptoir.web.presenting.head import head_context
from comptoir.web.presenting.person import person_context
from comptoir.web.queries.holdings import Holdings
from comptoir.web.queries.invitations import private_context
from comptoir.web.requests import AgentRequest


def conversation_context(
    request: AgentRequest, conversation: Conversation, held: Holdings, *, has_person: bool
) -> dict[str, Any]:
    """All that an open conversation shows; ``held`` is how it was when the agent came.

    Without its person, the pane of the customer is asked for once the rest is there.
    """
    return {
        **exchange_context(request, conversation, held, came_to=held.read_up_to),
        **surroundings(request, conversation, held),
        **(person_context(request, conversation, held) if has_person else {}),
        **head_context(request, conversation, held),
        **composer_context(request, conversation, held),
        **private_context(conversation, request.agent, held),
        **bridges_context(request, conversation, held),
    }
