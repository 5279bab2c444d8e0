"""A database that is away, or that only reads for now, is told from one that refuses what it was given."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import DatabaseError, connection, transaction

from comptoir.core.away import is_away, is_refused

pytestmark = pytest.mark.django_db


def raised_by(*statements: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as found:
        run(statements)
    return found.value


@transaction.atomic
def run(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def raising(sqlstate: str) -> str:
    return f"DO $$ BEGIN RAISE SQLSTATE '{sqlstate}'; END $$"


@pytest.mark.parametrize(
    "statements",
    [
        ["SET TRANSACTION READ ONLY", "CREATE TABLE kept (id int)"],
        ["SET LOCAL statement_timeout = 20", "SELECT pg_sleep(5)"],
        *([raising(state)] for state in ("53100", "53200", "53300", "57P01", "57P03", "58030", "40P01", "55P03")),
    ],
)
def test_what_may_be_taken_later_is_away(statements: list[str]) -> None:
    error = raised_by(*statements)
    assert is_away(error)
    assert not is_refused(error)


@pytest.mark.parametrize(
    "statement",
    ["SELECT repeat('x', 3000)::tsvector", "SELECT '99999999999'::int", "SELECT chr(0)", raising("54000")],
)
def test_what_will_never_be_taken_is_refused(statement: str) -> None:
    error = raised_by(statement)
    assert is_refused(error)
    assert not is_away(error)


def test_what_breaks_a_rule_is_neither() -> None:
    error = raised_by(raising("23514"))
    assert not is_away(error)
    assert not is_refused(error)
