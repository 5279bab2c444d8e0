"""What stands in the texts of steps, filled in from the conversation."""

from __future__ import annotations

from comptoir.automations.steps import Step
from comptoir.catalogue.filling import filled
from comptoir.connectors.registry import connector_class
from comptoir.conversations.models import Conversation


def filled_in(step: Step, conversation: Conversation, writer: str) -> str:
    """The text of a step, with what is known; what is not stays as it stands."""
    known = {
        "first_name": conversation.customer_first_name,
        "name": conversation.customer_name,
        "agent_name": writer,
        "brand": conversation.account.brand.name,
        "channel": connector_class(conversation.account.kind).label,
    }
    return filled(step["text"], known)
