"""Whether the database is up to date, known without loading Django: what it was migrated to is noted in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from comptoir.config.paths import PACKAGE

#: Packages that bring tables of their own.
_OTHERS_WITH_TABLES = ("Django", "django-allauth", "procrastinate")


def fingerprint() -> str:
    """What the code would migrate to: every migration of ours, and the releases of others that have some."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.glob("*/migrations/*.py")):
        digest.update(f"{path.parent.parent.name}/{path.name}\n".encode())
        digest.update(path.read_bytes())
    for name in _OTHERS_WITH_TABLES:
        try:
            digest.update(f"{name}=={version(name)}\n".encode())
        except PackageNotFoundError:
            continue
    return digest.hexdigest()


def recorded_fingerprint(connection: Any) -> str | None:
    """What the database was last migrated to; None if it never was. ``connection`` is psycopg's."""
    if connection.execute("SELECT to_regclass('comptoir_installation')").fetchone()[0] is None:
        return None
    row = connection.execute("SELECT fingerprint FROM comptoir_installation").fetchone()
    return None if row is None else str(row[0])


def record_fingerprint(connection: Any, present: str) -> None:
    """Note what the database was migrated to."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS comptoir_installation (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),"
        " fingerprint text NOT NULL, made_at timestamptz NOT NULL DEFAULT now())"
    )
    connection.execute(
        "INSERT INTO comptoir_installation (fingerprint) VALUES (%s)"
        " ON CONFLICT (only_row) DO UPDATE SET fingerprint = excluded.fingerprint",
        [present],
    )


def is_up_to_date(url: str) -> bool:
    """Whether nothing is to be migrated in the database at ``url``."""
    import psycopg

    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        return recorded_fingerprint(connection) == fingerprint()


def newest_migrations() -> dict[str, int]:
    """The number of the newest migration that this code has of each app."""
    numbers: dict[str, int] = {}
    for path in PACKAGE.glob("*/migrations/[0-9]*.py"):
        app = path.parent.parent.name
        numbers[app] = max(numbers.get(app, 0), _number(path.name))
    return numbers


def newest_applied(connection: Any) -> dict[str, int]:
    """The number of the newest migration that the database has had of each app. ``connection`` is psycopg's."""
    if connection.execute("SELECT to_regclass('django_migrations')").fetchone()[0] is None:
        return {}
    numbers: dict[str, int] = {}
    for app, name in connection.execute("SELECT app, name FROM django_migrations"):
        numbers[app] = max(numbers.get(app, 0), _number(name))
    return numbers


def is_of_newer_release(applied: Iterable[tuple[str, int]]) -> bool:
    """Whether a database with these migrations has been through more of ours than this code knows."""
    known = newest_migrations()
    return any(app in known and number > known[app] for app, number in applied)


def _number(name: str) -> int:
    digits = name[:4]
    return int(digits) if digits.isdecimal() else 0
