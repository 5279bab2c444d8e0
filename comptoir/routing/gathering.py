"""Facts about many messages, in a number of queries that does not grow with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from comptoir.channels.models import ChannelAccount
from comptoir.routing.facts import MAX_TEXT_CHARS, Ask, Facts
from comptoir.sla.calendar import Calendar
from comptoir.sla.queries import pure_calendar

#: Of conversations (ids), those that stand under a post of ours: intake keeps the posts, and gives this.
UnderOurPosts = Callable[[Collection[int]], set[int]]

_FACTS = f"""
SELECT conversation.id, message.id, account.id, account.kind, account.brand_id, conversation.is_public,
    COALESCE(NULLIF(message.language, ''), conversation.language),
    conversation.subject || E'\\n' || left(COALESCE(message.text, ''), {MAX_TEXT_CHARS}), contact.tags,
    message.rating_value / NULLIF(message.rating_best, 0) * 5, COALESCE(message.sent_at, conversation.started_at)
    {{also}}
FROM {{wanted}}
JOIN channels_channelaccount AS account ON account.id = conversation.account_id
JOIN contacts_contact AS contact ON contact.id = conversation.contact_id
ORDER BY conversation.id, message.id
"""  # noqa: S608  # of our own constants

#: Conversations by the customer's first words, which decide; one that we began has none.
_BEGINNINGS = _FACTS.format(
    also="",
    wanted="""
    (SELECT one.* FROM unnest(%s::bigint[]) AS wanted (id) CROSS JOIN LATERAL (
        SELECT * FROM conversations_conversation WHERE id = wanted.id OFFSET 0) AS one) AS conversation
    LEFT JOIN LATERAL (
        SELECT * FROM conversations_message AS said
        WHERE said.conversation_id = conversation.id AND said.direction = 'incoming'
        ORDER BY said.sent_at, said.id LIMIT 1) AS message ON true
    """,
)

#: The newest messages of customers, each as if it had begun its conversation.
_NEWEST = _FACTS.format(
    also="",
    wanted="""
    (SELECT * FROM conversations_message WHERE direction = 'incoming' AND deleted_at IS NULL
     ORDER BY id DESC LIMIT %s) AS message
    JOIN conversations_conversation AS conversation ON conversation.id = message.conversation_id
    """,
)

#: Conversations as they were at given moments: by one message, or by the last that the customer had written by then.
_MOMENTS = _FACTS.format(
    also=", conversation.place",
    wanted="""
    (SELECT one.*, wanted.place, wanted.message_id, wanted.at
     FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) WITH ORDINALITY
        AS wanted (conversation_id, message_id, at, place)
     JOIN conversations_conversation AS one ON one.id = wanted.conversation_id) AS conversation
    LEFT JOIN LATERAL (
        SELECT * FROM conversations_message AS said
        WHERE said.conversation_id = conversation.id AND said.direction = 'incoming'
            AND CASE WHEN conversation.message_id IS NULL THEN said.sent_at <= conversation.at
                ELSE said.id = conversation.message_id END
        ORDER BY said.sent_at DESC, said.id DESC LIMIT 1) AS message ON true
    """,
)

#: Of conversations, those of customers who had one before.
_RETURNING = """
SELECT conversation.id FROM conversations_conversation AS conversation
WHERE conversation.id = ANY (%s) AND EXISTS (
    SELECT FROM conversations_conversation AS other
    WHERE other.contact_id = conversation.contact_id AND other.id <> conversation.id
        AND other.started_at < conversation.started_at)
"""


@dataclass(frozen=True, slots=True)
class Moment:
    """A conversation at an instant; with ``message_id``, when the customer wrote just that."""

    conversation_id: int
    at: datetime
    message_id: int | None = None


def facts_of_moments(
    moments: Sequence[Moment], *, asks: Collection[Ask], under_our_posts: UnderOurPosts | None
) -> list[Facts | None]:
    """One for each moment, in their order; None where the conversation is gone. Nothing is read."""
    if not moments:
        return []
    wanted = [[one.conversation_id, one.message_id, one.at] for one in moments]
    with connection.cursor() as cursor:
        cursor.execute(_MOMENTS, [list(column) for column in zip(*wanted, strict=True)])
        rows = cursor.fetchall()
    found = _completed([_facts(row[:-1]) for row in rows], asks, under_our_posts)
    placed = {row[-1] - 1: facts for row, facts in zip(rows, found, strict=True)}
    return [placed.get(place) for place in range(len(moments))]


def facts_of_conversations(
    conversation_ids: Iterable[int], *, asks: Collection[Ask], under_our_posts: UnderOurPosts | None
) -> list[Facts]:
    """By the first words of each; only what is in ``asks`` is looked up besides. Nothing is read."""
    return _completed(_gathered(_BEGINNINGS, [sorted(conversation_ids)]), asks, under_our_posts)


def facts_of_newest_messages(most: int, *, asks: Collection[Ask], under_our_posts: UnderOurPosts | None) -> list[Facts]:
    """Of the newest messages of customers."""
    return _completed(_gathered(_NEWEST, [most]), asks, under_our_posts)


def _gathered(sql: str, values: Sequence[Any]) -> list[Facts]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_facts(row) for row in cursor.fetchall()]


def _facts(row: tuple[Any, ...]) -> Facts:
    conversation, message, account, channel, brand, is_public, language, text, tags, rating, at = row
    return Facts(
        conversation_id=conversation,
        message_id=message,
        account_id=account,
        channel=channel,
        brand_id=brand,
        is_public=is_public,
        language=language,
        text=text,
        tags=frozenset(tag.lower() for tag in tags),
        rating=rating,
        is_returning=False,
        at=at,
    )


def _completed(facts: list[Facts], asks: Collection[Ask], under_our_posts: UnderOurPosts | None) -> list[Facts]:
    if Ask.POSTS in asks and under_our_posts is not None:
        under = under_our_posts({one.conversation_id for one in facts if one.is_public})
        for one in facts:
            one.is_under_our_post = one.conversation_id in under
    if Ask.PAST in asks:
        returning = _returning({one.conversation_id for one in facts})
        for one in facts:
            one.is_returning = one.conversation_id in returning
    if Ask.HOURS in asks:
        calendars = _calendars({one.account_id for one in facts})
        for one in facts:
            one.is_open = calendars[one.account_id].is_open_at(one.at)
    return facts


def _returning(conversation_ids: Collection[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_RETURNING, [sorted(conversation_ids)])
        return {pk for (pk,) in cursor.fetchall()}


def _calendars(account_ids: Iterable[int]) -> Mapping[int, Calendar]:
    accounts = ChannelAccount.objects.filter(pk__in=account_ids).select_related("brand").defer("encrypted_credentials")
    return {account.pk: pure_calendar(account, account.team_id) for account in accounts}
