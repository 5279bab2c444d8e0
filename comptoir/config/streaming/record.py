"""Reading the event record as it grows: one connection that is told of it, one that asks what it was."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections

from comptoir.config.streaming.audience import Touched
from comptoir.events.record import CHANNEL

logger = logging.getLogger(__name__)

COALESCE_S = 0.1
#: Transactions commit out of order: what was given an id earlier may appear later. Catching up begins a little before.
OVERLAP = 500
#: Whoever missed more than this loads the page again.
MOST_CAUGHT_UP = 2000

#: What changes who is at the counter, and for how much.
_OF_COLLEAGUES = [
    "agent.availability_changed", "agent.hours_changed", "agent.routing_changed", "agent.changed", "agent.created",
    "agent.opened", "agent.closed",
]  # fmt: skip

_TOUCHED = """
SELECT event.id, event.name, event.conversation_id, event.details, conversation.team_id, conversation.assignee_id,
    conversation.account_id, (SELECT array_agg(following.agent_id) FROM conversations_following AS following
        WHERE following.conversation_id = event.conversation_id AND following.keeps_reading)
FROM events_event AS event
LEFT JOIN conversations_conversation AS conversation ON conversation.id = event.conversation_id
WHERE (event.conversation_id IS NOT NULL OR event.name = ANY(%(of_colleagues)s)) AND {which}
ORDER BY event.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser knows of: all up to an event, save what was told by transactions that were open at that moment.

    ``oldest_open`` is the oldest of those (`events.queue.newest_moment`). A browser that comes back does not know it: a
    little of what it has seen is told again.
    """

    event_id: int
    oldest_open: int | None = None

    @classmethod
    def read(cls, text: str) -> Seen | None:
        """From an address (“event-transaction”) or from a Last-Event-ID (“event”); None for anything else."""
        event, dash, oldest = text.partition("-")
        numbers = [event, oldest] if dash else [event]
        if not all(one.isascii() and one.isdecimal() and len(one) <= 18 for one in numbers):
            return None
        return cls(*map(int, numbers))


@dataclass(frozen=True, slots=True)
class News:
    """What happened in a tenth of a second: to which conversations, and whether to who is at the counter."""

    touched: Sequence[Touched]
    colleagues_changed: bool = False


def conninfo() -> dict[str, Any]:
    """How Django reaches the database, for a connection of our own."""
    parameters = connections["default"].get_connection_params()
    return {
        name: parameters[name] for name in parameters if name not in ("cursor_factory", "context", "prepare_threshold")
    }


class Record:
    """The record, read by one process."""

    def __init__(self) -> None:
        self.last_id = 0
        self.is_listening = False
        self._asking: psycopg.AsyncConnection[Any] | None = None
        self._turn = asyncio.Lock()

    async def batches(self) -> AsyncIterator[tuple[int, News]]:
        """What happened, a tenth of a second at a time, across restarts of the database; never ends."""
        pause = 0.2
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**conninfo(), autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    self.is_listening = True
                    pause = 0.2
                    async for batch in self._from(listening):
                        yield batch
            except (psycopg.Error, OSError) as error:
                logger.warning("live updates: the database is away (%s)", error)
            self.is_listening = False
            await asyncio.sleep(pause)
            pause = min(5.0, pause * 2)

    async def _from(self, listening: psycopg.AsyncConnection[Any]) -> AsyncIterator[tuple[int, News]]:
        if self.last_id:
            yield self.last_id, News(await self.since(Seen(self.last_id)), colleagues_changed=True)
        else:
            self.last_id = await self._newest()
        while True:
            ranges = await _told(listening)
            news = await self._ranges(ranges)
            if news.touched or news.colleagues_changed:
                yield self.last_id, news

    async def since(self, seen: Seen) -> Sequence[Touched]:
        """What happened after what was seen, and what may have: it had an earlier id, and appeared later."""
        which = "event.id > %(since)s"
        asked: dict[str, Any] = {"since": max(0, seen.event_id - OVERLAP), "most": MOST_CAUGHT_UP}
        if seen.oldest_open is not None:
            which += " AND (event.id > %(last)s OR event.transaction_id >= %(open)s::xid8)"
            asked |= {"last": seen.event_id, "open": str(seen.oldest_open)}
        return _grouped(await self._ask(which, asked))

    async def _ranges(self, ranges: Sequence[tuple[int, int]]) -> News:
        firsts, lasts = [first for first, _last in ranges], [last for _first, last in ranges]
        if not firsts:
            return News([])
        which = (
            "event.id IN (SELECT generate_series(told.first, told.last) "
            "FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS told (first, last))"
        )
        rows = await self._ask(which, {"firsts": firsts, "lasts": lasts, "most": MOST_CAUGHT_UP * 5})
        self.last_id = max(self.last_id, *lasts)
        return News(_grouped(rows), colleagues_changed=any(name in _OF_COLLEAGUES for _id, name, *_rest in rows))

    async def _newest(self) -> int:
        rows = await self._rows("SELECT COALESCE(max(id), 0) FROM events_event", {})
        return int(rows[0][0])

    async def _ask(self, which: str, asked: dict[str, Any]) -> list[Any]:
        return await self._rows(_TOUCHED.format(which=which), asked | {"of_colleagues": _OF_COLLEAGUES})

    async def _rows(self, query: str, parameters: dict[str, Any]) -> list[Any]:
        async with self._turn:
            if self._asking is None or self._asking.closed or self._asking.broken:
                self._asking = await psycopg.AsyncConnection.connect(**conninfo(), autocommit=True)
            cursor = await self._asking.execute(query, parameters)
            return await cursor.fetchall()


async def _told(listening: psycopg.AsyncConnection[Any]) -> list[tuple[int, int]]:
    """Wait for news, then for what comes within the next tenth of a second."""
    ranges = [_range(notice.payload) async for notice in listening.notifies(timeout=60, stop_after=1)]
    if ranges:
        await asyncio.sleep(COALESCE_S)
        ranges += [_range(notice.payload) async for notice in listening.notifies(timeout=0)]
    else:
        await listening.execute("SELECT 1")  # a connection that is dead without knowing it says so now
    return ranges


def _range(payload: str) -> tuple[int, int]:
    first, _dash, last = payload.partition("-")
    return int(first), int(last)


def _grouped(rows: Sequence[Any]) -> list[Touched]:
    """One entry for each conversation; those who had it before hear of it too, so that it leaves their screen."""
    found: dict[int, tuple[set[int], set[int], set[str]]] = {}
    accounts: dict[int, int | None] = {}
    readers: dict[int, frozenset[int]] = {}
    for _id, name, conversation_id, details, team, assignee, account, kept_by in rows:
        if conversation_id is None:
            continue
        accounts[conversation_id], readers[conversation_id] = account, frozenset(kept_by or ())
        teams, agents, names = found.setdefault(conversation_id, (set(), set(), set()))
        names.add(name)
        teams |= {team} - {None}
        agents |= {assignee} - {None}
        if name == "conversation.assigned":
            agents |= {details.get("former")} - {None}
        elif name.startswith("hand_off."):
            teams |= {details.get("to")} - {None}
        elif name.startswith("consultation."):
            agents |= {details.get("expert")} - {None}
        elif name == "conversation.team_changed":
            teams |= {details.get("former")} - {None}
            agents |= {details.get("former_assignee")} - {None}
    return [
        Touched(pk, frozenset(teams), frozenset(agents), frozenset(names), accounts[pk], readers[pk])
        for pk, (teams, agents, names) in found.items()
    ]
