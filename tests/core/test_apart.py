"""Tasks in a process of their own: it gives way, ends with whoever waits for it, and its failure is told."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from comptoir.catalogue.edition import edition
from comptoir.catalogue.searching.keeping import reading_alone
from comptoir.config.schema import fingerprint, record_fingerprint
from comptoir.core.apart import NICE, ApartError, do_apart
from comptoir.core.tasks import UnknownTaskError, do_here
from tests.catalogue.entries import make_entry
from tests.processes import started

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def on_our_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The database of the tests, for processes that know of it by the environment only."""
    own = connection.settings_dict
    where = urlencode({"host": own["HOST"]} | ({"port": own["PORT"]} if own["PORT"] else {}))
    password = quote(own["PASSWORD"], safe="")
    url = f"postgresql://{own['USER']}:{password}@/{own['NAME']}?{where}"
    monkeypatch.setenv("COMPTOIR_DATABASE_URL", url)
    with psycopg.connect(url, autocommit=True) as direct:
        record_fingerprint(direct, fingerprint())
        yield
        direct.execute("DROP TABLE comptoir_installation")


def below(pid: int) -> list[int]:
    """The processes that one has begun."""
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def wait_for_child_of(pid: int) -> int:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for child in below(pid):
            if b"catalogue.read" in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
        time.sleep(0.02)
    raise AssertionError("no process was begun")


def test_a_task_is_done_there():
    make_entry(question="Où est mon colis ?")
    do_apart("catalogue.read")
    assert edition().is_read


def test_what_breaks_there_is_told_here(capfd: pytest.CaptureFixture[str]):
    with pytest.raises(ApartError, match="exit code 1"):
        do_apart("catalogue.unheard_of")
    assert "catalogue.unheard_of" in capfd.readouterr().err


def test_there_is_no_task_without_a_name():
    with pytest.raises(UnknownTaskError):
        do_here("catalogue.unheard_of")


def test_it_gives_way_and_ends_with_the_one_that_waits_for_it():
    make_entry(question="Où est mon colis ?")
    with reading_alone():
        waiting = started(do_apart, "catalogue.read")
        child = wait_for_child_of(waiting.pid or 0)
        until = time.monotonic() + 60
        while os.getpriority(os.PRIO_PROCESS, child) < NICE and time.monotonic() < until:
            time.sleep(0.02)
        assert os.getpriority(os.PRIO_PROCESS, child) >= NICE
        watched = os.pidfd_open(child)
        waiting.kill()
        waiting.join(10)
        assert ended(watched)
    assert not edition().is_read, "the next worker does it"
    do_apart("catalogue.read")
    assert edition().is_read


def test_killed_in_the_middle_it_is_told():
    make_entry(question="Où est mon colis ?")
    with reading_alone():
        waiting = started(told_of_the_kill)
        os.kill(wait_for_child_of(waiting.pid or 0), signal.SIGKILL)
        waiting.join(30)
    assert waiting.exitcode == 0


def told_of_the_kill() -> None:
    with pytest.raises(ApartError, match="killed by signal 9"):
        do_apart("catalogue.read")


def ended(watched: int) -> bool:
    import select

    readable, _, _ = select.select([watched], [], [], 30)
    os.close(watched)
    return bool(readable)


def test_the_folder_of_what_is_kept_is_one_for_all_processes():
    assert os.environ["COMPTOIR_CACHE_DIR"] == str(settings.CACHE_DIR)
