"""Edits, deletions and receipts: applied to messages that are there, each so that order does not matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comptoir.connectors.base import EventKind
from comptoir.conversations.actions import AS_SAID
from comptoir.core.clock import now
from comptoir.core.reasons import kept
from comptoir.events.record import SYSTEM, Actor, Happening
from comptoir.intake.arrivals import Arrival
from comptoir.intake.cleaning import clipped
from comptoir.intake.receiving.messages import rated
from comptoir.intake.receiving.rows import KnownMessage, rows

Change = tuple[Arrival, KnownMessage]

# A later edit wins; of two at the same instant, always the same one, and never the one in which names have taken the
# place of ids (`AS_SAID`). What the message said before is kept. A review's title and stars change with its words:
# whoever changed any of them has spoken again (`is_revised`).
_EDIT = """
WITH new AS (
    SELECT said.id, said.text, said.html, said.at, COALESCE(said.value, message.rating_value) AS value,
        COALESCE(said.best, message.rating_best) AS best, message.text AS former, message.subject AS titled,
        message.rating_value AS rated, message.rating_best AS rated_of,
        CASE WHEN message.kind = 'review' AND said.subject <> '' THEN said.subject ELSE message.subject END AS subject,
        message.kind = 'review' AND message.direction = 'incoming' AS is_review
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::float8[], %s::float8[], %s::text[])
        AS said (id, text, html, at, value, best, subject)
    JOIN conversations_message AS message ON message.id = said.id
    WHERE message.edited_at IS NULL OR message.edited_at < said.at
        OR (message.edited_at = said.at AND message.text COLLATE "C" < said.text
            AND message.custom ->> %s::text IS DISTINCT FROM encode(sha256(convert_to(said.text, 'UTF8')), 'hex'))
), kept AS (
    INSERT INTO conversations_formertext (message_id, subject, text, rating_value, rating_best, replaced_at)
    SELECT id, CASE WHEN is_review THEN titled ELSE '' END, former, rated, rated_of, at FROM new
    WHERE (former, rated, titled) IS DISTINCT FROM (text, value, subject)
)
UPDATE conversations_message AS message SET text = new.text, html = new.html, edited_at = new.at,
    subject = new.subject, rating_value = new.value, rating_best = new.best, custom = message.custom - %s::text
FROM new WHERE message.id = new.id
RETURNING message.id,
    new.is_review AND (new.former, new.rated, new.titled) IS DISTINCT FROM (new.text, new.value, new.subject)
"""

_DELETE = """
UPDATE conversations_message AS message SET deleted_at = new.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (id, at)
WHERE message.id = new.id AND (message.deleted_at IS NULL OR message.deleted_at > new.at)
RETURNING message.id
"""

# What awaits a moderator there is held, and approved there it is seen again: what was told last counts, also where a
# delivery from before is read again.
_HOLD = """
UPDATE conversations_message AS message SET hold_told_at = new.at, hidden_at = CASE
    WHEN NOT new.is_held THEN NULL ELSE COALESCE(message.hidden_at, %s) END
FROM (
    SELECT said.*, earlier.hidden_at IS NOT NULL AS was_hidden
    FROM unnest(%s::bigint[], %s::boolean[], %s::timestamptz[]) AS said (id, is_held, at)
    JOIN conversations_message AS earlier ON earlier.id = said.id
) AS new
WHERE message.id = new.id AND message.direction = 'incoming'
    AND (message.hold_told_at < new.at OR message.hold_told_at IS NULL
        OR message.hold_told_at = new.at AND new.was_hidden <> new.is_held)
RETURNING message.id, new.was_hidden <> new.is_held
"""

_DELIVERED = """
UPDATE conversations_message AS message
SET state = CASE WHEN state = 'read' THEN state ELSE 'delivered' END,
    delivered_at = LEAST(message.delivered_at, new.at), failure = ''
FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (id, at)
WHERE message.id = new.id AND message.direction = 'outgoing' AND message.state <> 'cancelled'
    AND (message.delivered_at IS NULL OR message.delivered_at > new.at)
RETURNING message.id
"""

_READ = """
UPDATE conversations_message AS message SET state = 'read', read_at = LEAST(message.read_at, new.at), failure = ''
FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (id, at)
WHERE message.id = new.id AND message.direction = 'outgoing' AND message.state <> 'cancelled'
    AND (message.read_at IS NULL OR message.read_at > new.at)
RETURNING message.id
"""

_FAILED = """
UPDATE conversations_message AS message SET state = 'failed', failure = new.reason
FROM unnest(%s::bigint[], %s::text[]) AS new (id, reason)
WHERE message.id = new.id AND message.direction = 'outgoing'
    AND message.state IN ('queued', 'sending', 'uncertain', 'sent')
RETURNING message.id
"""

_UP_TO = """
SELECT message.id, message.conversation_id FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (identity_id, at)
JOIN conversations_conversation AS conversation
    ON conversation.identity_id = new.identity_id AND conversation.account_id = %s
