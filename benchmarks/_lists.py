"""Every list of the inbox, in every order and narrowed by every filter, at two counters of different size.

Told of each is how much more the database touches for a row at the large one (see `_pages`), which is the same on any
machine, and, of those without filters, how much longer a page takes by the clock: on a machine with nothing else to do,
whose memory holds the large database, as it does once a counter has run for a while. What a filter finds by itself is
looked for row by row for a while only: its pages have a limit, not a ratio, since the small counter may have nothing
left to look at.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benchmarks._ground import verdict
from benchmarks._pages import counting_pages
from benchmarks._turns import asking, in_turns

#: At how many places of a list its pages are counted.
_PLACES = 7
_MOST_TIMES = {"first page": 1.3, "anywhere": 1.6}
_MOST_TIMES_PAGES = 1.5
#: What a page of a filtered list touches at most: 2,600 rows looked at, each in two indexes, and the rows shown.
_MOST_PAGES = 10_000
#: By view: what it is narrowed by, one question each, or two together. `{reason}` is one that hardly anybody has.
_NARROWED = {
    "all": (
        "urgency=3", "urgency=2", "sentiment=negative", "intent=complaint", "answer=yes", "language=fr", "language=de",
        "topic={reason}", "tag=urgent", "text=999", "owner=me", "owner=nobody", "team={team}", "status=pending",
        "visibility=public", "channel=webhook", "channel=email", "since={lately}", "until={long_ago}", "promise=soon",
        "promise=broken", "waiting=4320", "priority=2", "priority=3",
    ),
    "resolved": (
        "urgency=3", "sentiment=negative&intent=complaint", "topic={reason}", "language=de", "tag=urgent",
        "text=introuvable", "priority=3",
    ),
}  # fmt: skip


def judged(agents: dict[str, Any], small: Any) -> list[bool]:
    """Print every list's pages and time, small and large; whether each grows little enough."""
    from django.db import connections

    both = (small, connections["default"])
    held = []
    for name, agent, listing in _listings(agents):
        for where, places in (("first page", [None]), ("anywhere", _places())):
            few, many = (_looked_at(agent, listing, places, one) for one in both)
            print(f"{name}, {where}: {few.pages:.0f} and {many.pages:.0f} pages", flush=True)
            if listing.filters:
                held.append(verdict(f"{name}, {where}, pages", many.pages, _MOST_PAGES, at_most=True))
                continue
            if few.rows and many.rows:
                ratio = (many.pages / many.rows) / (few.pages / few.rows)
                held.append(verdict(f"{name}, {where}, pages a row, ratio", ratio, _MOST_TIMES_PAGES, at_most=True))
            held.append(_in_time(f"{name}, {where}", agent, listing, where, small))
    return held


def _listings(agents: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """By name: who looks, at which list."""
    from comptoir.web.queries.inbox import InboxFilters, Listing, StandingView

    for who, agent in agents.items():
        for view in StandingView:
            for sort in view.sorts:
                yield f"{who} {view} {sort}", agent, Listing.of(view, sort)
                for asked in _asked(_NARROWED.get(view, ())):
                    filters = InboxFilters.read({name: [text] for name, text in asked.items()})
                    said = "&".join(f"{name}={text}" for name, text in asked.items())
                    yield f"{who} {view} {sort}, {said}", agent, Listing.of(view, sort, filters)


def _asked(narrowed: tuple[str, ...]) -> Iterator[dict[str, str]]:
    from urllib.parse import parse_qsl

    from django.utils import timezone

    from comptoir.analysis.models import ContactReason
    from comptoir.people.models import Team

    today = timezone.localdate()
    known = {
        "reason": ContactReason.objects.latest("pk").pk,
        "team": Team.objects.latest("pk").pk,
        "lately": today - timedelta(days=30),
        "long_ago": today - timedelta(days=180),
    }
    for question in narrowed:
        yield dict(parse_qsl(question.format(**known)))


def _places() -> list[Any]:
    chance = random.Random(7)
    return [_place(chance) for _place_number in range(_PLACES)]


def _place(chance: random.Random) -> Any:
    from django.utils import timezone

    from comptoir.web.queries.inbox import Position

    return Position(timezone.now() - timedelta(days=chance.random() * 360), 0, priority=1)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """How many pages the database touches for one page of a list, and how many rows that page has; both on average over
    some places.
    """

    pages: float
    rows: float


def _looked_at(agent: Any, listing: Any, places: list[Any], connection: Any) -> LookedAt:
    from comptoir.web.queries.inbox import inbox_page

    counted = []
    with asking(connection):
        for place in places:
            with counting_pages(connection) as touched:
                shown = inbox_page(agent, listing, place)
            counted.append((touched.pages, len(shown.rows)))
    return LookedAt(*(statistics.mean(some) for some in zip(*counted, strict=True)))


def _in_time(name: str, agent: Any, listing: Any, where: str, small: Any) -> bool:
    from django.db import connections

    from comptoir.web.queries.inbox import inbox_page

    chance = random.Random(7)
    large = connections["default"]

    def ask(connection: Any) -> None:
        with asking(connection):
            inbox_page(agent, listing, None if where == "first page" else _place(chance))

    spent = in_turns((small, lambda: ask(small)), (large, lambda: ask(large)))
    few, many = spent.ninety_fifths
    print(f"{name}: p95 {few:.2f} and {many:.2f} ms of a processor, {spent.ratio:.2f} times", flush=True)
    return verdict(f"{name}, by the clock, ratio", spent.clock_ratio, _MOST_TIMES[where], at_most=True)
