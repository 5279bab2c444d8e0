"""Which exchanges stand under a post of the company's own: routing asks, and only here the posts are known."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

_UNDER_OURS = """
SELECT conversation.id FROM conversations_conversation AS conversation
WHERE conversation.id = ANY(%s) AND conversation.is_public AND EXISTS (
    SELECT FROM intake_contextpost AS post WHERE post.account_id = conversation.account_id
        AND post.thread_id = conversation.thread_id AND post.is_ours)
"""


def under_our_posts(conversation_ids: Collection[int]) -> set[int]:
    """Those of the conversations whose public thread a post of ours began."""
    if not conversation_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_UNDER_OURS, [sorted(conversation_ids)])
        return {pk for (pk,) in cursor.fetchall()}
