"""The database that tests run on: an embedded PostgreSQL of their own, started when a test first needs it.

It does not wait for the disk and is thrown away at the end. Under pytest-xdist the controller names it, and its workers
share it (each with its own test database, which pytest-django names). COMPTOIR_DATABASE_URL, if set, is used instead.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import django
import pytest

from comptoir.config.postgres import EmbeddedPostgres
from comptoir.config.secrets import load_secrets

_OWNER = "COMPTOIR_TESTS_OWNER"
_PREFIX = "comptoir-tests-"


def _name_database() -> None:
    """Set the environment that Django's settings read; xdist's workers inherit it from their controller."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
    if _OWNER in os.environ:
        return
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir="/tmp"))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    data_dir = folder / "var"
    os.environ |= {_OWNER: str(os.getpid()), "COMPTOIR_DATA_DIR": str(data_dir)}
    if "COMPTOIR_DATABASE_URL" not in os.environ:
        password = quote(load_secrets(data_dir).database_password, safe="")
        where = urlencode({"host": str(data_dir / "postgres" / "run")})
        os.environ["COMPTOIR_DATABASE_URL"] = f"postgresql://comptoir:{password}@/comptoir?{where}"
        os.environ["COMPTOIR_TESTS_EMBEDDED"] = "1"


def _sweep() -> None:
    """Stop and remove what the tests of killed processes left behind."""
    for folder in Path("/tmp").glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdecimal() and not os.path.exists(f"/proc/{owner}") and os.path.isdir("/proc"):
            with contextlib.suppress(OSError):
                _throw_away(folder)


def _throw_away(folder: Path) -> None:
    if (folder / "var" / "postgres").exists():
        EmbeddedPostgres(folder / "var").stop_unused()
    shutil.rmtree(folder, ignore_errors=True)


_name_database()
django.setup()  # pytest-django would read the settings before this file could say where the database is


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start the database (pytest-django asks for this fixture before it makes the test database).

    The fixture asked for here gives each of xdist's workers a test database of its own.
    """
    if os.environ.get("COMPTOIR_TESTS_EMBEDDED") != "1":
        yield
        return
    server = EmbeddedPostgres(Path(os.environ["COMPTOIR_DATA_DIR"]), durable=False)
    server.start()
    yield
    server.stop()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where CI is set nothing may be skipped: a test that did not run proves nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if os.environ.get("CI") and skipped:
        reporter.write_line(f"\n{len(skipped)} skipped: in CI that is a failure.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure() -> None:
    """The process that made the folder throws it away."""
    if os.environ.get(_OWNER) == str(os.getpid()):
        _throw_away(Path(os.environ["COMPTOIR_DATA_DIR"]).parent)
