"""What the database tells, and what is said when it cannot be asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from comptoir.config.doctor.finding import Finding, finding
from comptoir.config.language import _
from comptoir.config.postgres import database_url
from comptoir.config.postgres.binaries import OLDEST_MAJOR
from comptoir.config.schema import fingerprint, recorded_fingerprint
from comptoir.core.reasons import reason_of, said

_CLOCKS_MAY_DIFFER_S = 2.0
_EXTENSIONS = ("unaccent", "pg_trgm")


def connect() -> Any:
    """A psycopg connection to whichever database is used. Raises OSError or PostgresError."""
    import psycopg

    try:
        return psycopg.connect(database_url(), autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise OSError(str(error)) from error


def database_findings(connection: Any) -> Iterator[Finding]:
    """What the database tells. ``connection`` is psycopg's."""
    major = connection.info.server_version // 10000
    shown = f"PostgreSQL {connection.info.parameter_status('server_version')}"
    yield finding(
        "database",
        major >= OLDEST_MAJOR,
        shown,
        _("Comptoir needs PostgreSQL {oldest} or newer.").format(oldest=OLDEST_MAJOR),
    )
    rows = connection.execute(
        "SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(_EXTENSIONS)]
    ).fetchall()
    lacking = sorted(set(_EXTENSIONS) - {name for (name,) in rows})
    yield finding(
        "extensions",
        not lacking,
        ", ".join(lacking or _EXTENSIONS),
        _("Install PostgreSQL's contrib package on the database server."),
    )
    current = recorded_fingerprint(connection) == fingerprint()
    yield finding(
        "migrations", current, _("up to date") if current else _("not up to date"), _("Run: comptoir migrate")
    )
    begun = time.time()
    (theirs,) = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    skew_s = abs((begun + time.time()) / 2 - theirs)
    yield finding(
        "clock",
        skew_s < _CLOCKS_MAY_DIFFER_S,
        f"{skew_s:.2f} s",
        _("Synchronise the clocks of this machine and of the database server (NTP)."),
    )


def unreachable_database(error: Exception) -> Finding:
    """The finding that stands for all that could not be asked."""
    return Finding(
        "database",
        False,
        " ".join(said(reason_of(error), _).split()),
        _("Start it with `comptoir up`, or correct COMPTOIR_DATABASE_URL."),
    )
