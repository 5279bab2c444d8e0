"""Which conversation a message belongs to: the one it answers, the live one of its thread and person, a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from comptoir.conversations.models.conversation import PREVIEW_CHARS, new_thread_token
from comptoir.core.recordset import recordset
from comptoir.intake.arrivals import Arrival, language_of, subject_of
from comptoir.intake.cleaning import MAX_THREAD_ID_BYTES, fitting_id
from comptoir.intake.receiving.rows import Exchange, KnownMessage, Person, numbers, rows, run, texts

# What was merged into another conversation comes with that one: it goes on there.
_LOAD = """
WITH named AS (
    SELECT unnest(%(ids)s::bigint[]) AS id
    UNION ALL
    SELECT spoken_of.id FROM unnest(%(tokens)s::text[]) AS token (name)
    CROSS JOIN LATERAL (
        SELECT id FROM conversations_conversation
        WHERE thread_token = token.name AND account_id = %(account)s OFFSET 0
    ) AS spoken_of
    UNION ALL
    SELECT live.id FROM unnest(%(threads)s::text[], %(identities)s::bigint[]) AS slot (thread_id, identity_id)
    CROSS JOIN LATERAL (
        SELECT id FROM conversations_conversation
        WHERE account_id = %(account)s AND thread_id = slot.thread_id AND identity_id = slot.identity_id OFFSET 0
    ) AS live
    UNION ALL
    SELECT whole.id FROM unnest(%(whole_threads)s::text[]) AS thread (name)
    CROSS JOIN LATERAL (
        SELECT id FROM conversations_conversation
        WHERE account_id = %(account)s AND thread_id = thread.name AND NOT is_public OFFSET 0
    ) AS whole
)
SELECT id, identity_id, contact_id, thread_id, is_public, status, resolved_at, is_spam, thread_token, merged_into_id
FROM conversations_conversation
WHERE id IN (
    SELECT id FROM named
    UNION ALL
    SELECT gone.merged_into_id FROM named JOIN conversations_conversation AS gone USING (id)
    WHERE gone.merged_into_id IS NOT NULL
)
ORDER BY id
FOR NO KEY UPDATE
"""

_ADD = """
INSERT INTO conversations_conversation
    (account_id, identity_id, contact_id, thread_id, thread_token, is_public, subject, status,
    language, started_at, last_message_at, last_message_text, last_incoming_at, waiting_since, resolved_at, is_spam)
SELECT %s, identity_id, contact_id, thread_id, thread_token, is_public, subject, status,
    language, started_at, last_message_at, last_message_text, last_incoming_at, waiting_since, resolved_at, is_spam
FROM json_to_recordset(%s::json) AS new (identity_id bigint, contact_id bigint, thread_id text, thread_token text,
    is_public boolean, subject text, status text, language text, started_at timestamptz, last_message_at timestamptz,
    last_message_text text, last_incoming_at timestamptz, waiting_since timestamptz, resolved_at timestamptz,
    is_spam boolean)
