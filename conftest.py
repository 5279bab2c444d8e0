"""The database that tests run on: an embedded PostgreSQL of their own, started when a test first needs it.

It does not wait for the disk and is thrown away at the end. Each of pytest-xdist's workers has one of its own: what
reads the record waits for every transaction of a server, also for those of other databases. COMPTOIR_DATABASE_URL, if
set, is used instead, by all workers (each with its own test database, which pytest-django names).
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import django
import hypothesis
import pytest
import structlog
from django.conf import settings
from django.utils import translation

from comptoir.config.parents import one_thread_for_arithmetic
from comptoir.config.postgres import EmbeddedPostgres
from comptoir.config.secrets import load_secrets
from tests import made_once

_OWNER, _FOLDER = "COMPTOIR_TESTS_OWNER", "COMPTOIR_TESTS_FOLDER"
_DATASETS = "COMPTOIR_DATASETS"
_PREFIX = "comptoir-tests-"


def _name_database() -> None:
    """Set the environment that Django's settings read; xdist's workers inherit where their controller's folder is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
    if _OWNER not in os.environ:
        _sweep()
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir="/tmp"))
        if os.geteuid() == 0:
            folder.chmod(0o711)
        os.environ |= {_OWNER: str(os.getpid()), _FOLDER: str(folder)}
        if "COMPTOIR_DATABASE_URL" not in os.environ:
            os.environ["COMPTOIR_TESTS_EMBEDDED"] = "1"
    data_dir = Path(os.environ[_FOLDER]) / f"var{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    os.environ["COMPTOIR_DATA_DIR"] = str(data_dir)
    if _is_embedded():
        if data_dir != _first_data_dir():
            made_once.same_secrets(_first_data_dir(), data_dir)
        password = quote(load_secrets(data_dir).database_password, safe="")
        where = urlencode({"host": str(data_dir / "postgres" / "run")})
        os.environ["COMPTOIR_DATABASE_URL"] = f"postgresql://comptoir:{password}@/comptoir?{where}"


def _is_embedded() -> bool:
    return os.environ.get("COMPTOIR_TESTS_EMBEDDED") == "1"


def _first_data_dir() -> Path:
    """The only one, or where xdist's controller has the database made that its workers copy."""
    return Path(os.environ[_FOLDER]) / "var"


def _sweep() -> None:
    """Stop and remove what the tests of killed processes left behind."""
    for folder in Path("/tmp").glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdecimal() and not os.path.exists(f"/proc/{owner}") and os.path.isdir("/proc"):
            with contextlib.suppress(OSError):
                _throw_away(folder)


def _throw_away(folder: Path) -> None:
    for cluster in folder.glob("var*/postgres"):
        EmbeddedPostgres(cluster.parent).stop_unused()
    shutil.rmtree(folder, ignore_errors=True)


# How long one example takes says how busy the machine is, and nothing else.
hypothesis.settings.register_profile("comptoir", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("comptoir")
# As it stands structlog draws the values of all variables beside each traceback, which takes seconds.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)
one_thread_for_arithmetic()  # as all of our own processes: two that wait for one another burn dozens of times as much
_name_database()
django.setup()  # pytest-django would read the settings before this file could say where the database is


_making: list[subprocess.Popen[bytes]] = []


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """The database is made while the workers collect. They read no settings either before this file has said where
    their own is.
    """
    if _is_embedded():
        _making.append(made_once.begin_making(_first_data_dir()))
    os.environ.pop("DJANGO_SETTINGS_MODULE")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start the database (pytest-django asks for this fixture before it makes the test database).

    The fixture asked for here gives each of xdist's workers a test database of its own.
    """
    if not _is_embedded():
        yield
        return
    data_dir = Path(os.environ["COMPTOIR_DATA_DIR"])
    is_copy = data_dir != _first_data_dir() and made_once.copied(_first_data_dir(), data_dir)
    server = EmbeddedPostgres(data_dir, durable=False)
    server.start()
    wanted = settings.DATABASES["default"]
    ours = wanted["TEST"]["NAME"] or f"test_{wanted['NAME']}"
    if is_copy:
        made_once.rename(server, name=f"test_{wanted['NAME']}", to=ours)
    else:
        made_once.make_database(server, ours)
    yield
    server.stop()


@pytest.fixture(autouse=True)
def _in_french() -> None:
    """No request of an earlier test says in which language this one is answered."""
    translation.activate("fr")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """The test database goes with its server: nobody has to leave it for that."""
    return django_db_keepdb or _is_embedded()


#: What takes minutes, by the beginning of its name: browsers, servers that start, tables of hundreds of requests.
_LONG = (
    "tests/web/test_access",
    "tests/journeys/",
    "tests/config/test_backup",
    "tests/web/test_hostile",
    "tests/config/test_postgres",
    "tests/desk/test_bulk",
    "tests/api/test_access",
    "tests/intake/test_order",
    "tests/intake/test_concurrency",
    "tests/delivery/test_many_processes",
    "tests/config/test_demonstration",
    "tests/reporting/test_agreement",
    "tests/understanding/test_",
    "tests/connectors/test_any_json",
)


_OBJECTS_BETWEEN_LOOKS = 50_000
_TESTS = ("test_*.py", "tests.py")


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Of the thousands of tests that are collected none is thrown away: the garbage collector need not look.

    Nor later, among them; and among the rest less often than Python's default has it, by which it takes a third of
    the processor: what a test makes goes by itself when the test ends.
    """
    gc.disable()
    _read_own_share(session.config)
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
        gc.enable()


def _read_own_share(config: pytest.Config) -> None:
    """Read first what no other of xdist's workers reads first.

    In a new clone pytest rewrites each file of tests, which takes longer than to run it, and keeps what it has written.
    All workers begin at the same moment: in the same order each of them would rewrite every file.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers == 1:
        return
    folders = [config.rootpath / argument for argument in config.args]
    files = sorted({path for folder in folders for name in _TESTS for path in folder.rglob(name)})
    for path in files[int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) :: workers]:
        with contextlib.suppress(Exception, pytest.skip.Exception):  # pytest reads it again, and says it
            importlib.import_module(".".join(path.relative_to(config.rootpath).with_suffix("").parts))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Beside another process the long files begin, so that none is left for one process at the end.

    Files stay whole and keep their order: xdist gives them out as they come (--no-loadscope-reorder).
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    sizes = Counter(item.path for item in items)
    items.sort(key=lambda item: (_rank(item.nodeid), -sizes[item.path], str(item.path)))


def _rank(name: str) -> int:
    return next((rank for rank, beginning in enumerate(_LONG) if name.startswith(beginning)), len(_LONG))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where CI is set nothing may be skipped: a test that did not run proves nothing.

    But what the networks' published contracts are needed for, where no folder of them is named: not all of them may be
    passed on.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if not os.environ.get(_DATASETS):
        skipped = [report for report in skipped if _DATASETS not in str(report.longrepr)]
    if os.environ.get("CI") and skipped:
        reporter.write_line(f"\n{len(skipped)} skipped: in CI that is a failure.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure() -> None:
    """The process that made the folder throws it away."""
    if os.environ.get(_OWNER) == str(os.getpid()):
        for one in _making:
            one.kill()
            one.wait()
        _throw_away(Path(os.environ[_FOLDER]))
