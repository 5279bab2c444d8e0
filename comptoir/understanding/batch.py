"""Reading a batch of texts: everything at once, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import INTENTS, SENTIMENTS, Analysis, Intent, Sentiment, Urgency
from comptoir.understanding.dangers import NOW, raised
from comptoir.understanding.embedding.loading import light_embedder, meaning_embedder
from comptoir.understanding.head import Adjustment, shipped
from comptoir.understanding.language import LANGUAGES, UNKNOWN
from comptoir.understanding.opting_out import opts_out
from comptoir.understanding.personal_data import Kind, personal_data
from comptoir.understanding.signals import Signals, signals_of
from comptoir.understanding.topics import TopicHead
from comptoir.understanding.urgency import urgencies_of
from comptoir.understanding.waiting import waits_for_us, wishes_for_more

#: Of many texts more have the same length, and more the same pieces.
_BATCH = 256

_NOTHING_SAID = Analysis(
    UNKNOWN, Sentiment("neutral", 0.0, 1.0), Intent("chatter", 1.0), False, (), Urgency(0), 0.0, 0.0, ()
)
#: A word alone tells heads nothing, and written large it looks angry. What it asks for is that nobody writes.
_LEFT_ALONE = replace(_NOTHING_SAID, intent=Intent("request", 1.0))
#: Kind words with a wish are taken for the one or the other.
_MAY_WISH = ("praise", "request")

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Reader:
    """What a company sets: the ``languages`` its customers write, the first being its own; the ``region`` of telephone
    numbers without a country code; the ``patterns`` of its order and customer numbers; its tree of ``topics``; what
    its corrections have taught the heads, by form (light, full) and task."""

    languages: Sequence[str] = LANGUAGES
    region: str = "FR"
    patterns: Sequence[tuple[Kind, re.Pattern[str]]] = ()
    topics: TopicHead | None = None
    learnt: Mapping[str, Mapping[str, Adjustment]] = field(default_factory=dict)

    def understand(self, texts: Sequence[str], *, light: bool = False) -> list[Analysis]:
        """One analysis for each text, in order. ``light`` leaves the deep embedder out: ten times as fast."""
        return [
            one for start in range(0, len(texts), _BATCH) for one in self._batch(texts[start : start + _BATCH], light)
        ]

    def _batch(self, texts: Sequence[str], light: bool) -> Iterator[Analysis]:
        signals = signals_of(texts, self.languages, self.languages[0], light=light)
        form = "light" if light else "full"
        heads = shipped(form)
        found = heads.probabilities(signals, self.learnt.get(form))
        costs = heads.each["urgency"][1].costs
        urgencies = urgencies_of(signals.surface, found["urgency"], found["grounds"], costs)
        topics = self.topics.predict(_meanings(signals)) if self.topics else [()] * len(texts)
        for row, (text, language) in enumerate(zip(texts, signals.languages, strict=True)):
            if not text.strip():
                yield _NOTHING_SAID
                continue
            if opts_out(text):
                yield replace(_LEFT_ALONE, language=language)
                continue
            intent = _intent(found["intent"][row])
            yield Analysis(
                language=language,
                sentiment=_sentiment(found["sentiment"][row]),
                intent=intent,
                needs_answer=bool(found["needs_answer"][row, 1] >= 0.5)
                or waits_for_us(text)
                or (intent.label in _MAY_WISH and wishes_for_more(text)),
                topics=topics[row],
                urgency=raised(urgencies[row], float(found["urgency"][row, NOW]), text, language),
                toxicity=float(found["toxicity"][row, 1]),
                spam=float(found["spam"][row, 1]) if _has_words(text) else 0.0,
                personal_data=tuple(
                    personal_data(
                        text,
                        region=self.region,
                        language=None if language == UNKNOWN else language,
                        patterns=self.patterns,
                        incoming=True,
                    )
                ),
            )


def _has_words(text: str) -> bool:
    """Signs and emoji alone advertise nothing, though they are rare where the head has learnt."""
    return any(sign.isalnum() for sign in text)


def _meanings(signals: Signals) -> Floats:
    """What topics are told by; mostly what was worked out already."""
    embedder = meaning_embedder()
    return signals.use if embedder is light_embedder() else embedder.embed(signals.texts)


def _sentiment(chances: Floats) -> Sentiment:
    best = int(chances.argmax())
    return Sentiment(SENTIMENTS[best], float(chances[2] - chances[0]), float(chances[best]))


def _intent(chances: Floats) -> Intent:
    best = int(chances.argmax())
    return Intent(INTENTS[best], float(chances[best]))