ORDER BY thread_id, identity_id
ON CONFLICT (account_id, thread_id, identity_id) WHERE NOT status = 'resolved' DO NOTHING
RETURNING thread_token, id
"""

Slot = tuple[str, int]


class Exchanges:
    """The conversations of one account that a batch may join, locked until it is stored."""

    def __init__(
        self,
        account_id: int,
        reopens_within: timedelta,
        known: Mapping[str, KnownMessage],
        *,
        over_before: datetime | None,
    ) -> None:
        self.account_id = account_id
        self.reopens_within = reopens_within
        self.over_before = over_before  # of history: what ended before this instant is resolved
        self.known = dict(known)
        self.by_id: dict[int, Exchange] = {}
        self.by_token: dict[str, Exchange] = {}
        self.kept_of: dict[int, int] = {}  # where a merged conversation goes on
        self.slots: dict[Slot, Exchange] = {}
        self.new: list[Exchange] = []

    def load(self, arrivals: Sequence[Arrival], person_of: Mapping[tuple[str, str], Person]) -> None:
        """Read and lock what the messages may belong to, and what they refer to."""
        tokens = {arrival.event.thread_token for arrival in arrivals if arrival.event.thread_token}
        self._load({message.conversation_id for message in self.known.values()}, tokens, set(), set())
        for message in self.known.values():
            message.exchange = self.by_id.get(self.kept_of.get(message.conversation_id, message.conversation_id))
        slots = {exchange.slot for exchange in self.by_id.values() if not exchange.is_live}
        whole_threads: set[str] = set()
        for arrival in arrivals:
            person = person_of.get(arrival.person) if arrival.person else None
            if person is not None:
                slots.add((self._thread(arrival), person.identity_id))
            elif arrival.is_ours and arrival.thread_id:
                whole_threads.add(arrival.thread_id)
        self._load(set(), set(), slots, whole_threads)

    def _load(self, ids: set[int], tokens: set[str], slots: set[Slot], whole_threads: set[str]) -> None:
        if not (ids or tokens or slots or whole_threads):
            return
        in_order = sorted(slots)
        wanted = {
            "account": self.account_id,
            "ids": numbers(sorted(ids)),
            "tokens": texts(sorted(tokens)),
            "threads": texts(thread for thread, _ in in_order),
            "identities": numbers(identity for _, identity in in_order),
            "whole_threads": texts(sorted(whole_threads)),
        }
        merged: list[tuple[str, Exchange, int]] = []
        for pk, identity, contact, thread, is_public, status, resolved_at, is_spam, token, kept in rows(_LOAD, wanted):
            exchange = Exchange(pk, identity, contact, thread, is_public, status, resolved_at, is_spam)
            if kept is not None:
                merged.append((token, exchange, kept))
                continue
            exchange = self.by_id.setdefault(pk, exchange)
            self.by_token[token] = exchange
            self._offer(exchange.slot, exchange)
        self._load({kept for _token, _exchange, kept in merged if kept not in self.by_id}, set(), set(), set())
        for token, exchange, kept in merged:
            self.kept_of[exchange.id] = kept
            self.by_token[token] = self.by_id[kept]
            self._offer(exchange.slot, self.by_id[kept])

    def _offer(self, slot: Slot, exchange: Exchange) -> None:
        """Keep the live conversation of each slot or, where none is, the one that ended last."""
        present = self.slots.get(slot)
        is_later = present is not None and not present.is_live and _ended(exchange) > _ended(present)
        if present is None or is_later or (exchange.is_live and (exchange.slot == slot or not present.is_live)):
            self.slots[slot] = exchange

    # --- placing ---

    def place(self, arrival: Arrival, person: Person | None) -> Exchange | None:
        """The conversation of one message, opened again or begun where needed; None where nobody is addressed."""
        answered = self._answered(arrival, person)
        if answered is None and person is None:
            answered = self._of_thread(arrival)
            if answered is None:
                return None
        if answered is not None:
            slot, contact_id = answered.slot, answered.contact_id
        else:
            assert person is not None
            slot, contact_id = (self._thread(arrival), person.identity_id), person.contact_id
        exchange = self._current(slot, arrival) or self._begin(slot, contact_id, arrival)
        if person is not None and person.is_blocked and not arrival.is_ours:
            if exchange.identity_id == person.identity_id:
                exchange.shut_out()
        elif arrival.asks and self.over_before is None:
            exchange.open_again()
        exchange.messages.append(arrival)
        return exchange

    def _answered(self, arrival: Arrival, person: Person | None) -> Exchange | None:
        """The very conversation that a private message says it continues, even from another address."""
        if arrival.is_private and arrival.event.thread_token:
            by_token = self.by_token.get(arrival.event.thread_token)
            if by_token is not None:
                return by_token
        for name in (arrival.parent_id, *arrival.related_ids):
            message = self.known.get(name)
            exchange = message.exchange if message else None
            if message is None or exchange is None or exchange.is_public == arrival.is_private:
                continue
            if self._continues(arrival, person, message, exchange):
                return exchange
        return None

    def _continues(self, arrival: Arrival, person: Person | None, message: KnownMessage, exchange: Exchange) -> bool:
        if arrival.is_ours:
            return person is None or (arrival.is_private and exchange.identity_id == person.identity_id)
        if not arrival.is_private or person is None:
            return False
        return message.is_ours or exchange.identity_id == person.identity_id

    def _of_thread(self, arrival: Arrival) -> Exchange | None:
        """For a message of ours to nobody named: the latest private conversation of its thread."""
        if not arrival.is_private or not arrival.thread_id:
            return None
        of_thread = [one for one in self.slots.values() if one.thread_id == arrival.thread_id and not one.is_public]
        return max(of_thread, key=lambda one: (one.is_live, one.id), default=None)

    def _thread(self, arrival: Arrival) -> str:
        if not arrival.thread_id and not arrival.is_private:
            for name in (arrival.parent_id, *arrival.related_ids):
                message = self.known.get(name)
                if message is not None and message.exchange is not None and message.exchange.is_public:
                    return message.exchange.thread_id
        return thread_of(arrival)

    def _current(self, slot: Slot, arrival: Arrival) -> Exchange | None:
        """The slot's conversation, unless it ended too long ago for a customer to be still in it."""
        present = self.slots.get(slot)
        if present is None or not (arrival.asks or self.over_before):
            return present
        ended_at = present.resolved_at
        if self.over_before and not present.id:
            ended_at = present.messages[-1].at
        return None if ended_at is not None and arrival.at - ended_at > self.reopens_within else present

    def _begin(self, slot: Slot, contact_id: int, arrival: Arrival) -> Exchange:
        former = self.slots.get(slot)
        if former is not None and former.is_live:  # two of one history
            former.end(former.messages[-1].at)
        exchange = Exchange(0, slot[1], contact_id, slot[0], not arrival.is_private, "open", None)
        self.slots[slot] = exchange
        self.new.append(exchange)
        return exchange

    # --- storing ---

    def add_new(self) -> None:
        """Store the conversations that began; one that somebody else just made in the same place is joined instead."""
        if not self.new:
            return
        if self.over_before is not None:
            self._end_history(self.over_before)
        tokens = [new_thread_token() for _exchange in self.new]
        new = [_row(exchange, token, self.over_before) for exchange, token in zip(self.new, tokens, strict=True)]
        stored: dict[str, int] = dict(rows(_ADD, [self.account_id, recordset(new)]))
        for exchange, token in zip(self.new, tokens, strict=True):
            exchange.id = stored.get(token, 0)
        elsewhere = [exchange for exchange in self.new if not exchange.id]
        if elsewhere:
            self._join(elsewhere)
        self.new = [exchange for exchange in self.new if exchange not in elsewhere]

    def _end_history(self, over_before: datetime) -> None:
        for exchange in self.new:
            last_at = max(arrival.at for arrival in exchange.messages)
            if exchange.is_live and last_at < over_before:
                exchange.end(last_at)

    def _join(self, exchanges: list[Exchange]) -> None:
        for exchange in exchanges:
            self.slots.pop(exchange.slot, None)
        self._load(set(), set(), {exchange.slot for exchange in exchanges}, set())
        for exchange in exchanges:
            exchange.id = self.slots[exchange.slot].id

    def store_reopened(self) -> list[Exchange]:
        """Open again, in the database, what a customer's message opened."""
        reopened = [exchange for exchange in self.by_id.values() if exchange.was]
        spam = [exchange.id for exchange in self.by_id.values() if exchange.is_spam and exchange.became_spam]
        if reopened:
            run(
                "UPDATE conversations_conversation SET status = 'open', resolved_at = NULL, snoozed_until = NULL,"
                " is_spam = false WHERE id = ANY(%s)",
                [sorted(exchange.id for exchange in reopened)],
            )
        if spam:
            run("UPDATE conversations_conversation SET is_spam = true WHERE id = ANY(%s)", [sorted(spam)])
        return reopened


