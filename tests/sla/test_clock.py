"""When promises are due: against a simulation that looks at every minute, and case by case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.sla.calendar import Calendar, Span
from comptoir.sla.cases import holidays_of
from comptoir.sla.clock import NeverDueError, Pause, due_after, due_after_working_days, time_run

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
WEEK = ((Span(9 * 60, 12 * 60 + 30), Span(14 * 60, 18 * 60)),) * 5 + ((), ())


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def due(start: str, minutes: int, *pauses: Pause, calendar: Calendar | None = None) -> str | None:
    found = due_after(calendar or Calendar(PARIS, WEEK, holidays_of("FR")), paris(start), minutes * MINUTE, pauses)
    return found and f"{found.astimezone(PARIS):%Y-%m-%d %H:%M}"


def due_in_days(start: str, days: int, *pauses: Pause, weekly: tuple[tuple[Span, ...], ...] = WEEK) -> str | None:
    found = due_after_working_days(Calendar(PARIS, weekly, holidays_of("FR")), paris(start), days, pauses)
    return found and f"{found.astimezone(PARIS):%Y-%m-%d %H:%M}"


# --- working time ---


def test_what_does_not_fit_before_the_break_goes_on_after_it() -> None:
    assert due("2026-05-04T12:15", 30) == "2026-05-04 14:15"


def test_a_question_at_night_begins_in_the_morning() -> None:
    assert due("2026-05-04T22:00", 30) == "2026-05-05 09:30"


def test_a_target_that_ends_with_the_day_is_due_at_closing_not_the_next_morning() -> None:
    assert due("2026-05-04T17:30", 30) == "2026-05-04 18:00"


def test_friday_evening_goes_on_after_a_holiday_on_monday() -> None:
    assert due("2026-05-22T17:45", 30) == "2026-05-26 09:15"  # Whit Monday between


def test_round_the_clock_an_hour_is_an_hour_through_the_change_of_time() -> None:
    always = Calendar(PARIS)
    assert due("2026-03-29T01:30", 60, calendar=always) == "2026-03-29 03:30"


def test_nothing_promised_is_due_at_once() -> None:
    assert due("2026-05-04T22:00", 0) == "2026-05-04 22:00"


def test_a_pause_is_left_out() -> None:
    assert due("2026-05-04T09:00", 60, (paris("2026-05-04T09:30"), paris("2026-05-04T11:00"))) == "2026-05-04 11:30"


def test_pauses_that_overlap_count_once() -> None:
    first = (paris("2026-05-04T09:30"), paris("2026-05-04T10:30"))
    second = (paris("2026-05-04T10:00"), paris("2026-05-04T11:00"))
    assert due("2026-05-04T09:00", 60, second, first) == "2026-05-04 11:30"


def test_paused_for_ever_is_never_due() -> None:
    assert due("2026-05-04T09:00", 60, (paris("2026-05-04T09:30"), None)) is None


def test_what_was_due_before_a_pause_without_end_stays_due() -> None:
    assert due("2026-05-04T09:00", 20, (paris("2026-05-04T09:30"), None)) == "2026-05-04 09:20"


def test_a_counter_that_never_opens_promises_nothing() -> None:
    with pytest.raises(NeverDueError):
        due("2026-05-04T09:00", 1, calendar=Calendar(PARIS, ((),) * 7))


def test_the_time_run_is_what_is_left_of_a_target_to_its_due_time() -> None:
    calendar = Calendar(PARIS, WEEK)
    start = paris("2026-05-04T12:15")
    assert time_run(calendar, start, paris("2026-05-04T14:05")) == 20 * MINUTE


# --- working days ---


def test_the_day_of_the_question_is_not_counted() -> None:
    assert due_in_days("2026-05-04T09:00", 1) == "2026-05-05 18:00"


def test_seven_working_days_leave_out_weekends_and_holidays() -> None:
    # Tuesday 5 May; Friday 8 May and Thursday 14 May 2026 are holidays in France.
    assert due_in_days("2026-05-05T16:00", 7) == "2026-05-18 18:00"


def test_a_company_that_works_on_saturday_counts_it() -> None:
    to_saturday = (*WEEK[:6][:5], (Span(9 * 60, 12 * 60),), ())
    assert due_in_days("2026-06-05T10:00", 1, weekly=to_saturday) == "2026-06-06 12:00"


def test_a_day_that_closes_while_paused_is_not_counted() -> None:
    pause = (paris("2026-05-05T10:00"), paris("2026-05-06T10:00"))
    assert due_in_days("2026-05-04T09:00", 1, pause) == "2026-05-06 18:00"


def test_a_promise_in_days_paused_for_ever_is_never_due() -> None:
    assert due_in_days("2026-05-04T09:00", 2, (paris("2026-05-05T19:00"), None)) is None


# --- against a simulation ---

ZONES = ["Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Indian/Reunion", "UTC"]
#: The walls of the changes of time, leap days, turns of the year, and any other day.
DAYS = st.sampled_from(
    ["2026-03-28", "2026-10-24", "2026-03-07", "2026-10-31", "2028-02-28", "2026-12-30", "2026-04-04", "2026-07-13"]
).map(date.fromisoformat)
#: Away from what the wall clock skips or shows twice, where a span has to be given a meaning.
ENDS = st.integers(0, 47).map(lambda half: half * 30).filter(lambda minutes: not 60 <= minutes < 210)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    found = []
    for _number in range(draw(st.integers(0, 2))):
        opens, closes = draw(ENDS), draw(ENDS)
        found.append(Span(opens, closes if closes > opens else closes + 1440))
    return tuple(sorted(found))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    weekly = draw(st.one_of(st.none(), st.tuples(*[spans()] * 7)))
    first = draw(DAYS)
    closed = draw(st.lists(st.integers(0, 6).map(lambda n: first + timedelta(days=n)), max_size=2))
    exceptions = draw(st.dictionaries(st.integers(0, 6).map(lambda n: first + timedelta(days=n)), spans(), max_size=2))
    return Calendar(zone, weekly, dict.fromkeys(closed, "holiday"), exceptions)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """By the wall clock of that very minute: a span of the same day, or of the day before that goes past midnight."""
    wall = at.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    return any(one.opens <= minute < one.closes for one in calendar.spans_on(today)) or any(
        minute + 1440 < one.closes for one in calendar.spans_on(yesterday)
    )


def minutes_run(calendar: Calendar, start: datetime, pauses: list[Pause], days: int) -> Iterator[datetime]:
    """The end of each minute that counts."""
    at = start
    for _minute in range(days * 1440):
        paused = any(begins <= at and (ends is None or at < ends) for begins, ends in pauses)
        if is_open(calendar, at) and not paused:
            yield at + MINUTE
        at += MINUTE


@given(
    calendar=calendars(),
    start=st.tuples(DAYS, st.integers(0, 1439)),
    target=st.integers(1, 2000),
    stops=st.lists(st.integers(0, 5000), max_size=4, unique=True),
    is_endless=st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_every_minute_agrees(
    calendar: Calendar, start: tuple[date, int], target: int, stops: list[int], is_endless: bool
) -> None:
    begun = datetime(start[0].year, start[0].month, start[0].day, tzinfo=UTC) + start[1] * MINUTE
    walls = [begun + stop * MINUTE for stop in sorted(stops)]
    pauses: list[Pause] = list(pairwise(walls))[::2]
    if is_endless and pauses:
        pauses[-1] = (pauses[-1][0], None)
    simulated = None
    for counted, end in enumerate(minutes_run(calendar, begun, pauses, days=7), start=1):
        if counted == target:
            simulated = end
            break
    try:
        computed = due_after(calendar, begun, target * MINUTE, pauses)
    except NeverDueError:
        computed = None
    if simulated is not None:
        assert computed == simulated
    else:
        assert computed is None or computed > begun + timedelta(days=7)


@given(calendar=calendars(), start=st.tuples(DAYS, st.integers(0, 1439)), target=st.integers(1, 5000))
@settings(max_examples=200, deadline=None)
def test_the_time_run_until_a_due_time_is_the_target(calendar: Calendar, start: tuple[date, int], target: int) -> None:
    begun = datetime(start[0].year, start[0].month, start[0].day, tzinfo=UTC) + start[1] * MINUTE
    try:
        found = due_after(calendar, begun, target * MINUTE)
    except NeverDueError:
        return
    assert found is not None
    assert time_run(calendar, begun, found) == target * MINUTE
