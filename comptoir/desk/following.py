"""Following a conversation that need not be one's own. It is each agent's own affair and no event of the record."""

from __future__ import annotations

from comptoir.conversations.models import Following
from comptoir.people.models import Agent


def follow_conversation(conversation_id: int, *, agent: Agent) -> None:
    """Have ``agent`` hear of what happens there; following twice is following."""
    Following.objects.bulk_create([Following(conversation_id=conversation_id, agent=agent)], ignore_conflicts=True)


def unfollow_conversation(conversation_id: int, *, agent: Agent) -> None:
    """Leave it to the others."""
    Following.objects.filter(conversation_id=conversation_id, agent=agent).delete()