def _ended(exchange: Exchange) -> float:
    return exchange.resolved_at.timestamp() if exchange.resolved_at else 0.0


def thread_of(arrival: Arrival) -> str:
    """The thread a message names, or stands for: in private, without any, the one exchange with that person."""
    if arrival.thread_id:
        return arrival.thread_id
    ancestor = arrival.related_ids[-1] if arrival.related_ids else ""
    if not arrival.is_private:
        ancestor = ancestor or arrival.parent_id or arrival.external_id
    return fitting_id(ancestor, MAX_THREAD_ID_BYTES)


def _row(exchange: Exchange, token: str, over_before: datetime | None) -> dict[str, object]:
    """The new row: totals over its first messages, as `totals` would compute them."""
    by_time = sorted(exchange.messages, key=in_time)
    first, last = by_time[0], by_time[-1]
    answers = [one.at for one in by_time if one.answers]
    incoming = [one for one in by_time if not one.is_ours]
    unanswered = [one.at for one in incoming if one.asks and (not answers or one.at > answers[-1])]
    is_waiting = bool(unanswered) and over_before is None and not exchange.is_spam
    return {
        "identity_id": exchange.identity_id,
        "contact_id": exchange.contact_id,
        "thread_id": exchange.thread_id,
        "thread_token": token,
        "is_public": exchange.is_public,
        "subject": subject_of(by_time),
        "status": exchange.status,
        "language": language_of(by_time),
        "started_at": first.at,
        "last_message_at": last.at,
        "last_message_text": last.text[:PREVIEW_CHARS],
        "last_incoming_at": incoming[-1].at if incoming else None,
        "waiting_since": unanswered[0] if is_waiting else None,
        "resolved_at": exchange.resolved_at,
        "is_spam": exchange.is_spam,
    }


def in_time(arrival: Arrival) -> tuple[object, ...]:
    """The order of messages: by the network's time, then by id."""
    return arrival.at, arrival.external_id
