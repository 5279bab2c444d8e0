"""Which days are working days, where a promise says so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.sla.calendar import Calendar, Span
from comptoir.sla.clock import due_after_working_days
from comptoir.sla.weeks import in_working_week

PARIS = ZoneInfo("Europe/Paris")
NINE_TO_FIVE = (Span(540, 1020),)
SHOP = Calendar(PARIS, ((), *([NINE_TO_FIVE] * 5), ()))  # Tuesday to Saturday


@pytest.mark.parametrize(
    ("week", "due"),
    [
        ("opening", datetime(2026, 3, 11, 17, tzinfo=PARIS)),
        ("to_friday", datetime(2026, 3, 11, 17, tzinfo=PARIS)),
        ("to_saturday", datetime(2026, 3, 10, 17, tzinfo=PARIS)),
    ],
)
def test_seven_working_days_of_a_shop_that_is_closed_on_mondays(week: str, due: datetime) -> None:
    begun = datetime(2026, 3, 2, 10, tzinfo=PARIS)
    assert due_after_working_days(in_working_week(SHOP, week), begun, 7) == due


def test_a_day_that_counts_though_the_counter_is_shut_is_over_at_midnight() -> None:
    friday = datetime(2026, 3, 6, 10, tzinfo=PARIS)
    monday = in_working_week(SHOP, "to_friday")
    assert due_after_working_days(monday, friday, 1) == datetime(2026, 3, 10, 0, tzinfo=PARIS)


def test_holidays_are_the_calendars_in_any_week() -> None:
    france = Calendar(PARIS, None, holidays.country_holidays("FR"))
    eve = datetime(2026, 4, 30, 10, tzinfo=PARIS)  # the first of May is a Friday
    assert due_after_working_days(in_working_week(france, "to_friday"), eve, 1) == datetime(2026, 5, 5, 0, tzinfo=PARIS)


@given(
    st.lists(st.sampled_from([(), NINE_TO_FIVE]), min_size=7, max_size=7),
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.sampled_from(["to_friday", "to_saturday"]),
)
def test_a_day_is_a_working_day_exactly_when_its_week_says_so(
    weekly: list[tuple[Span, ...]], day: date, week: str
) -> None:
    calendar = in_working_week(Calendar(ZoneInfo("UTC"), tuple(weekly)), week)
    assert calendar.is_working_day(day) == (day.weekday() < {"to_friday": 5, "to_saturday": 6}[week])
    if calendar.is_working_day(day):
        closing = calendar.closing_of(day)
        assert closing.astimezone(UTC) > datetime(day.year, day.month, day.day, tzinfo=UTC)
