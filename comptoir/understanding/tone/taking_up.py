"""Which of the customer's points the reply takes up: by the words they share, and by meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from comptoir.understanding.tone.grievances import MAX_CLAUSES, Point, clauses
from comptoir.understanding.tone.model import Floats, light_vectors, shipped
from comptoir.understanding.tone.phrases import blaming_phrases, stock_phrases
from comptoir.understanding.tone.rules import rule
from comptoir.understanding.tone.texts import words_of
from comptoir.understanding.tone.warmth import caring, feeling

_STEM = 5
_LEAST_LETTERS = 3


def taken_up(points: Sequence[Point], reply: str, language: str) -> list[str]:
    """Those of ``points`` that the reply is about, in order."""
    if not points or not words_of(reply):
        return []
    model = shipped("taking_up")
    chances = model.chances(
        taking_up_signals([point.text for point in points], [point.chance for point in points], reply, language)
    )
    return [point.text for point, chance in zip(points, chances, strict=True) if chance >= model.threshold]


def taking_up_signals(points: Sequence[str], sure: Sequence[float], reply: str, language: str) -> Floats:
    """One row a point; ``sure`` is how sure each is to be one."""
    parts = [reply[one.start : one.end] for one in clauses(reply)] or [reply]
    parts = parts[:MAX_CLAUSES]
    vectors = light_vectors([*points, *parts, reply])
    near = vectors[: len(points)] @ vectors[len(points) : -1].T
    whole = vectors[: len(points)] @ vectors[-1]
    said = _stems(reply, language)
    shares = [_shared(_stems(point, language), said) for point in points]
    stock = stock_phrases(reply, language)
    free = len(words_of(reply)) - sum(len(words_of(reply[one.start : one.end])) for one in stock)
    common = [
        float(bool(stock)),
        min(free, 40) / 40,
        min(len(points), 4) / 4,
        float(bool(feeling(reply, language))),
        float(bool(caring(reply, language))),
        float(bool(blaming_phrases(reply, language))),
    ]
    best_share, best_near = max(share for _, share in shares), float(near.max())
    return np.array(
        [
            [
                min(count, 3) / 3,
                float(count > 0),
                share,
                float(share == best_share > 0),
                float(near[place].max()),
                float(whole[place]),
                float(near[place].max() >= best_near),
                float(bool(_numbers(point) & _numbers(reply))),
                float(place == 0),
                float(place == len(points) - 1),
                sure[place],
                *common,
            ]
            for place, (point, (count, share)) in enumerate(zip(points, shares, strict=True))
        ],
        np.float32,
    )


def _stems(text: str, language: str) -> set[str]:
    """The beginnings of its words that say something; a plural or an ending makes no difference."""
    small = set(rule(language, "words.small"))
    return {
        word[:_STEM] for word in words_of(text) if word not in small and (len(word) >= _LEAST_LETTERS or word.isdigit())
    }


def _shared(wanted: set[str], said: set[str]) -> tuple[int, float]:
    count = sum(any(_alike(one, other) for other in said) for one in wanted)
    return count, count / max(1, len(wanted))


def _alike(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= 4 and one[:4] == other[:4])


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))
