"""Following a conversation that need not be one's own. It is each agent's own affair and no event of the record."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from comptoir.conversations.models import Following
from comptoir.people.models import Agent


def follow_conversation(conversation_id: int, *, agent: Agent) -> None:
    """Have ``agent`` hear of what happens there; following twice is following."""
    Following.objects.bulk_create([Following(conversation_id=conversation_id, agent=agent)], ignore_conflicts=True)


def unfollow_conversation(conversation_id: int, *, agent: Agent) -> None:
    """Leave it to the others, and what was merged into it: parted again, that is not theirs to read either."""
    here = Q(conversation=conversation_id) | Q(conversation__merged_into=conversation_id)
    Following.objects.filter(here, agent=agent).delete()


def keep_reading(conversation_id: int, *, agent_id: int) -> None:
    """They gave it to another team: they hear of it, and read it, until they follow it no longer."""
    follow_instead(conversation_id, agent_id=agent_id, keeps_reading=True)


def read_no_longer(conversation_id: int, *, agent_ids: Collection[int]) -> None:
    """They follow it as anybody does: what becomes of it they read while it is theirs to read."""
    kept = Following.objects.filter(conversation=conversation_id, agent__in=agent_ids, keeps_reading=True)
    kept.update(keeps_reading=False)


def follow_instead(conversation_id: int, *, agent_id: int, keeps_reading: bool) -> None:
    """Follow it as another one was followed; who reads one of the two on, reads it on."""
    following = Following(conversation_id=conversation_id, agent_id=agent_id, keeps_reading=keeps_reading)
    if keeps_reading:
        Following.objects.bulk_create(
            [following], update_conflicts=True, unique_fields=["agent", "conversation"],
            update_fields=["keeps_reading"],
        )  # fmt: skip
    else:
        Following.objects.bulk_create([following], ignore_conflicts=True)
