"""The inbox at a million conversations against ten thousand; an exchange of 5,000 messages against one of 50; and the
screens at a million conversations and five million messages.

The small counter and the large one are two databases of one server and are asked in turns, so that what else the
machine does weighs on both.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from benchmarks import _crowd, _screens
from benchmarks._ground import ground, make_account, verdict

_FEW, _MANY, _MESSAGES_EACH = 10_000, 1_000_000, 5
_BLOCKS, _ROUNDS = 5, 15
_SMALL = "comptoir_small"


def main() -> bool:
    """Print the ratios; whether the floors are reached."""
    with ground():
        make_account("webhook", secret="s3cret", signing_secret="s3cret")
        agents = _crowd.people()
        _crowd.fill_conversations(1, _FEW)
        long = _exchanges()
        small = _copied(_SMALL)
        begun = time.monotonic()
        _crowd.fill_conversations(_FEW + 1, _MANY)
        print(f"{_MANY} conversations, filled in {time.monotonic() - begun:.0f} s", flush=True)
        held = [_judged(name, *measured) for name, measured in _measures(agents, small)]
        small.close()
        print(f"exchange: p95 {long[0]:.2f} ms for 50 messages, {long[1]:.2f} ms for 5,000")
        held.append(verdict("5,000 messages to 50, ratio", long[2], 1.3, at_most=True))
        begun = time.monotonic()
        _crowd.fill_messages(each=_MESSAGES_EACH, agent_id=agents["agent"].pk)
        print(f"{_MANY * _MESSAGES_EACH} messages, filled in {time.monotonic() - begun:.0f} s", flush=True)
        held += _screens.measured(agents)
    return all(held)


def _judged(name: str, at_few: float, at_many: float, ratio: float) -> bool:
    limit = 1.6 if "anywhere" in name else 1.3
    print(f"{name}: p95 {at_few:.2f} ms at {_FEW}, {at_many:.2f} ms at {_MANY}", flush=True)
    return verdict(f"{name}, ratio", ratio, limit, at_most=True)


def _copied(name: str) -> Any:
    """A copy of the database as it is, and a connection to it that can stand in for Django's own."""
    from django.db import connection, connections

    copy = connection.copy()
    copy.settings_dict["NAME"] = "postgres"
    source = connection.settings_dict["NAME"]
    connections.close_all()
    with copy.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
    copy.close()
    copy.settings_dict["NAME"] = name
    with copy.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return copy


@contextmanager
def _asking(other: Any) -> Iterator[None]:
    """Whatever asks the database meanwhile asks the other one."""
    from django.db import connections

    own = connections["default"]
    connections["default"] = other
    try:
        yield
    finally:
        connections["default"] = own


def _measures(agents: dict[str, Any], small: Any) -> Iterator[tuple[str, tuple[float, float, float]]]:
    """By list: the p95 of both, and the ratio of the two."""
    from django.utils import timezone

    from comptoir.web.queries.inbox import Listing, Position, StandingView, inbox_page

    chance = random.Random(7)

    def anywhere() -> Position:
        return Position(timezone.now() - timedelta(days=chance.random() * 360), 0)

    for who, agent in agents.items():
        for view in StandingView:
            for sort in view.sorts:
                listing = Listing.of(view, sort)
                name = f"{who} {view} {sort}"
                first = lambda a=agent, one=listing: inbox_page(a, one)  # noqa: E731  # a step is a call
                further = lambda a=agent, one=listing: inbox_page(a, one, anywhere())  # noqa: E731  # a step is a call
                yield f"{name}, first page", _compared(first, small)
                yield f"{name}, anywhere", _compared(further, small)


def _compared(step: Callable[[], object], small: Any) -> tuple[float, float, float]:
    def at_few() -> None:
        with _asking(small):
            step()

    return _in_turns(at_few, step)


def _in_turns(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float, float]:
    """The p95 of two steps taken in turns, in ms, and the median over some blocks of how many times the second is the
    first.
    """
    for _warm in range(5):
        one()
        other()
    blocks = []
    for _block in range(_BLOCKS):
        spent: tuple[list[float], list[float]] = ([], [])
        for _round in range(_ROUNDS):
            for step, took in ((one, spent[0]), (other, spent[1])):
                begun = time.perf_counter()
                step()
                took.append((time.perf_counter() - begun) * 1000)
        blocks.append(spent)
    ratios = [ninety_fifth(many) / ninety_fifth(few) for few, many in blocks]
    few, many = ([one for block in blocks for one in block[side]] for side in (0, 1))
    return ninety_fifth(few), ninety_fifth(many), statistics.median(ratios)


def _exchanges() -> tuple[float, float, float]:
    """The p95 of opening an exchange of 50 messages, of one of 5,000, and the ratio."""
    from django.db import connection

    from comptoir.conversations.models import Conversation
    from comptoir.web.queries.exchange import exchange_window

    small, large = Conversation.objects.order_by("id")[:2]
    with connection.cursor() as cursor:
        for conversation, count in ((small, 50), (large, 5000)):
            cursor.execute(
                "INSERT INTO conversations_message (conversation_id, account_id, direction, visibility, kind, state, "
                "key, external_id, parent_external_id, identity_id, is_automatic, text, html, quoted, signature, "
                "subject, language, url, custom, sent_at, created_at, failure) "
                "SELECT %s, %s, 'incoming', 'private', 'message', 'received', gen_random_uuid(), "
                "%s || '-' || n, '', %s, false, "
                "'Bonjour ' || n, '', '', '', '', '', '', '{}', now() - n * interval '1 minute', now(), '' "
                "FROM generate_series(1, %s) AS n",
                [conversation.pk, conversation.account_id, f"long-{conversation.pk}", conversation.identity_id, count],
            )
            cursor.execute(
                "INSERT INTO events_event (name, at, actor_kind, subject_kind, subject_id, conversation_id, reason, "
                "details) SELECT 'message.received', now(), 'contact', 'message', n, %s, '', '{}' "
                "FROM generate_series(1, %s) AS n",
                [conversation.pk, count],
            )
        cursor.execute("VACUUM ANALYZE conversations_message, events_event")
    return _in_turns(lambda: exchange_window(small), lambda: exchange_window(large))


def ninety_fifth(spent: list[float]) -> float:
    """The p95."""
    return statistics.quantiles(spent, n=20)[18]
