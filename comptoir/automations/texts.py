"""What stands in the texts of steps, filled in from the conversation."""

from __future__ import annotations

from comptoir.automations.steps import Step
from comptoir.catalogue.filling import filled
from comptoir.connectors.registry import connector_class
from comptoir.conversations.models import Conversation


def filled_in(step: Step, conversation: Conversation, writer: str) -> str:
    """The text of a step, with what is known; what is not stays as it stands.

    A handle is no name: « Bonjour visiteur-2 » greets nobody.
    """
    name = " ".join((conversation.identity.name or conversation.contact.name).split())
    known = {
        "first_name": name.split(" ")[0] if name else "",
        "name": name,
        "agent_name": writer,
        "brand": conversation.account.brand.name,
        "channel": connector_class(conversation.account.kind).label,
    }
    return filled(step["text"], known)
