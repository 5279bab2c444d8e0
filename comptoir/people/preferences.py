"""An agent's own choices: keys, sounds, looks. Nobody else's work depends on them, so the record does not hold them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from comptoir.people.models import Agent


@transaction.atomic
def prefer(agent_id: int, **choices: Any) -> Agent:
    """Set some choices and leave the others; a choice of None is forgotten."""
    agent = Agent.objects.select_for_update().get(pk=agent_id)
    chosen = agent.preferences | choices
    agent.preferences = {name: choice for name, choice in chosen.items() if choice is not None}
    agent.save(update_fields=["preferences"])
    return agent
