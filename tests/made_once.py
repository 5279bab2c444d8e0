"""The test database, made once while the tests are collected: each of pytest-xdist's workers has a copy of it.

Collecting takes half a minute, a copy of the database a second. See the project's conftest.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from comptoir.config.paths import make_data_directory
from comptoir.config.postgres import EmbeddedPostgres
from comptoir.config.secrets import secrets_file
from comptoir.config.tables import lay_out_tables

_MADE, _FAILED = "made", "failed"
_PATIENCE_S = 300.0


def begin_making(data_dir: Path) -> subprocess.Popen[bytes]:
    """Make it in ``data_dir``, in a process of its own; what that says is in the folder's ``made.log``."""
    with (data_dir / "made.log").open("wb") as log:
        command = [sys.executable, "-m", "tests.made_once", str(data_dir)]
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)


def same_secrets(made: Path, data_dir: Path) -> None:
    """Have ``data_dir`` know the password of what will be copied into it."""
    make_data_directory(data_dir)
    shutil.copy2(secrets_file(made), secrets_file(data_dir))


def copied(made: Path, data_dir: Path) -> bool:
    """Copy it once it is made; False where it could not be made, and has to be made here."""
    deadline = time.monotonic() + _PATIENCE_S
    while not (made / _MADE).exists():
        if (made / _FAILED).exists() or time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    subprocess.run(["cp", "-a", made / "postgres", data_dir / "postgres"], check=True)
    return True


def rename(server: EmbeddedPostgres, *, name: str, to: str) -> None:
    """Call it what this worker calls its own."""
    import psycopg

    with psycopg.connect(server.url, dbname="postgres", autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{to}"')


def make_database(server: EmbeddedPostgres, name: str) -> None:
    """The test database with all its tables, which Django then finds and has nothing to migrate in."""
    import psycopg

    with psycopg.connect(server.url, dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    with psycopg.connect(server.url, dbname=name, autocommit=True) as connection:
        lay_out_tables(connection)


def _make(data_dir: Path) -> None:
    import django
    from django.conf import settings
    from django.test.utils import setup_databases

    server = EmbeddedPostgres(data_dir, durable=False)
    server.start()
    try:
        django.setup()
        make_database(server, f"test_{settings.DATABASES['default']['NAME']}")
        setup_databases(verbosity=0, interactive=False, keepdb=True)
    finally:
        from django.db import connections

        connections.close_all()
        server.stop()


if __name__ == "__main__":
    folder, outcome = Path(sys.argv[1]), _FAILED
    os.environ["COMPTOIR_DATA_DIR"] = str(folder)
    try:
        _make(folder)
        outcome = _MADE
    finally:
        (folder / outcome).touch()
