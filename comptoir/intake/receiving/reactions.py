"""Likes and emoji under messages, given and taken back in any order: by saying which, or by deleting their own id."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC

from comptoir.connectors.base import EventKind
from comptoir.events.record import Actor, Happening
from comptoir.intake.arrivals import Arrival, IdentityKey
from comptoir.intake.cleaning import clipped, fitting_id
from comptoir.intake.receiving.changes import Change
from comptoir.intake.receiving.early import keep_early
from comptoir.intake.receiving.rows import KnownMessage, Person, rows

_ADD = """
INSERT INTO conversations_reaction (message_id, identity_id, reaction, external_id, at)
SELECT message_id, identity_id, reaction, external_id, at
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[])
    AS new (message_id, identity_id, reaction, external_id, at)
ORDER BY message_id, identity_id, reaction
ON CONFLICT (message_id, identity_id, reaction) DO UPDATE SET at = EXCLUDED.at
    WHERE conversations_reaction.at < EXCLUDED.at
RETURNING message_id, identity_id, xmax = 0
"""

_REMOVE = """
DELETE FROM conversations_reaction AS reaction
USING unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[]) AS gone (message_id, identity_id, reaction, at)
WHERE reaction.message_id = gone.message_id AND reaction.identity_id = gone.identity_id AND reaction.at <= gone.at
    AND gone.reaction IN ('', reaction.reaction)
RETURNING reaction.message_id, reaction.identity_id
"""

_DELETE = """
DELETE FROM conversations_reaction AS reaction
USING conversations_message AS message, contacts_contactidentity AS identity
WHERE reaction.external_id = ANY(%s) AND reaction.external_id <> '' AND message.id = reaction.message_id
    AND message.account_id = %s AND identity.id = reaction.identity_id
RETURNING message.id, message.conversation_id, identity.contact_id, reaction.reaction
"""

_DELETIONS = """
SELECT target_id FROM intake_earlychange
WHERE account_id = %s AND target_id = ANY(%s) AND event ->> 'event' = 'delete'
"""

_REMOVALS = """
SELECT target_id, event FROM intake_earlychange
WHERE account_id = %s AND target_id = ANY(%s) AND event ->> 'event' = 'reaction' AND event ? 'reaction_removed'
"""


def apply_reactions(
    account_id: int, changes: Sequence[Change], person_of: Mapping[IdentityKey, Person]
) -> list[Happening]:
    """Add, then remove. A removal is remembered with its instant: what it took back may still come."""
    reactions = [
        change for change in changes if change[0].event.event is EventKind.REACTION and _who(change, person_of)
    ]
    if not reactions:
        return []
    removals = [change for change in reactions if change[0].event.reaction_removed]
    keep_early(account_id, [arrival for arrival, _ in removals])
    taken_back = _taken_back(account_id, [arrival.target_id for arrival, _ in reactions])
    deleted = _deleted(account_id, [arrival.external_id for arrival, _ in reactions])
    given = [
        change
        for change in reactions
        if not change[0].event.reaction_removed
        and not _is_gone(change[0], taken_back)
        and change[0].external_id not in deleted
    ]
    return [*_added(given, person_of), *_removed(removals, person_of)]


def delete_reactions(account_id: int, deletions: Sequence[Arrival]) -> list[Happening]:
    """Deletions of what is no message we know: where they name a reaction, it goes.

    The caller keeps them as early changes: the reaction may still come.
    """
    if not deletions:
        return []
    gone = rows(_DELETE, [sorted({fitting_id(arrival.target_id) for arrival in deletions}), account_id])
    return [
        Happening(
            "reaction.removed", "message", message, Actor("contact", contact), conversation, "", {"reaction": name}
        )
        for message, conversation, contact, name in sorted(gone)
    ]


def _deleted(account_id: int, external_ids: Sequence[str]) -> set[str]:
    """Those that were deleted before they came."""
    return {target for (target,) in rows(_DELETIONS, [account_id, sorted(set(filter(None, external_ids)))])}


def _who(change: Change, person_of: Mapping[IdentityKey, Person]) -> Person | None:
    return person_of.get(change[0].person) if change[0].person else None


def _taken_back(account_id: int, targets: Sequence[str]) -> set[tuple[str, str | None, str, str]]:
    kept = rows(_REMOVALS, [account_id, sorted(set(targets))])
    removed = [(target, json.loads(event)) for target, event in kept]
    return {
        (target, event.get("author", {}).get("id"), event.get("reaction", ""), event["sent_at"])
        for target, event in removed
    }


def _is_gone(arrival: Arrival, taken_back: set[tuple[str, str | None, str, str]]) -> bool:
    names = {"", arrival.event.reaction or ""}
    return any(
        target == arrival.target_id
        and author == arrival.event.author.id
        and name in names
        and at >= arrival.at.astimezone(UTC).isoformat()
        for target, author, name, at in taken_back
    )


def _added(given: Sequence[Change], person_of: Mapping[IdentityKey, Person]) -> list[Happening]:
    latest: dict[tuple[int, int, str], tuple[Change, Person]] = {}
    for change in sorted(given, key=lambda one: one[0].at):
        person = _who(change, person_of)
        assert person is not None
        latest[change[1].id, person.identity_id, _name(change[0])] = (change, person)
    if not latest:
        return []
    keys = sorted(latest)
    added = rows(
        _ADD,
        [
            [message for message, _, _ in keys],
            [identity for _, identity, _ in keys],
            [name for _, _, name in keys],
            [fitting_id(latest[key][0][0].external_id) for key in keys],
            [latest[key][0][0].at for key in keys],
        ],
    )
    new = {(message, identity) for message, identity, is_new in added if is_new}
    return [
        _happening("reaction.added", change[1], person, _name(change[0]))
        for (message, identity, _), (change, person) in sorted(latest.items(), key=lambda one: one[0])
        if (message, identity) in new
    ]


def _removed(removals: Sequence[Change], person_of: Mapping[IdentityKey, Person]) -> list[Happening]:
    if not removals:
        return []
    who = {
        (change[1].id, person.identity_id): (change, person)
        for change in removals
        if (person := _who(change, person_of))
    }
    columns = [
        [change[1].id for change in removals],
        [person.identity_id if (person := _who(change, person_of)) else None for change in removals],
        [_name(change[0]) if change[0].event.reaction else "" for change in removals],
        [change[0].at for change in removals],
    ]
    gone = sorted({(message, identity) for message, identity in rows(_REMOVE, columns)})
    return [
        _happening("reaction.removed", who[key][0][1], who[key][1], who[key][0][0].event.reaction or "") for key in gone
    ]


def _name(arrival: Arrival) -> str:
    return clipped(arrival.event.reaction, 64) or "like"


def _happening(name: str, message: KnownMessage, person: Person, reaction: str) -> Happening:
    details = {"reaction": clipped(reaction, 64)}
    return Happening(
        name, "message", message.id, Actor("contact", person.contact_id), message.conversation_id, "", details
    )
