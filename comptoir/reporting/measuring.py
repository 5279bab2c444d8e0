"""The figures of one group of conversations, and of many groups at once. Pure arithmetic over columns.

A percentile is one of the durations that were counted, by nearest rank: the median is the shortest time within which at
least half of them were done, the ninetieth percentile that of nine in ten. Nothing is interpolated or estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comptoir.reporting.columns import Columns, Marks, Numbers, promised
from comptoir.reporting.models import Kept


@dataclass(frozen=True, slots=True)
class Duration:
    """What is said of many durations, in whole seconds; None where there is none."""

    count: int
    median_s: int | None
    p90_s: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one group. What counts as which is said in `reporting.wording`."""

    received: int
    answered: int
    never_answered: int
    waiting: int
    first_reply: Duration
    first_reply_kept: int
    first_reply_broken: int
    resolved: int
    resolution: Duration
    resolution_kept: int
    resolution_broken: int
    transferred: int
    reopened: int
    worked: int

    @property
    def response_rate(self) -> float | None:
        """Of those whose outcome is known, how many were answered: 0 to 1."""
        return _share(self.answered, self.never_answered)

    @property
    def never_answered_rate(self) -> float | None:
        return _share(self.never_answered, self.answered)

    @property
    def first_reply_kept_rate(self) -> float | None:
        return _share(self.first_reply_kept, self.first_reply_broken)

    @property
    def resolution_kept_rate(self) -> float | None:
        return _share(self.resolution_kept, self.resolution_broken)

    @property
    def transferred_rate(self) -> float | None:
        return _share(self.transferred, self.worked - self.transferred)

    @property
    def reopened_rate(self) -> float | None:
        return _share(self.reopened, self.worked - self.reopened)


def _share(part: int, rest: int) -> float | None:
    return part / (part + rest) if part + rest else None


@dataclass(frozen=True, slots=True)
class Groups:
    """By which number each conversation is grouped: for its reply, and for the rest."""

    reply: Numbers
    work: Numbers


def whole(columns: Columns) -> Line:
    """All of them as one group."""
    same = np.zeros(len(columns.day), dtype=np.int32)
    return lines(columns, Groups(same, same)).get(0) or _NOTHING


def lines(columns: Columns, groups: Groups) -> dict[int, Line]:
    """The figures of each group, by its number."""
    reply, work = groups.reply[columns.in_reply], groups.work[columns.in_work]
    numbers = np.union1d(reply, work)
    counts = {name: _counted(reply, marks[columns.in_reply], numbers) for name, marks in _of_replies(columns).items()}
    counts |= {name: _counted(work, marks[columns.in_work], numbers) for name, marks in _of_work(columns).items()}
    replies = _durations(reply, columns.first_reply_s[columns.in_reply], numbers)
    resolutions = _durations(work, columns.resolution_s[columns.in_work], numbers)
    return {
        int(number): Line(
            first_reply=replies[place],
            resolution=resolutions[place],
            **{name: int(column[place]) for name, column in counts.items()},
        )
        for place, number in enumerate(numbers)
    }


def _of_replies(columns: Columns) -> dict[str, Marks]:
    promises = columns.first_reply_promise
    return {
        "received": np.ones(len(columns.day), dtype=np.bool_),
        "answered": columns.is_answered,
        "never_answered": columns.is_never_answered,
        "waiting": columns.is_waiting,
        "first_reply_kept": promised(promises, Kept.KEPT),
        "first_reply_broken": promised(promises, Kept.BROKEN),
    }


def _of_work(columns: Columns) -> dict[str, Marks]:
    promises = columns.resolution_promise
    return {
        "worked": np.ones(len(columns.day), dtype=np.bool_),
        "resolved": columns.resolution_s >= 0,
        "resolution_kept": promised(promises, Kept.KEPT),
        "resolution_broken": promised(promises, Kept.BROKEN),
        "transferred": columns.is_transferred,
        "reopened": columns.is_reopened,
    }


def _counted(groups: Numbers, marks: Marks, numbers: Numbers) -> Numbers:
    return np.bincount(np.searchsorted(numbers, groups[marks]), minlength=len(numbers)).astype(np.int32)


def _durations(groups: Numbers, seconds: Numbers, numbers: Numbers) -> Sequence[Duration]:
    """Of each group those that are there (not negative), sorted once for all of them."""
    there = seconds >= 0
    places = np.searchsorted(numbers, groups[there])
    # One number to sort by, group before duration: many times faster than sorting by two.
    order = np.sort((places.astype(np.int64) << 32) | seconds[there])
    sizes = np.bincount(places, minlength=len(numbers))
    begins = np.concatenate(([0], np.cumsum(sizes)))
    values = order & 0xFFFFFFFF
    return [
        Duration(int(size), _ranked(values, begin, size, 50), _ranked(values, begin, size, 90))
        for begin, size in zip(begins, sizes, strict=False)
    ]


def _ranked(values: np.ndarray[tuple[int], np.dtype[np.int64]], begin: int, size: int, percent: int) -> int | None:
    """The smallest of a group's sorted values that at least so many percent of them do not exceed."""
    return int(values[begin + -(-percent * size // 100) - 1]) if size else None


_NOTHING = Line(
    0, 0, 0, 0, Duration(0, None, None), 0, 0, 0, Duration(0, None, None), 0, 0, 0, 0, 0
)  # fmt: skip
