"""Weekly opening hours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from comptoir.channels.hours import check_weekly_hours
from comptoir.core.hours import is_open

WEEKDAY = {"mon": [["09:00", "12:30"], ["14:00", "18:00"]]}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), True),  # 9:00 in Paris
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 11, 30, tzinfo=UTC), False),  # 12:30, closed at that instant
        (datetime(2026, 11, 23, 13, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), False),  # Tuesday
    ],
)
def test_the_counter_opens_by_the_clock_of_the_brand(at: datetime, expected: bool) -> None:
    assert is_open(WEEKDAY, at, time_zone="Europe/Paris") is expected


def test_without_hours_the_counter_is_always_open() -> None:
    assert is_open({}, datetime(2026, 1, 1, 3, tzinfo=UTC), time_zone="Europe/Paris")


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        is_open({}, datetime(2026, 1, 1), time_zone="Europe/Paris")  # the naive one is the point


@pytest.mark.parametrize(
    "hours",
    [
        [],
        {"monday": []},
        {"mon": "09:00"},
        {"mon": [["9h", "18h"]]},
        {"mon": [["18:00", "09:00"]]},
        {"mon": [["09:00", "12:00"], ["11:00", "18:00"]]},
        {"mon": [["09:00", "25:00"]]},
    ],
)
def test_what_is_not_weekly_hours_is_refused(hours: Any) -> None:
    with pytest.raises(ValidationError):
        check_weekly_hours(hours)


def test_round_the_clock_is_written_until_24() -> None:
    check_weekly_hours({"sun": [["00:00", "24:00"]]})
