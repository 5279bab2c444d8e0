"""The workshop in a process of its own, which gives way to everything else: intake is never slowed by reading.

Begun when there is something to read, ended when there was nothing for a while, and by itself when this process ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import comptoir
from comptoir.understanding.adapting import Figures, Lesson
from comptoir.understanding.analysis import Analysis
from comptoir.understanding.deciding.catalogue import Catalogue, Decided
from comptoir.understanding.tone.checking import Checked, Reply
from comptoir.understanding.tone.hints import Hint
from comptoir.understanding.workshop import Learnt, TaughtHead, TaughtTopics, Works, told, untold

#: Without anything to read for so long, the memory of the process is given back.
_IDLE_S = 30.0
#: No answer in this time: something hangs.
_PATIENCE_S = 600.0
#: Whoever wants a glance waits so long for their turn; and for the answer, which on a busy machine begins with a start.
_TURN_PATIENCE_S, _GLANCE_PATIENCE_S = 5.0, 20.0
_PACKAGES = str(Path(comptoir.__file__).parent.parent)


class WorkshopGoneError(Exception):
    """The process ended, or does not answer: the same may be asked again later."""


class UnreadableError(Exception):
    """The workshop could not do what it was asked, and says why."""


class Apart(Works):
    """Asks one process, one thing at a time; a new one is begun where there is none."""

    def __init__(self, *, patience_s: float = _PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._version = self._catalogue_version = ""
        self._idle: threading.Timer | None = None

    def read(
        self, texts: Sequence[str], learnt: Learnt, version: str, *, tree: str = "", light: bool = False
    ) -> list[Analysis]:
        """As `Workshop.read`. Raises WorkshopGoneError, UnreadableError."""
        asked = {"do": "read", "texts": list(texts), "tree": tree, "light": light, "version": version}
        with self._lock:
            running = self._begun()
            known = Learnt() if version == self._version else learnt
            answer = self._ask(running, asked | _as_json(known))
            self._version = version
        return [Analysis.from_json(one) for one in answer["analyses"]]

    def glance(self, texts: Sequence[str]) -> list[Analysis]:
        """As `Workshop.glance`, within seconds or not at all. Raises WorkshopGoneError, UnreadableError."""
        if not texts:
            return []
        if not self._lock.acquire(timeout=_TURN_PATIENCE_S):
            raise WorkshopGoneError
        try:
            asked = {"do": "glance", "texts": list(texts)}
            answer = self._ask(self._begun(), asked, patience_s=_GLANCE_PATIENCE_S)
        finally:
            self._lock.release()
        return [Analysis.from_json(one) for one in answer["analyses"]]

    def decide(self, texts: Sequence[str], catalogue: Catalogue, among: Sequence[str]) -> Decided:
        """As `Workshop.decide`. Raises WorkshopGoneError, UnreadableError."""
        asked = {"do": "decide", "texts": list(texts), "among": list(among)}
        with self._lock:
            running = self._begun()
            is_known = catalogue.version == self._catalogue_version
            known = Catalogue(catalogue.version) if is_known else catalogue
            answer = self._ask(running, asked | {"catalogue": known.to_json()})
            self._catalogue_version = catalogue.version
        return Decided.of_json(answer)

    def teach_topics(
        self, examples: Mapping[str, Sequence[str]], lessons: Sequence[Lesson], present: bytes | None = None
    ) -> TaughtTopics:
        """As `Workshop.teach_topics`. Raises WorkshopGoneError, UnreadableError."""
        asked = {"do": "teach_topics", "examples": {key: list(texts) for key, texts in examples.items()}}
        answer = self._taught(asked, lessons, present)
        apart = [(own, other) for own, other in answer["told_apart"]]
        return TaughtTopics(untold(answer["head"]), apart, *_figures(answer))

    def teach_head(self, task: str, form: str, lessons: Sequence[Lesson], present: bytes | None = None) -> TaughtHead:
        """As `Workshop.teach_head`. Raises WorkshopGoneError, UnreadableError."""
        answer = self._taught({"do": "teach_head", "task": task, "form": form}, lessons, present)
        return TaughtHead(untold(answer["adjustment"]), *_figures(answer))

    def tone(self, given: Reply, channel: str | None = None) -> tuple[Checked, list[Hint]]:
        """As `Workshop.tone`. Raises WorkshopGoneError, UnreadableError."""
        with self._lock:
            answer = self._ask(self._begun(), {"do": "tone", "given": asdict(given), "channel": channel})
        return Checked(**answer["checked"]), [Hint(**one) for one in answer["hints"]]

    def end(self) -> None:
        """Give its memory back; what is asked next begins it anew."""
        with self._lock:
            self._end()

    def _taught(self, asked: dict[str, Any], lessons: Sequence[Lesson], present: bytes | None) -> dict[str, Any]:
        more = {"lessons": [asdict(one) for one in lessons], "present": told(present) if present else ""}
        with self._lock:
            return self._ask(self._begun(), asked | more)

    def _begun(self) -> subprocess.Popen[bytes]:
        if self._idle is not None:
            self._idle.cancel()
        if self._running is None or self._running.poll() is not None:
            self._version = self._catalogue_version = ""
            one_core = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
            paths = os.pathsep.join(filter(None, [_PACKAGES, os.environ.get("PYTHONPATH", "")]))
            self._running = subprocess.Popen(
                [sys.executable, "-m", "comptoir.understanding.workshop"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | one_core | {"PYTHONPATH": paths},
            )
        return self._running

    def _ask(
        self, running: subprocess.Popen[bytes], asked: dict[str, Any], *, patience_s: float | None = None
    ) -> dict[str, Any]:
        assert running.stdin is not None
        assert running.stdout is not None
        patience = threading.Timer(patience_s or self._patience_s, running.kill)
        patience.daemon = True
        patience.start()
        try:
            running.stdin.write(json.dumps(asked).encode() + b"\n")
            running.stdin.flush()
            line = running.stdout.readline()
        except OSError as error:
            self._end()
            raise WorkshopGoneError from error
        finally:
            patience.cancel()
        if not line:
            self._end()
            raise WorkshopGoneError
        self._idle = threading.Timer(_IDLE_S, self.end)
        self._idle.daemon = True
        self._idle.start()
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise UnreadableError(answer["error"])
        return answer

    def _end(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        if self._running is not None:
            self._running.kill()
            self._running.communicate()
            self._running = None


def _as_json(learnt: Learnt) -> dict[str, Any]:
    return {
        "adjustments": {
            form: {task: told(kept) for task, kept in each.items()} for form, each in learnt.adjustments.items()
        },
        "topics": {tree: told(kept) for tree, kept in learnt.topics.items()},
    }


def _figures(answer: dict[str, Any]) -> tuple[Figures, Figures]:
    return Figures(**answer["before"]), Figures(**answer["after"])


#: The one of this process.
APART = Apart()
