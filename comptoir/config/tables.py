"""All tables at once, for a database that has none: what the migrations make of it, drawn beforehand.

Going through every migration takes half a minute of a core, laying out the tables a second. `make tables` draws
``tables.sql`` anew after a change of migrations. Where it is not what these migrations make, or not for this database,
they are gone through one by one, as they are on every database that has tables already.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from comptoir.config.dumping import written_out
from comptoir.config.postgres import EmbeddedPostgres
from comptoir.config.schema import fingerprint

TABLES = Path(__file__).with_name("tables.sql")
_OF = "-- Drawn by `make tables` from the migrations "
#: One at a time lays out tables; whoever waited for it finds them there. Any number that nothing else locks.
_LOCK = 6_024_117
#: Made by `comptoir migrate` itself.
_OF_OURS = ("comptoir_installation",)
#: Written at the end of every migration, or here.
_ELSEWHERE = (*_OF_OURS, "auth_permission", "django_content_type", "django_migrations")
logger = logging.getLogger(__name__)


def lay_out_tables(connection: Any) -> bool:
    """Give an empty database all tables, and what the migrations write into them; whether that was done.

    ``connection`` is psycopg's, in autocommit. Nothing is changed where there is something already, and where the
    database cannot take them as they were drawn.
    """
    import psycopg

    head, _newline, statements = TABLES.read_text("utf-8").partition("\n")
    if head != _OF + fingerprint():
        return False
    try:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            if not _is_empty(connection):
                return False
            connection.execute("SET LOCAL check_function_bodies = off")
            connection.execute(statements)
    except psycopg.Error as error:
        logger.warning("the tables are made one migration after another", extra={"reason": str(error)})
        return False
    return True


def _is_empty(connection: Any) -> bool:
    """Whether nothing is in the schema ``public``, and that is where tables would go."""
    row = connection.execute(
        "SELECT current_schema() = 'public'"
        " AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    ).fetchone()
    return bool(row[0])


def draw_tables() -> str:
    """What `make tables` writes: a database of its own, taken through all migrations and written out.

    Then laid out once and written out again, since PostgreSQL tells some conditions otherwise than they were told it:
    from there on it changes nothing any more.
    """
    with tempfile.TemporaryDirectory(prefix="comptoir-tables-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(Path(folder), durable=False)
        environment = os.environ | {"COMPTOIR_DATA_DIR": folder, "COMPTOIR_DATABASE_URL": server.start()}
        try:
            command = [sys.executable, "-m", "comptoir.config.cli", "manage", "migrate", "--verbosity=0"]
            subprocess.run(command, env=environment, check=True)
            migrated = statements_of(server.url)
            return "\n".join([_OF + fingerprint(), *statements_of(_laid_out(server.url, "\n".join(migrated))), ""])
        finally:
            server.stop()


def statements_of(url: str) -> list[str]:
    """What makes a database like the one at ``url``, as long as nobody has used it."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    def is_filled(name: str) -> bool:
        return (
            connection.execute(SQL("SELECT 1 FROM public.{} LIMIT 1").format(Identifier(name))).fetchone() is not None
        )

    with psycopg.connect(url) as connection:
        named = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        filled = [
            f"--table=public.{name}" for (name,) in named.fetchall() if name not in _ELSEWHERE and is_filled(name)
        ]
        applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    return [
        *written_out(url, "--schema-only", *(f"--exclude-table=public.{name}" for name in _OF_OURS)),
        *written_out(url, "--data-only", "--inserts", *filled),
        "INSERT INTO public.django_migrations (app, name, applied) VALUES",
        *(f"    ('{app}', '{name}', now())," for app, name in applied[:-1]),
        *(f"    ('{app}', '{name}', now());" for app, name in applied[-1:]),
    ]


def _laid_out(url: str, statements: str) -> str:
    """The address of another database on the same server that was given the tables."""
    import psycopg
    from psycopg.conninfo import make_conninfo

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE laid_out")
    address = make_conninfo(url, dbname="laid_out")
    with psycopg.connect(address) as connection:
        connection.execute("SET LOCAL check_function_bodies = off")
        connection.execute(statements)
    return address


if __name__ == "__main__":
    TABLES.write_text(draw_tables(), "utf-8")
