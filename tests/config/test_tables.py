"""The tables of a new database, all at once: what the migrations make, where there is nothing yet, and once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from comptoir.config import tables
from comptoir.config.tables import TABLES, draw_tables, lay_out_tables, statements_of
from tests.journeys.serving import database_of_tests


@pytest.fixture
def empty(django_db_setup: None) -> Iterator[str]:
    """The address of a database with nothing in it, beside the tests' own."""
    name = "comptoir_empty"
    with psycopg.connect(database_of_tests(), autocommit=True, dbname="postgres") as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        yield make_conninfo(database_of_tests(), dbname=name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def laid_out(url: str) -> bool:
    with psycopg.connect(url, autocommit=True) as connection:
        return lay_out_tables(connection)


def number_of_tables(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert row is not None
        return int(row[0])


def test_a_new_database_has_the_tables_that_were_drawn(empty: str) -> None:
    assert laid_out(empty), "drawn from other migrations: run `make tables`"
    assert statements_of(empty) == TABLES.read_text("utf-8").splitlines()[1:]


def test_where_something_is_nothing_is_laid_out(empty: str) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute("CREATE TABLE ours ()")
    assert not laid_out(empty)
    assert number_of_tables(empty) == 1


def test_in_a_schema_of_its_own_the_migrations_make_them(empty: str) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute("CREATE SCHEMA care")
    assert not laid_out(make_conninfo(empty, options="-c search_path=care"))
    assert number_of_tables(empty) == 0


def test_tables_of_other_migrations_are_not_laid_out(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "fingerprint", lambda: "of tomorrow")
    assert not laid_out(empty)
    assert number_of_tables(empty) == 0


def test_what_a_database_cannot_take_is_left_to_the_migrations(empty: str) -> None:
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("CREATE TYPE public.procrastinate_job_status AS ENUM ('todo')")
        assert not lay_out_tables(connection)
        assert connection.execute("SELECT 1").fetchone() == (1,), "the connection goes on"
    assert number_of_tables(empty) == 0


def test_of_two_at_once_one_lays_them_out_and_the_other_finds_them(empty: str) -> None:
    done: list[bool] = []
    both = [threading.Thread(target=lambda: done.append(laid_out(empty))) for _number in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(done) == [False, True]


@pytest.mark.peers
def test_all_migrations_make_what_is_drawn() -> None:
    """A minute: every migration is gone through."""
    assert draw_tables() == TABLES.read_text("utf-8"), "run `make tables`"
