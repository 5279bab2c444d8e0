"""Asking a network of reviews what is new: several list reviews by page, the newest first, and none tells what changed.

What was seen on the first page is remembered with a stamp that changes with the review, so that one which appears late
(networks hold reviews back to examine them), was changed, or was answered elsewhere is noticed, whatever its date.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.shared.untrusted import instant, mapping, name

#: Marks deliveries of reviews that were there before and were changed since: `parse` tells their edits too.
EDITED_HEADER = "x-comptoir-edited"
_MAX_PAGES_A_ROUND = 40
_MAX_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class ListedReview:
    """One review of a page: its id, a ``stamp`` that differs once anything in it does, when it was written and last
    changed, and the network's own words for it.
    """

    id: str
    stamp: str
    entry: Any
    written_at: datetime | None = None
    changed_at: datetime | None = None


#: Asks for one page ("" is the first) and tells its reviews and the token of the next, "" where there is none.
PageOfReviews = Callable[[str], tuple[Sequence[ListedReview], str]]


@dataclass(frozen=True, slots=True)
class ReviewListing:
    """A network's list of reviews, newest change first. ``wrap`` makes a payload, as the network would write it."""

    ask: PageOfReviews
    wrap: Callable[[Sequence[Any]], Any]

    def pages(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """What is new since ``cursor``: the first page at the first time, else down to what was seen before."""
        seen = {key: name(stamp) or "" for key, stamp in mapping(cursor.get("seen")).items()}
        newest = instant(cursor.get("newest"))
        token, top, number = "", dict[str, str](), 0
        latest = newest
        while True:
            listed, token = self.ask(token)
            number += 1
            if number == 1:
                top = {one.id: one.stamp for one in listed[:_MAX_REMEMBERED]}
            latest = max(filter(None, [latest, *(one.changed_at or one.written_at for one in listed)]), default=None)
            fresh = [one for one in listed if seen.get(one.id) != one.stamp]
            finished = not token or not fresh or number >= _MAX_PAGES_A_ROUND
            finished = finished or newest is None or _is_below(listed[-1], newest)
            after = {"seen": top, "newest": latest.isoformat() if latest else None} if finished else dict(cursor)
            yield Page(self._deliveries(fresh, newest), after)
            if finished:
                return

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Page by page down to what was last changed before ``since``."""
        token = name(cursor.get("token")) or ""
        while not cursor.get("finished"):
            listed, token = self.ask(token)
            wanted = [one for one in listed if not _is_below(one, since)]
            cursor = {"token": token, "finished": not token or not wanted}
            yield Page(self._deliveries(wanted, None), cursor)

    def _deliveries(self, fresh: Sequence[ListedReview], newest: datetime | None) -> list[Delivery]:
        """The oldest first; reviews that may have been there before apart from those that were not."""
        edited = [one for one in fresh if _was_edited(one, newest)]
        new = [one for one in fresh if not _was_edited(one, newest)]
        found = []
        if new:
            found.append(self._delivery(new, {}))
        if edited:
            found.append(self._delivery(edited, {EDITED_HEADER: "1"}))
        return found

    def _delivery(self, reviews: Sequence[ListedReview], headers: Mapping[str, str]) -> Delivery:
        body = json.dumps(self.wrap([one.entry for one in reversed(reviews)]), default=float).encode()
        marks = "\n".join(f"{one.id} {one.stamp}" for one in reviews) + str(sorted(headers))
        key = "reviews:" + hashlib.blake2s(marks.encode("utf-8", "replace"), digest_size=16).hexdigest()
        return Delivery(body, headers=headers, key=key)


def is_edited(delivery: Delivery) -> bool:
    """Whether a delivery holds reviews that were changed after they were first read."""
    return bool(delivery.headers.get(EDITED_HEADER))


def _was_edited(one: ListedReview, newest: datetime | None) -> bool:
    """Changed since it was written, and written before we last looked."""
    if newest is None or one.written_at is None or one.changed_at is None:
        return False
    return one.written_at <= newest and one.changed_at > one.written_at


def _is_below(one: ListedReview, bound: datetime) -> bool:
    moment = one.changed_at or one.written_at
    return moment is not None and moment < bound
