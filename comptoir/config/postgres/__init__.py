"""The embedded PostgreSQL and the address of whichever database is used."""

from __future__ import annotations

import os

from comptoir.config.paths import data_directory
from comptoir.config.postgres.errors import PostgresError
from comptoir.config.postgres.pidfile import postmaster_of
from comptoir.config.postgres.placement import placed
from comptoir.config.postgres.server import EmbeddedPostgres, joined

__all__ = ["EmbeddedPostgres", "PostgresError", "database_url", "joined"]


def database_url() -> str:
    """COMPTOIR_DATABASE_URL, else the embedded server's address.

    When that does not run, an address that nobody answers: whatever needs no database still works. Raises PostgresError
    where what the variable says is no address.
    """
    named = os.environ.get("COMPTOIR_DATABASE_URL")
    if named:
        _require_address(named)
        return named
    data_dir = data_directory()
    if postmaster_of(placed(data_dir) / "data") is None:
        return f"postgresql://comptoir@/comptoir?host={placed(data_dir) / 'run'}"
    return EmbeddedPostgres(data_dir).url


def _require_address(named: str) -> None:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(named)
    except psycopg.ProgrammingError:  # its text repeats the address, with the password
        raise PostgresError(
            "COMPTOIR_DATABASE_URL is no address of a PostgreSQL: write it as postgresql://user:password@host:5432/name."
        ) from None
