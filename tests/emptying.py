"""The test database after a test that commits: emptied of what the test wrote, in a few milliseconds.

Django truncates each of its tables and makes its content types and permissions anew. That takes a hundred times longer,
takes the strongest lock of every table (so that it deadlocks with whoever still reads), and leaves the jobs where they
are, whose tables are not Django's.
"""

from __future__ import annotations

from functools import cache

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase

from tests.factories import make_promises

#: What migrations leave there for good; no test writes to these.
_KEPT = frozenset({"auth_permission", "django_content_type", "django_migrations"})
_TRIES = 5


def empty_database() -> None:
    """Delete every row that a test has left, and promise again what migrations do.

    A deadlock with what still writes is no reason to fail.
    """
    for again in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                _delete_rows()
                make_promises()
            return
        except OperationalError:
            if not again:
                raise


def empty_after_each_commit() -> None:
    """Have pytest-django's tests with transactions of their own end so."""
    TransactionTestCase._fixture_teardown = lambda _test: empty_database()  # type: ignore[method-assign]


def _delete_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_which_have_rows(connection.settings_dict["NAME"]))
        filled = [name for (name,) in cursor.fetchall()]
        if filled:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("; ".join(f'DELETE FROM "{name}"' for name in sorted(filled)))


@cache
def _which_have_rows(database: str) -> str:
    """The question which tables have rows. By name, those of the jobs come after those that point to them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        names = {name for (name,) in cursor.fetchall()} - _KEPT
    return " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in sorted(names))
