"""Rows of a batch as the database reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from comptoir.core.recordset import recordset

pytestmark = pytest.mark.django_db

_STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def read_back(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, text, at, details->>'why' FROM json_to_recordset(%s::json)"
            " AS new (number bigint, text text, at timestamptz, details jsonb)",
            [recordset(rows)],
        )
        return list(cursor.fetchall())


@given(st.integers(-(2**63), 2**63 - 1), _STORABLE)
def test_numbers_and_texts_come_back_as_they_were(number: int, text: str) -> None:
    assert read_back([{"number": number, "text": text, "details": {"why": text}}]) == [(number, text, None, text)]


@given(st.datetimes(datetime(1, 1, 2), datetime(9998, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_an_instant_comes_back_as_the_same_instant(naive: datetime, minutes: int) -> None:
    at = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert read_back([{"at": at}]) == [(None, None, at.astimezone(UTC), None)]


def test_what_a_row_leaves_out_is_null() -> None:
    assert read_back([{"number": 1}, {"text": "deux"}]) == [(1, None, None, None), (None, "deux", None, None)]


def test_half_of_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        recordset([{"text": "\ud83d"}])
