"""Everything that is done with a company's own heads: reading, learning its topics, learning from its corrections.

A `Workshop` works where it is made. `python -m comptoir.understanding.workshop` serves one over its standard streams, a
JSON object a line, so that whoever has something more urgent to do leaves the reading to another process, which gives
way to everything else on the machine and ends with the one that began it.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import IO, Any, Protocol

import numpy as np

from comptoir.understanding.adapting import Figures, Lesson, adapt
from comptoir.understanding.analysis import Analysis
from comptoir.understanding.batch import Reader
from comptoir.understanding.deciding.catalogue import Catalogue, Decided
from comptoir.understanding.deciding.decision import Bot
from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.head import Adjustment
from comptoir.understanding.language import LANGUAGES
from comptoir.understanding.reader import Reads, configured
from comptoir.understanding.replacing.akismet import Akismet
from comptoir.understanding.replacing.endpoint import EndpointReader
from comptoir.understanding.replacing.settings import ReplacingError, replacing
from comptoir.understanding.signals import signals_of
from comptoir.understanding.tone.checking import Checked, Reply, check_reply
from comptoir.understanding.tone.hints import Hint, hints
from comptoir.understanding.topics import TopicHead

#: How willingly the process gives way to others (man 2 nice).
_NICE = 15


@dataclass(frozen=True)
class Learnt:
    """What a company has taught: ``adjustments`` by form and task, ``topics`` by the name of a tree; all as bytes."""

    adjustments: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    topics: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class TaughtTopics:
    """A tree's head, each example's own key and the one it would be given otherwise, and the share of held-out texts
    told right by the head there was and by this one."""

    head: bytes
    told_apart: Sequence[tuple[str, str]]
    before: Figures
    after: Figures


@dataclass(frozen=True)
class TaughtHead:
    """What was learnt of one task, and how the held-out texts were read before and after."""

    adjustment: bytes
    before: Figures
    after: Figures


class Works(Protocol):
    """What a `Workshop` can do, wherever it stands."""

    def read(
        self, texts: Sequence[str], learnt: Learnt, version: str, *, tree: str = "", light: bool = False
    ) -> list[Analysis]:
        """One analysis for each text; ``version`` names ``learnt``, ``tree`` the topics that may be found."""

    def glance(self, texts: Sequence[str]) -> list[Analysis]:
        """One analysis for each text in the light form, by what comes with Comptoir alone: some milliseconds each."""

    def decide(self, texts: Sequence[str], catalogue: Catalogue, among: Sequence[str]) -> Decided:
        """What a bot would do with each text; ``among`` are the keys of the entries that may be found."""

    def teach_topics(
        self, examples: Mapping[str, Sequence[str]], lessons: Sequence[Lesson], present: bytes | None = None
    ) -> TaughtTopics:
        """Learn a tree from examples by key and from lessons, a lesson's label being a key."""

    def teach_head(self, task: str, form: str, lessons: Sequence[Lesson], present: bytes | None = None) -> TaughtHead:
        """Learn one task of one form from lessons."""

    def tone(self, given: Reply, channel: str | None = None) -> tuple[Checked, list[Hint]]:
        """What a reply does for its reader, and what its writer may look at; ``channel`` is a connector's kind."""


class Workshop(Works):
    """Does it here; heads and embedders are loaded when first needed."""

    def __init__(self) -> None:
        self._version = ""
        self._reader = Reader()
        self._topics: dict[str, TopicHead] = {}
        self._configured: Reads | None = None
        self._akismet: Akismet | None = None
        self._bot: tuple[str, Bot] | None = None

    def read(
        self, texts: Sequence[str], learnt: Learnt, version: str, *, tree: str = "", light: bool = False
    ) -> list[Analysis]:
        if version != self._version:
            self._learn(learnt)
            self._version = version
        reader = Reader(topics=self._topics.get(tree), learnt=self._reader.learnt)
        if self._configured is None:
            self._configured = self._as_configured(reader)
        if isinstance(self._configured, EndpointReader):  # one for all trees: it counts its calls
            self._configured.reader = reader
            found = self._configured.understand(texts, light=light)
        else:
            found = reader.understand(texts, light=light)
        return self._akismet.judged(texts, found) if self._akismet and not light else found

    def glance(self, texts: Sequence[str]) -> list[Analysis]:
        return Reader().understand(texts, light=True)

    def decide(self, texts: Sequence[str], catalogue: Catalogue, among: Sequence[str]) -> Decided:
        if self._bot is None or self._bot[0] != catalogue.version:
            self._bot = (catalogue.version, catalogue.bot(meaning_embedder()))
        bot = self._bot[1]
        return Decided(bot.decide(texts, among=among), bot.proof)

    def _as_configured(self, reader: Reader) -> Reads:
        try:
            asked = replacing().akismet
            self._akismet = Akismet(asked) if asked else None
            return configured(reader)
        except ReplacingError as error:
            print(f"what replaces our parts cannot be used, we read ourselves: {error}", file=sys.stderr, flush=True)
            return reader

    def _learn(self, learnt: Learnt) -> None:
        self._reader = Reader(
            learnt={
                form: {task: adjustment_of(kept) for task, kept in each.items()}
                for form, each in learnt.adjustments.items()
            }
        )
        dimensions = meaning_embedder().dimensions if learnt.topics else 0
        heads = {tree: TopicHead.load(io.BytesIO(kept)) for tree, kept in learnt.topics.items()}
        # Another embedder has come since: until they are learnt anew, its topics cannot be told.
        self._topics = {tree: head for tree, head in heads.items() if head.vectors.shape[1] == dimensions}

    def teach_topics(
        self, examples: Mapping[str, Sequence[str]], lessons: Sequence[Lesson], present: bytes | None = None
    ) -> TaughtTopics:
        taught = {key: list(texts) for key, texts in examples.items()}
        for lesson in lessons:
            if not lesson.is_held_out and lesson.label in taught and lesson.text not in taught[lesson.label]:
                taught[lesson.label].append(lesson.text)
        head = TopicHead.fit(taught, meaning_embedder())
        held = [lesson for lesson in lessons if lesson.is_held_out]
        before = _told(TopicHead.load(io.BytesIO(present)), held) if present else Figures(0.0, 0, 0, 0)
        return TaughtTopics(_bytes_of(head.save), head.told_apart(), before, _told(head, held))

    def teach_head(self, task: str, form: str, lessons: Sequence[Lesson], present: bytes | None = None) -> TaughtHead:
        signals = signals_of([one.text for one in lessons], LANGUAGES, LANGUAGES[0], light=form == "light")
        found = adapt(task, form, signals, lessons, adjustment_of(present) if present else None)
        return TaughtHead(bytes_of(found.adjustment), found.before, found.after)

    def tone(self, given: Reply, channel: str | None = None) -> tuple[Checked, list[Hint]]:
        checked = check_reply(given)
        return checked, hints(given, checked, channel=channel)