JOIN conversations_message AS message ON message.conversation_id = conversation.id
WHERE message.direction = 'outgoing' AND message.sent_at <= new.at AND message.state IN ('sent', 'delivered')
"""


def apply_edits(changes: Iterable[Change]) -> tuple[list[Happening], list[Change]]:
    """Replace texts, the latest edit of each message only; and which of them made other reviews of reviews."""
    latest: dict[int, Change] = {}
    for change in _of(changes, EventKind.EDIT):
        former = latest.get(change[1].id)
        if change[0].event.text is not None and (former is None or _edit_order(former[0]) < _edit_order(change[0])):
            latest[change[1].id] = change
    if not latest:
        return [], []
    in_order = _sorted(latest)
    columns = [
        sorted(latest),
        [arrival.text for arrival, _ in in_order],
        [clipped(arrival.event.html) for arrival, _ in in_order],
        [arrival.at for arrival, _ in in_order],
        [rated(arrival).value for arrival, _ in in_order],
        [rated(arrival).best for arrival, _ in in_order],
        [clipped(arrival.event.subject, 500) for arrival, _ in in_order],
    ]
    applied = dict(rows(_EDIT, [*columns, AS_SAID, AS_SAID]))
    revised = [latest[pk] for pk in sorted(applied) if applied[pk]]
    return [_happening("message.edited", latest[pk]) for pk in sorted(applied)], revised


def _edit_order(arrival: Arrival) -> tuple[object, ...]:
    return arrival.at, arrival.text


def apply_deletions(changes: Iterable[Change]) -> list[Happening]:
    """Mark messages deleted on the network; their text stays, hidden."""
    first = _earliest(_of(changes, EventKind.DELETE))
    applied = _applied(_DELETE, first, [arrival.at for arrival, _ in _sorted(first)])
    return [_happening("message.deleted", first[pk]) for pk in applied if not first[pk][1].is_deleted]


def apply_holds(told: Iterable[Change]) -> list[Happening]:
    """Messages of which the network says that they await approval, or that the public sees them."""
    last: dict[int, Change] = {}
    for arrival, message in told:
        if arrival.event.is_held is not None:
            last[message.id] = arrival, message
    if not last:
        return []
    are_held = [bool(arrival.event.is_held) for arrival, _ in _sorted(last)]
    told_at = [arrival.told_at for arrival, _ in _sorted(last)]
    applied = rows(_HOLD, [now(), sorted(last), are_held, told_at])
    changed = sorted(pk for pk, is_news in applied if is_news)
    return [
        Happening("message.hidden" if arrival.event.is_held else "message.shown", "message", pk, SYSTEM,
                  message.conversation_id, details={"elsewhere": True})
        for pk in changed
        for arrival, message in [last[pk]]
    ]  # fmt: skip


def apply_receipts(changes: Sequence[Change]) -> list[Happening]:
    """What became of our own messages, the best news last: read outweighs delivered, which outweighs failed."""
    failed = _earliest(_of(changes, EventKind.FAILED))
    reasons = [kept(clipped(arrival.event.reason or arrival.event.text, 2000)) for arrival, _ in _sorted(failed)]
    happenings = [_happening("message.failed", failed[pk]) for pk in _applied(_FAILED, failed, reasons)]
    for sql, kind, name in (
        (_DELIVERED, EventKind.DELIVERY, "message.delivered"),
        (_READ, EventKind.READ, "message.read"),
    ):
        first = _earliest(_of(changes, kind))
        happenings += [_happening(name, first[pk]) for pk in _applied(sql, first, _instants(first))]
    return happenings


def up_to(account_id: int, receipts: Sequence[tuple[Arrival, int]]) -> list[Change]:
    """Receipts that name a person (by identity id) and an instant: a change for each message until then."""
    changes: list[Change] = []
    for arrival, identity_id in receipts:
        for pk, conversation_id in rows(_UP_TO, [[identity_id], [arrival.at], account_id]):
            changes.append((arrival, KnownMessage(pk, conversation_id, True, None, "sent", False)))
    return changes


def _of(changes: Iterable[Change], kind: EventKind) -> list[Change]:
    return [change for change in changes if change[0].event.event is kind]


def _earliest(changes: Iterable[Change]) -> dict[int, Change]:
    first: dict[int, Change] = {}
    for change in changes:
        former = first.get(change[1].id)
        if former is None or change[0].at < former[0].at:
            first[change[1].id] = change
    return first


def _sorted(changes: dict[int, Change]) -> list[Change]:
    return [changes[pk] for pk in sorted(changes)]


def _instants(changes: dict[int, Change]) -> list[object]:
    return [arrival.at for arrival, _ in _sorted(changes)]


def _applied(sql: str, changes: dict[int, Change], *columns: Sequence[object]) -> list[int]:
    """Run one statement over changes in the order of their messages; the ids of those it changed."""
    if not changes:
        return []
    return sorted(pk for (pk,) in rows(sql, [sorted(changes), *map(list, columns)]))


def _happening(name: str, change: Change) -> Happening:
    arrival, message = change
    contact = message.exchange.contact_id if message.exchange and not arrival.is_ours else None
    by = Actor("contact", contact) if contact else SYSTEM
    reason = clipped(arrival.event.reason, 500) if name == "message.failed" else ""
    return Happening(name, "message", message.id, by, message.conversation_id, reason)
