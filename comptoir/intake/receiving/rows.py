"""What a batch needs to know of rows that are already there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from comptoir.intake.arrivals import Arrival


def rows(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
    """Run one statement and return what it returns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def run(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> int:
    """Run one statement that returns nothing; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def numbers(values: Iterable[int]) -> str:
    """A list as PostgreSQL writes arrays, for a parameter that is cast to one: given a list of hundreds, the driver
    looks at each value to find out what it is.
    """
    return "{" + ",".join(map(str, values)) + "}"


def texts(values: Iterable[str]) -> str:
    """The same of texts."""
    listed = list(values)
    if not listed:
        return "{}"
    everything = "".join(listed)
    if '"' in everything or "\\" in everything:
        listed = [value.replace("\\", "\\\\").replace('"', '\\"') for value in listed]
    return '{"' + '","'.join(listed) + '"}'


@dataclass(slots=True)
class Person:
    """A contact's identity."""

    identity_id: int
    contact_id: int
    handle: str
    name: str
    avatar_url: str
    is_blocked: bool = False
    external_id: str = ""  # the first id by which they were known; empty where that is the one they were asked for by


@dataclass(slots=True, eq=False)
class Exchange:
    """A conversation as the batch sees it; ``id`` is 0 until a new one is stored."""

    id: int
    identity_id: int
    contact_id: int
    thread_id: str
    is_public: bool
    status: str
    resolved_at: datetime | None
    is_spam: bool = False
    was: str = ""
    became_spam: bool = False
    messages: list[Arrival] = field(default_factory=list)

    @property
    def slot(self) -> tuple[str, int]:
        return self.thread_id, self.identity_id

    @property
    def is_live(self) -> bool:
        return self.status != "resolved"

    def end(self, at: datetime) -> None:
        """Long over: history."""
        self.status, self.resolved_at = "resolved", at

    def open_again(self) -> None:
        """A customer speaks: whatever had put it away no longer holds."""
        if self.status != "open" or self.is_spam:
            self.was = self.was or (self.status if self.status != "open" else "spam")
            self.status, self.resolved_at, self.is_spam = "open", None, False

    def shut_out(self) -> None:
        """Somebody who was blocked speaks: it is kept, and nobody is called."""
        self.became_spam = self.became_spam or not self.is_spam
        self.is_spam = True


@dataclass(slots=True)
class KnownMessage:
    """A message that is stored already, or is about to be."""

    id: int
    conversation_id: int
    is_ours: bool
    identity_id: int | None
    state: str
    is_deleted: bool
    exchange: Exchange | None = None


def known_messages(account_id: int, external_ids: Iterable[str]) -> dict[str, KnownMessage]:
    """The messages of one account that go by these ids, or of which the network made a part under them."""
    wanted = sorted({identifier for identifier in external_ids if identifier})
    if not wanted:
        return {}
    found = rows(
        """
        SELECT wanted.name, id, conversation_id, direction, identity_id, state, deleted_at IS NOT NULL
        FROM unnest(%(wanted)s::text[]) AS wanted (name)
        CROSS JOIN LATERAL (
            (SELECT * FROM conversations_message WHERE account_id = %(account)s AND external_id = wanted.name)
            UNION ALL
            (SELECT whole.* FROM conversations_messagepart AS part
             JOIN conversations_message AS whole ON whole.id = part.message_id
             WHERE part.account_id = %(account)s AND part.external_id = wanted.name)
            LIMIT 1
        ) AS message
        """,
        {"wanted": texts(wanted), "account": account_id},
    )
    return {
        name: KnownMessage(pk, conversation, direction == "outgoing", identity, state, is_deleted)
        for name, pk, conversation, direction, identity, state, is_deleted in found
    }
