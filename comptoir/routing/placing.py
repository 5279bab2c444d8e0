"""Writing what was decided, for many conversations at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from comptoir.conversations.models import Priority
from comptoir.core.clock import now
from comptoir.events.record import Happening
from comptoir.routing.effects import Decision
from comptoir.routing.facts import VIP_TAG

_TO_ACCOUNTS_TEAM = """
UPDATE conversations_conversation AS conversation SET team_id = account.team_id
FROM channels_channelaccount AS account
WHERE account.id = conversation.account_id AND conversation.team_id IS NULL AND conversation.id = ANY(%s)
"""

# A team that is gone since the rule was written leaves the account's.
_PLACE = """
WITH decided AS (
    SELECT * FROM json_to_recordset(%(decided)s::json) AS decided (id bigint, team_id bigint, priority smallint,
        strategy text, language text, needs jsonb, revision_ids jsonb, is_under_our_post boolean,
        awaits_reading boolean)
), placed AS (
    UPDATE conversations_conversation AS conversation
    SET team_id = COALESCE((SELECT id FROM people_team WHERE id = decided.team_id), account.team_id),
        language = COALESCE(NULLIF(decided.language, ''), conversation.language), priority = decided.priority
    FROM decided, channels_channelaccount AS account
    WHERE conversation.id = decided.id AND account.id = conversation.account_id AND conversation.team_id IS NULL
    RETURNING conversation.id, conversation.team_id
)
INSERT INTO routing_route (conversation_id, team_id, strategy, needs, revision_ids, is_under_our_post,
    awaits_reading, routed_at, queued_at)
SELECT id, placed.team_id, strategy, needs,
    ARRAY(SELECT value::bigint FROM jsonb_array_elements_text(revision_ids) AS value), is_under_our_post,
    awaits_reading, %(now)s, %(now)s
FROM decided JOIN placed USING (id) ORDER BY id
ON CONFLICT (conversation_id) DO NOTHING
RETURNING conversation_id, team_id
"""

_NAME_TAGS = """
INSERT INTO conversations_tag (name) SELECT DISTINCT name FROM unnest(%s::text[]) AS new (name) ORDER BY name
ON CONFLICT (name) DO NOTHING
"""
_TAG = """
INSERT INTO conversations_conversation_tags (conversation_id, tag_id)
SELECT new.id, tag.id FROM unnest(%s::bigint[], %s::text[]) AS new (id, name)
JOIN conversations_tag AS tag ON tag.name = new.name
ORDER BY 1, 2 ON CONFLICT (conversation_id, tag_id) DO NOTHING
"""
_MAKE_VIP = f"""
WITH held AS (
    SELECT contact.id FROM contacts_contact AS contact
    WHERE id IN (SELECT contact_id FROM conversations_conversation WHERE id = ANY(%s))
        AND NOT '{VIP_TAG}' = ANY (tags)
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE contacts_contact AS contact SET tags = array_append(tags, '{VIP_TAG}') FROM held WHERE contact.id = held.id
RETURNING contact.id
"""  # noqa: S608  # our own constant


def give_to_accounts_teams(conversation_ids: Sequence[int]) -> None:
    """Where no rule is in force: each to the team of its account."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_ACCOUNTS_TEAM, [sorted(conversation_ids)])


def place(decisions: Mapping[int, Decision]) -> list[Happening]:
    """Give conversations without a team theirs, and keep why; what happened, to be recorded by the caller."""
    decided = [_row(pk, decisions[pk]) for pk in sorted(decisions)]
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, {"decided": json.dumps(decided), "now": now()})
        placed = dict(cursor.fetchall())
    mark({pk: decisions[pk] for pk in placed})
    return [happening(pk, decisions[pk], team) for pk, team in sorted(placed.items()) if decisions[pk].revision_ids]


def happening(conversation_id: int, decision: Decision, team_id: int | None) -> Happening:
    """What the record says of a conversation that rules decided of."""
    details: dict[str, Any] = {"team": team_id, "revisions": decision.revision_ids, "priority": priority_of(decision)}
    if decision.tags:
        details["tags"] = decision.tags
    if decision.makes_vip:
        details["vip"] = True
    return Happening(
        "conversation.routed", "conversation", conversation_id, conversation_id=conversation_id, details=details
    )


def mark(decisions: Mapping[int, Decision]) -> None:
    """Put the tags on, and make their authors VIPs where a rule says so."""
    tagged = [(pk, tag) for pk, decision in sorted(decisions.items()) for tag in decision.tags]
    vips = sorted(pk for pk, decision in decisions.items() if decision.makes_vip)
    with connection.cursor() as cursor:
        if tagged:
            ids, words = [pk for pk, _tag in tagged], [tag for _pk, tag in tagged]
            cursor.execute(_NAME_TAGS, [words])
            cursor.execute(_TAG, [ids, words])
        if vips:
            cursor.execute(_MAKE_VIP, [vips])


def priority_of(decision: Decision) -> int:
    return Priority.NORMAL if decision.priority is None else decision.priority


def _row(conversation_id: int, decision: Decision) -> dict[str, object]:
    return {
        "id": conversation_id,
        "team_id": decision.team_id,
        "priority": priority_of(decision),
        "strategy": decision.strategy,
        "language": decision.language,
        "needs": decision.needs,
        "revision_ids": decision.revision_ids,
        "is_under_our_post": decision.is_under_our_post,
        "awaits_reading": decision.awaits_reading,
    }
