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
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

from benchmarks import _crowd, _screens
from benchmarks._ground import filled_ground, make_account, verdict

_FEW, _MANY = 10_000, 1_000_000
_BLOCKS, _ROUNDS = 5, 15
_SMALL = "comptoir_small"
_LONG = """
INSERT INTO conversations_message (conversation_id, account_id, direction, visibility, kind, state, key, external_id,
    parent_external_id, identity_id, is_automatic, text, html, quoted, signature, subject, language, url, custom,
    sent_at, created_at, failure)
SELECT one.id, one.account_id, 'incoming', 'private', 'message', 'received', gen_random_uuid(),
    'long-' || one.id || '-' || n, '', one.identity_id, false, 'Bonjour ' || n, '', '', '', '', '', '', '{}',
    now() - n * interval '1 minute', now(), ''
FROM conversations_conversation AS one, generate_series(1, %(count)s) AS n WHERE one.id = %(conversation)s
"""
_LONG_EVENTS = """
INSERT INTO events_event (name, at, actor_kind, subject_kind, subject_id, conversation_id, reason, details)
SELECT 'message.received', now(), 'contact', 'message', n, %(conversation)s, '', '{}'
FROM generate_series(1, %(count)s) AS n
"""


def main() -> bool:
    """Print the ratios; whether the floors are reached."""
    with filled_ground(fill):
        agents = _crowd.people()
        small = _connection_to(_SMALL)
        held = [_judged(name, *measured) for name, measured in _measures(agents, small)]
        small.close()
        held.append(_exchanges_judged())
        held += _screens.measured(agents)
    return all(held)


def fill() -> None:
    """The small counter, a copy of it in another database, and the large one in its place."""
    make_account("webhook", secret="s3cret", signing_secret="s3cret")
    _crowd.people()
    _crowd.fill(1, _FEW)
    _fill_exchanges()
    _copy_to(_SMALL)
    _crowd.fill(_FEW + 1, _MANY)
    _crowd.make_findable()


def _judged(name: str, at_few: float, at_many: float, ratio: float) -> bool:
    limit = 1.6 if "anywhere" in name else 1.3
    print(f"{name}: p95 {at_few:.2f} ms at {_FEW}, {at_many:.2f} ms at {_MANY}", flush=True)
    return verdict(f"{name}, ratio", ratio, limit, at_most=True)


def _copy_to(name: str) -> None:
    """A copy of the database as it is."""
    from django.db import connections

    source = connections["default"].settings_dict["NAME"]
    connections.close_all()
    with closing(_connection_to("postgres")) as server, server.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
    with closing(_connection_to(name)) as copy, copy.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _connection_to(name: str) -> Any:
    """A connection to another database of the same server, that can stand in for Django's own."""
    from django.db import connection

    other = connection.copy()
    other.settings_dict["NAME"] = name
    return other


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


def _exchanges_judged() -> bool:
    from comptoir.conversations.models import Conversation
    from comptoir.web.queries.exchange import exchange_window

    short, long = Conversation.objects.order_by("id")[:2]
    at_few, at_many, ratio = _in_turns(lambda: exchange_window(short), lambda: exchange_window(long))
    print(f"exchange: p95 {at_few:.2f} ms for 50 messages, {at_many:.2f} ms for 5,000")
    return verdict("5,000 messages to 50, ratio", ratio, 1.3, at_most=True)


def _fill_exchanges() -> None:
    """Fifty messages and as many events more in the first conversation, five thousand in the second."""
    from django.db import connection

    from comptoir.conversations.models import Conversation

    short, long = Conversation.objects.order_by("id")[:2]
    with connection.cursor() as cursor:
        for conversation, count in ((short, 50), (long, 5000)):
            cursor.execute(_LONG, {"count": count, "conversation": conversation.pk})
            cursor.execute(_LONG_EVENTS, {"count": count, "conversation": conversation.pk})
        cursor.execute("VACUUM ANALYZE conversations_message, events_event")


def ninety_fifth(spent: list[float]) -> float:
    """The p95."""
    return statistics.quantiles(spent, n=20)[18]
