"""The reading process: it gives way to others, is begun when needed, and dies without harm."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from comptoir.analysis.apart import Apart, UnreadableError, WorkshopGoneError
from comptoir.analysis.glancing import glances
from comptoir.understanding.adapting import Lesson
from comptoir.understanding.workshop import Learnt, Workshop

TEXTS = ["Où est mon colis ? C'est la troisième fois !", "Merci, parfait 😍", ""]


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    one = Apart()
    yield one
    one.end()


def test_it_reads_what_a_workshop_here_reads(apart: Apart, workshop: Workshop) -> None:
    found = apart.read(TEXTS, Learnt(), "v1", light=True)
    here = workshop.read(TEXTS, Learnt(), "v1", light=True)
    assert [one.to_json() for one in found] == [one.to_json() for one in here]


def test_a_glance_is_the_light_form_of_what_ships(apart: Apart, workshop: Workshop) -> None:
    here = workshop.read(TEXTS, Learnt(), "v1", light=True)
    assert [one.to_json() for one in apart.glance(TEXTS)] == [one.to_json() for one in here]
    assert apart.glance([]) == []


def test_a_glance_does_not_wait_without_end_for_its_turn(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.analysis.apart._TURN_PATIENCE_S", 0.05)
    with apart._lock, pytest.raises(WorkshopGoneError):
        apart.glance(TEXTS)


def test_a_process_that_cannot_be_begun_gives_no_glances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.analysis.glancing.APART", Apart())
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert glances(TEXTS) is None


def test_a_process_that_ends_at_once_gives_no_glances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.analysis.glancing.APART", Apart())
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert glances(TEXTS) is None


def test_topics_learnt_there_are_told_there(apart: Apart) -> None:
    examples = {"late": ["Mon colis est en retard", "Toujours pas livré"], "bill": ["Ma facture", "La TVA"]}
    taught = apart.teach_topics(examples, [])
    learnt = Learnt(topics={"": taught.head})
    (found,) = apart.read(["Je n'ai pas reçu mon colis"], learnt, "v2", light=True)
    assert found.topics[0].key == "late"
    assert len(taught.told_apart) == 4


def test_it_gives_way_to_everything_else(apart: Apart) -> None:
    apart.read(TEXTS[:1], Learnt(), "v1", light=True)
    running = apart._running
    assert running is not None
    assert os.getpriority(os.PRIO_PROCESS, running.pid) >= 10


def test_what_cannot_be_done_is_told(apart: Apart) -> None:
    with pytest.raises(UnreadableError):
        apart.teach_head("weather", "light", [Lesson("Bonjour", "rain")])
    assert apart.read(TEXTS[:1], Learnt(), "v1", light=True)


def test_killed_it_says_so_and_is_begun_anew(apart: Apart) -> None:
    apart.read(TEXTS[:1], Learnt(), "v1", light=True)
    running = apart._running
    assert running is not None
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert apart.read(TEXTS[:1], Learnt(), "v1", light=True)
    assert apart._running is not running


def test_a_process_that_ends_in_the_middle_is_told(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    other = Apart()
    monkeypatch.setattr(other, "_begun", lambda: gone)
    with pytest.raises(WorkshopGoneError):
        other.read(TEXTS[:1], Learnt(), "v1", light=True)


def test_it_ends_with_whoever_began_it() -> None:
    began = (
        "from comptoir.analysis.apart import Apart; from comptoir.understanding.workshop import Learnt\n"
        "one = Apart(); one.read(['Bonjour'], Learnt(), 'v1', light=True)\n"
        "print(one._running.pid, flush=True); import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    settings = os.environ | {"DJANGO_SETTINGS_MODULE": "comptoir.config.settings"}
    told = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{began}"], env=settings, capture_output=True, timeout=60
    )
    pid = int(told.stdout)
    _wait_for_end(pid)


def _wait_for_end(pid: int, seconds: float = 10.0) -> None:
    import select

    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended, _, _ = select.select([watched], [], [], seconds)
    os.close(watched)
    assert ended, "it goes on without anybody to read for"
