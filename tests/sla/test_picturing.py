"""One day of a promise, drawn from midnight to midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from comptoir.sla.cases import Case, case_from
from comptoir.sla.clock import due_after, due_after_working_days
from comptoir.sla.picturing import Block, Look, Mark, Strip, strip_of
from comptoir.sla.telling import steps

OFFICE = {day: [["09:00", "12:00"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sun")}


def drawn(
    start: str, *, present: datetime | None = None, **target: object
) -> tuple[datetime | None, dict[date, Strip]]:
    """The due instant, and each day's strip."""
    given = {"time_zone": "Europe/Paris", "hours": OFFICE, "start_at": start, "target_minutes": None} | target
    case = case_from(given)
    due = due_of(case)
    days = [step.day for step in steps(case, due, str) if step.day]
    return due, {day.day: strip_of(case, day, due=due, present=present) for day in days}


def due_of(case: Case) -> datetime | None:
    if isinstance(case.target, timedelta):
        return due_after(case.calendar, case.start, case.target, case.pauses)
    return due_after_working_days(case.calendar, case.start, case.target, case.pauses)


def of(strip: Strip, look: Look) -> list[tuple[float, float]]:
    return [(block.at, block.width) for block in strip.blocks if block.look == look]


def test_what_is_open_lies_under_what_was_counted() -> None:
    _due, strips = drawn("2026-05-26T16:00", target_minutes=180)
    tuesday = strips[date(2026, 5, 26)]
    assert of(tuesday, Look.OPEN) == [(540, 180), (840, 240)]
    assert of(tuesday, Look.COUNTED) == [(960, 120)]
    assert [block.look for block in tuesday.blocks] == [Look.OPEN, Look.OPEN, Look.COUNTED]


def test_it_is_marked_where_it_begins_and_where_it_is_due() -> None:
    _due, strips = drawn("2026-05-26T16:00", target_minutes=180)
    assert strips[date(2026, 5, 26)].marks == ((Mark.BEGIN, 960),)
    assert strips[date(2026, 5, 27)].marks == ((Mark.DUE, 600),)


def test_the_present_is_marked_on_its_day_only() -> None:
    noon = datetime(2026, 5, 27, 7, 30, tzinfo=UTC)
    _due, strips = drawn("2026-05-26T16:00", target_minutes=180, present=noon)
    assert Mark.NOW not in dict(strips[date(2026, 5, 26)].marks)
    assert dict(strips[date(2026, 5, 27)].marks)[Mark.NOW] == 570


def test_a_pause_is_drawn_as_long_as_it_was() -> None:
    pauses = [["2026-05-26T16:30", "2026-05-27T09:30"]]
    _due, strips = drawn("2026-05-26T16:00", target_minutes=180, pauses=pauses)
    assert of(strips[date(2026, 5, 26)], Look.PAUSED) == [(990, 450)]
    assert of(strips[date(2026, 5, 27)], Look.PAUSED) == [(0, 570)]
    assert of(strips[date(2026, 5, 26)], Look.COUNTED) == [(960, 30)]


def test_a_pause_that_has_not_ended_fills_the_day() -> None:
    _due, strips = drawn("2026-05-26T16:00", target_minutes=180, pauses=[["2026-05-26T16:30", None]])
    assert of(strips[date(2026, 5, 26)], Look.PAUSED) == [(990, 450)]


def test_a_working_day_counts_with_all_its_hours() -> None:
    _due, strips = drawn("2026-05-26T16:00", target_working_days=1)
    assert of(strips[date(2026, 5, 26)], Look.COUNTED) == []
    assert of(strips[date(2026, 5, 27)], Look.COUNTED) == [(540, 180), (840, 240)]
    assert strips[date(2026, 5, 27)].marks == ((Mark.DUE, 1080),)


def test_due_at_midnight_is_at_the_end_of_the_day_before() -> None:
    _due, strips = drawn("2026-05-26T23:00", target_minutes=60, hours=None)
    assert list(strips) == [date(2026, 5, 26)]
    assert strips[date(2026, 5, 26)].marks == ((Mark.BEGIN, 1380), (Mark.DUE, 1440))


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_day_of_23_or_25_hours_is_as_wide_as_any_other(day: str) -> None:
    _due, strips = drawn(f"{day}T00:30", target_minutes=3 * 24 * 60, hours=None)
    [block] = [block for block in strips[date.fromisoformat(day)].blocks if block.look is Look.OPEN]
    assert block == Block(Look.OPEN, 0, 1440)
