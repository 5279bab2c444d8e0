"""Who is typing: nothing that is kept. An agent's typing shows in their draft, a customer's is only announced."""

from __future__ import annotations

import json
from datetime import timedelta

from django.db import connection, models

from comptoir.conversations.models import Conversation, Draft
from comptoir.core.clock import now

#: The PostgreSQL channel on which a typing customer is announced: the conversation, its team and its owner, as JSON.
TYPING_CHANNEL = "comptoir_typing"
#: How long after the last key somebody still counts as typing.
TYPING_LASTS = timedelta(seconds=8)


def announce_typing(conversation: Conversation) -> None:
    """Tell the screens that show this conversation that its customer is typing; losing one is harmless."""
    belongs_to = {
        "id": conversation.pk,
        "account": conversation.account_id,
        "team": conversation.team_id,
        "agent": conversation.assignee_id,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [TYPING_CHANNEL, json.dumps(belongs_to)])


def growing_drafts() -> models.QuerySet[Draft]:
    """Replies, not notes, that an agent is writing right now."""
    return Draft.objects.filter(updated_at__gt=now() - TYPING_LASTS).exclude(text="").exclude(visibility="note")