def bytes_of(adjustment: Adjustment) -> bytes:
    """As it is kept."""
    weights = adjustment.weights.astype(np.float16)
    return _bytes_of(lambda file: np.savez_compressed(file, weights=weights, bias=adjustment.bias))


def adjustment_of(kept: bytes) -> Adjustment:
    """What `bytes_of` wrote."""
    with np.load(io.BytesIO(kept), allow_pickle=False) as numbers:
        return Adjustment(numbers["weights"].astype(np.float32), numbers["bias"].astype(np.float32))


def _bytes_of(save: Callable[[Any], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def _told(head: TopicHead, held: Sequence[Lesson]) -> Figures:
    if not held or head.vectors.shape[1] != meaning_embedder().dimensions:
        return Figures(0.0, 0, 0, len(held))
    found = head.predict(meaning_embedder().embed([lesson.text for lesson in held]))
    right = [bool(topics) and topics[0].key == one.label for topics, one in zip(found, held, strict=True)]
    weight = sum(lesson.weight for lesson in held)
    return Figures(
        share_right=sum(one.weight for one, is_right in zip(held, right, strict=True) if is_right) / weight,
        corrected_right=sum(one.is_corrected for one, is_right in zip(held, right, strict=True) if is_right),
        corrected=sum(one.is_corrected for one in held),
        texts=len(held),
    )


# --- the lines between two processes ---


def told(kept: bytes) -> str:
    """Bytes as JSON can hold them."""
    return base64.b64encode(kept).decode()


def untold(said: str) -> bytes:
    """What `told` said."""
    return base64.b64decode(said)


def answered(workshop: Workshop, asked: dict[str, Any]) -> dict[str, Any]:
    """What one line asks for, as the line that answers it."""
    if asked["do"] == "read":
        learnt = Learnt(
            {form: {task: untold(one) for task, one in each.items()} for form, each in asked["adjustments"].items()},
            {tree: untold(one) for tree, one in asked["topics"].items()},
        )
        found = workshop.read(asked["texts"], learnt, asked["version"], tree=asked["tree"], light=asked["light"])
        return {"analyses": [one.to_json() for one in found]}
    if asked["do"] == "tone":
        checked, told_hints = workshop.tone(Reply(**asked["given"]), asked["channel"])
        return {"checked": checked.to_json(), "hints": [asdict(one) for one in told_hints]}
    if asked["do"] == "glance":
        return {"analyses": [one.to_json() for one in workshop.glance(asked["texts"])]}
    if asked["do"] == "decide":
        return workshop.decide(asked["texts"], Catalogue.of_json(asked["catalogue"]), asked["among"]).to_json()
    lessons = [Lesson(**one) for one in asked["lessons"]]
    present = untold(asked["present"]) if asked["present"] else None
    if asked["do"] == "teach_topics":
        topics = workshop.teach_topics(asked["examples"], lessons, present)
        return _figures(topics) | {"head": told(topics.head), "told_apart": topics.told_apart}
    head = workshop.teach_head(asked["task"], asked["form"], lessons, present)
    return _figures(head) | {"adjustment": told(head.adjustment)}


def _figures(taught: TaughtTopics | TaughtHead) -> dict[str, Any]:
    return {"before": asdict(taught.before), "after": asdict(taught.after)}


def serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer line by line until there are no more; what goes wrong is an answer too."""
    workshop = Workshop()
    for line in asked:
        try:
            answer = answered(workshop, json.loads(line))
        except Exception as error:  # noqa: BLE001  # it is told to whoever asked
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    os.nice(_NICE)
    spoken = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    with contextlib.suppress(BrokenPipeError):  # whoever asked is no more
        serve(sys.stdin.buffer, spoken)
