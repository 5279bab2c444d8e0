"""What agents have begun to write: kept as they type, until it is sent or wiped out by them."""

from __future__ import annotations

from django.db import transaction

from comptoir.conversations.models import Draft
from comptoir.people.models import Agent

#: Longer than any network takes; what is beyond is the beginning of an attack, not of an answer.
MAX_DRAFT_CHARS = 100_000


@transaction.atomic
def save_draft(conversation_id: int, *, agent: Agent, text: str, visibility: str) -> Draft | None:
    """Keep what ``agent`` has written so far; an emptied draft is forgotten and None returned.

    Drafts are not events: they change with every pause in typing, and nobody's record should.
    """
    kept = text.replace("\x00", "")[:MAX_DRAFT_CHARS]
    if not kept.strip():
        discard_draft(conversation_id, agent=agent)
        return None
    draft, _made = Draft.objects.update_or_create(
        conversation_id=conversation_id, agent=agent, defaults={"text": kept, "visibility": visibility}
    )
    return draft


def discard_draft(conversation_id: int, *, agent: Agent) -> None:
    """Forget the agent's draft in one conversation."""
    Draft.objects.filter(conversation_id=conversation_id, agent=agent).delete()
