"""One day of a promise as a strip, midnight to midnight: what counted, what did not, its beginning and its end. Pure.

A strip has no colours and no words: the page draws its blocks, and each stands beside the sentence that says the same.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from comptoir.sla.calendar import DAY_MINUTES
from comptoir.sla.cases import Case
from comptoir.sla.explaining import Counted


class Look(enum.StrEnum):
    """What one stretch of a day is: of these, the last ones lie over the first."""

    OPEN = "open"
    PAUSED = "paused"
    COUNTED = "counted"


class Mark(enum.StrEnum):
    """An instant worth a line."""

    BEGIN = "begin"
    NOW = "now"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the day; both in 1/1440 of it, so that a day of 23 hours is as wide as any other."""

    look: Look
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Strip:
    """One day, to be drawn."""

    blocks: tuple[Block, ...]
    marks: tuple[tuple[Mark, float], ...]


def strip_of(case: Case, counted: Counted, *, due: datetime | None, present: datetime | None = None) -> Strip:
    """Draw one day of a case. ``present`` is marked where it is given and falls on that day."""
    midnight, next_midnight = (case.calendar.instant(counted.day, minutes) for minutes in (0, DAY_MINUTES))
    length = (next_midnight - midnight).total_seconds()

    def along(at: datetime) -> float:
        return round(max(0.0, min(1.0, (at - midnight).total_seconds() / length)) * DAY_MINUTES, 1)

    blocks = tuple(
        Block(look, along(begins), round(along(ends) - along(begins), 1))
        for look, begins, ends in _stretches(case, counted, midnight, next_midnight)
    )
    instants = ((Mark.BEGIN, case.start), (Mark.NOW, present), (Mark.DUE, due))
    marks = tuple((mark, along(at)) for mark, at in instants if at is not None and _falls(at, midnight, next_midnight))
    return Strip(blocks, marks)


def _stretches(
    case: Case, counted: Counted, midnight: datetime, next_midnight: datetime
) -> Iterator[tuple[Look, datetime, datetime]]:
    for opens, closes in case.calendar.openings(midnight, until_day=counted.day):
        if opens < next_midnight:
            yield Look.OPEN, opens, min(closes, next_midnight)
            if counted.is_working_day:
                yield Look.COUNTED, opens, min(closes, next_midnight)
    for paused, resumed in case.pauses:
        ends = next_midnight if resumed is None else min(resumed, next_midnight)
        if paused < ends and ends > midnight:
            yield Look.PAUSED, max(paused, midnight), ends
    for begins, ends in counted.spans:
        yield Look.COUNTED, begins, ends


def _falls(at: datetime, midnight: datetime, next_midnight: datetime) -> bool:
    """Due at midnight is at the end of the day before, as « 24:00 » says."""
    return midnight < at <= next_midnight
