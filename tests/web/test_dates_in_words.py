"""How dates are written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from comptoir.web.wording import full_instant, long_day


@pytest.mark.parametrize(
    ("language", "on", "written"),
    [
        ("fr", date(2027, 5, 1), "samedi 1er mai 2027"),
        ("fr", date(2027, 5, 2), "dimanche 2 mai 2027"),
        ("fr", date(2027, 5, 11), "mardi 11 mai 2027"),
        ("en", date(2027, 5, 1), "Saturday 1 May 2027"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french_only(language: str, on: date, written: str) -> None:
    with translation.override(language):
        assert long_day(on).lower() == written.lower()


def test_the_whole_instant_is_written_alike() -> None:
    with translation.override("fr"):
        assert full_instant(datetime(2027, 3, 1, 13, 5, 9, tzinfo=UTC)).lower() == "lundi 1er mars 2027, 14:05:09"
