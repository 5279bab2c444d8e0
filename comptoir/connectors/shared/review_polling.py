"""Asking a network of reviews what is new: several list reviews by page, the newest first, and none tells what changed.

Reviews that were seen are remembered with a stamp of what they said and one of our answer, so that one which appears
late (networks hold reviews back to examine them), was changed, or was answered elsewhere is noticed, whatever its date.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.shared.untrusted import instant, items, mapping, name

#: Marks deliveries of reviews that were there before and were changed since: `parse` tells their edits too.
EDITED_HEADER = "x-comptoir-edited"
_MAX_PAGES_A_ROUND = 40
_MAX_REMEMBERED = 500


@dataclass(frozen=True, slots=True)
class ListedReview:
    """One review of a page: its id, a ``stamp`` that differs once its words or stars do and one of our answer, when it
    was written and last changed (as far as the network tells), and the network's own words for it.
    """

    id: str
    stamp: str
    entry: Any
    answer_stamp: str = ""
    written_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def marks(self) -> list[str]:
        return [self.stamp, self.answer_stamp]


def stamp_of(*said: object) -> str:
    """A short text that differs once any of what a review says does."""
    return hashlib.blake2s(repr(said).encode("utf-8", "replace"), digest_size=9).hexdigest()


#: Asks for one page ("" is the first) and tells its reviews and the token of the next, "" where there is none.
PageOfReviews = Callable[[str], tuple[Sequence[ListedReview], str]]


@dataclass(frozen=True, slots=True)
class ReviewListing:
    """A network's list of reviews, newest change first. ``wrap`` makes a payload, as the network would write it."""

    ask: PageOfReviews
    wrap: Callable[[Sequence[Any]], Any]

    def pages(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """What is new since ``cursor``, down to what was seen before. The first time only notes what stands there:
        those reviews are the past, which `history` reads.
        """
        if not cursor:
            yield self._noted()
            return
        memory = _Memory.of(cursor)
        met: dict[str, list[str]] = {}
        token, latest = "", memory.newest
        for number in range(1, _MAX_PAGES_A_ROUND + 1):
            listed, token = self.ask(token)
            met |= {one.id: one.marks for one in listed if one.id not in met}
            latest = max(filter(None, [latest, *(one.changed_at or one.written_at for one in listed)]), default=None)
            fresh = [one for one in listed if memory.seen.get(one.id) != one.marks]
            finished = not token or not fresh or number == _MAX_PAGES_A_ROUND
            finished = finished or memory.newest is None or _is_below(listed[-1], memory.newest)
            yield Page(_deliveries(fresh, memory, self.wrap), memory.after(met, latest) if finished else dict(cursor))
            if finished:
                return

    def _noted(self) -> Page:
        """The first page, remembered and not delivered."""
        listed, _next = self.ask("")
        latest = max(filter(None, (one.changed_at or one.written_at for one in listed)), default=None)
        return Page([], _Memory({}, None).after({one.id: one.marks for one in listed}, latest))

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Page by page down to what was last changed before ``since``."""
        token = name(cursor.get("token")) or ""
        while not cursor.get("finished"):
            listed, token = self.ask(token)
            wanted = [one for one in listed if not _is_below(one, since)]
            cursor = {"token": token, "finished": not token or not wanted}
            yield Page(_deliveries(wanted, _Memory({}, None), self.wrap), cursor)


def is_edited(delivery: Delivery) -> bool:
    """Whether a delivery holds reviews that were changed after they were first read."""
    return bool(delivery.headers.get(EDITED_HEADER))


@dataclass(frozen=True, slots=True)
class _Memory:
    """What was seen: the marks of each review, the last met first, and the latest instant of any."""

    seen: Mapping[str, list[str]]
    newest: datetime | None

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> _Memory:
        seen = {key: [name(mark) or "" for mark in items(marks)] for key, marks in mapping(cursor.get("seen")).items()}
        return cls(seen, instant(cursor.get("newest")))

    def after(self, met: Mapping[str, list[str]], latest: datetime | None) -> Mapping[str, Any]:
        """The cursor once these were met too."""
        seen = [*met.items(), *((key, marks) for key, marks in self.seen.items() if key not in met)]
        return {"seen": dict(seen[:_MAX_REMEMBERED]), "newest": latest.isoformat() if latest else None}

    def was_edited(self, one: ListedReview) -> bool:
        """Other words than those we remember or, where we do not, written before we last looked and changed since."""
        if one.id in self.seen:
            return self.seen[one.id][:1] != [one.stamp]
        if self.newest is None or one.written_at is None or one.changed_at is None:
            return False
        return one.written_at <= self.newest and one.changed_at > one.written_at


def _deliveries(fresh: Sequence[ListedReview], memory: _Memory, wrap: Callable[[Sequence[Any]], Any]) -> list[Delivery]:
    """The oldest first; reviews that were changed apart from those that are new."""
    edited = [one for one in fresh if memory.was_edited(one)]
    others = [one for one in fresh if not memory.was_edited(one)]
    headers: Mapping[str, str] = {EDITED_HEADER: "1"}
    found = [_delivery(others, {}, wrap)] if others else []
    return found + ([_delivery(edited, headers, wrap)] if edited else [])


def _delivery(
    reviews: Sequence[ListedReview], headers: Mapping[str, str], wrap: Callable[[Sequence[Any]], Any]
) -> Delivery:
    body = json.dumps(wrap([one.entry for one in reversed(reviews)]), default=float).encode()
    key = "reviews:" + stamp_of([(one.id, one.marks) for one in reviews], sorted(headers))
    return Delivery(body, headers=headers, key=key)


def _is_below(one: ListedReview, bound: datetime) -> bool:
    moment = one.changed_at or one.written_at
    return moment is not None and moment < bound
