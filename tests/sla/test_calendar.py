"""When a counter is open."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from comptoir.sla.calendar import ALL_DAY, Calendar, Span
from comptoir.sla.cases import CaseError, holidays_of

PARIS = ZoneInfo("Europe/Paris")
NINE_TO_SIX = (Span(9 * 60, 18 * 60),)
WEEK = (NINE_TO_SIX,) * 5 + ((), ())


def opened(calendar: Calendar, since: str, until: str) -> list[tuple[str, str]]:
    zone = calendar.zone
    found = calendar.openings(datetime.fromisoformat(since).replace(tzinfo=zone), until_day=date.fromisoformat(until))
    return [(f"{a.astimezone(zone):%d %H:%M}", f"{b.astimezone(zone):%d %H:%M}") for a, b in found]


def test_a_weekend_is_closed() -> None:
    calendar = Calendar(PARIS, WEEK)
    assert opened(calendar, "2026-05-22T17:00", "2026-05-25") == [("22 17:00", "22 18:00"), ("25 09:00", "25 18:00")]


def test_a_holiday_closes_what_weekly_hours_open() -> None:
    calendar = Calendar(PARIS, WEEK, holidays_of("FR"))
    assert opened(calendar, "2026-05-22T17:00", "2026-05-26")[1:] == [("26 09:00", "26 18:00")]  # Whit Monday


def test_alsace_and_moselle_have_holidays_of_their_own() -> None:
    second_day = date(2026, 12, 26)
    assert [holidays_of("FR", part).get(second_day) is not None for part in ("57", "67", "FR-68", "6AE")] == [True] * 4
    assert [holidays_of("FR", part).get(second_day) for part in (None, "75", "2A", "FR-33")] == [None] * 4


def test_holidays_overseas_are_known_by_number_and_by_name() -> None:
    abolition = date(2026, 5, 27)
    assert holidays_of("FR", "971").get(abolition)
    assert holidays_of("FR", "Guadeloupe").get(abolition)
    assert holidays_of("FR").get(abolition) is None


def test_holidays_are_named_in_french() -> None:
    assert holidays_of("FR").get(date(2026, 7, 14)) == "Fête nationale"


def test_an_exception_outweighs_a_holiday() -> None:
    monday = date(2026, 5, 25)
    calendar = Calendar(PARIS, WEEK, holidays_of("FR"), {monday: (Span(600, 660),)})
    assert opened(calendar, "2026-05-23T00:00", "2026-05-25") == [("25 10:00", "25 11:00")]


def test_a_night_span_ends_on_the_next_day_even_where_that_one_is_a_holiday() -> None:
    calendar = Calendar(PARIS, ((Span(1320, 1560),),) * 7, holidays_of("FR"))
    assert opened(calendar, "2026-12-24T12:00", "2026-12-26") == [("24 22:00", "25 02:00"), ("26 22:00", "27 02:00")]


def test_spans_that_overlap_are_one() -> None:
    calendar = Calendar(PARIS, ((Span(540, 720), Span(660, 780)),) * 7)
    assert opened(calendar, "2026-05-04T00:00", "2026-05-04") == [("04 09:00", "04 13:00")]


def test_the_night_summer_begins_is_an_hour_shorter() -> None:
    [(opens, closes)] = Calendar(PARIS, (ALL_DAY,) * 7)._openings_on(date(2026, 3, 29))
    assert (closes - opens).total_seconds() == 23 * 3600


def test_what_the_wall_clock_never_shows_is_the_jump() -> None:
    instant = Calendar(PARIS).instant(date(2026, 3, 29), 150)  # 02:30
    assert instant == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_what_the_wall_clock_shows_twice_is_the_first_time() -> None:
    assert Calendar(PARIS).instant(date(2026, 10, 25), 150) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_place_without_known_holidays_is_told() -> None:
    with pytest.raises(CaseError):
        holidays_of("FR", "nowhere")
