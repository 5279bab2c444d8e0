"""Who gets it: today the account's own team; rules come with skills and load."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection


def route_conversations(conversation_ids: Sequence[int]) -> None:
    """Give conversations that have no team yet to the team of their account."""
    if not conversation_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE conversations_conversation AS conversation SET team_id = account.team_id
            FROM channels_channelaccount AS account
            WHERE account.id = conversation.account_id AND conversation.team_id IS NULL
              AND conversation.id = ANY(%s)
            """,
            [sorted(conversation_ids)],
        )
