"""Messages that ask the same, found together: the largest groups first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding import Embedder
from comptoir.understanding.retrieval.everyday import everyday
from comptoir.understanding.retrieval.plainer import plainer
from comptoir.understanding.retrieval.words import of_length_one

#: Two messages at least so alike ask the same: on the questions of training/catalogues, which were written to be unlike
#: one another, half of what is put together then is about one entry; lower, a third.
ALIKE = 0.5
#: All are compared with all: so many at most, or memory would not be bounded.
MOST = 4_000
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Cluster:
    """Places of messages that ask the same, the most typical first."""

    places: tuple[int, ...]


def clusters(
    texts: Sequence[str], languages: Sequence[str], embedder: Embedder, *, least: int = 3, alike: float = ALIKE
) -> list[Cluster]:
    """Groups of at least ``least`` of the first MOST texts, the largest first; what is like nothing is in none."""
    likeness = likenesses(texts[:MOST], languages[:MOST], embedder)
    return grouped(likeness, likeness >= alike, least=least)


def likenesses(texts: Sequence[str], languages: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    """How alike each text is to each, from -1 to 1, by what they mean."""
    if not texts:
        return np.zeros((0, 0), np.float32)
    mean = embedder.embed([text for text, _ in everyday()]).mean(axis=0)
    plain = [plainer(text, language) for text, language in zip(texts, languages, strict=True)]
    raw = np.concatenate([embedder.embed(plain[start : start + _BATCH]) for start in range(0, len(plain), _BATCH)])
    vectors = of_length_one(raw - mean)
    found: NDArray[np.float32] = vectors @ vectors.T
    return found


def grouped(likeness: NDArray[np.float32], near: NDArray[np.bool_], *, least: int) -> list[Cluster]:
    """Groups of at least ``least`` that are all ``near`` one of them, the most typical, which goes first."""
    free = np.ones(len(near), bool)
    found: list[Cluster] = []
    while free.any():
        counts = (near & free).sum(axis=1) * free
        centre = int(counts.argmax())
        if counts[centre] < least:
            break
        own = np.flatnonzero(near[centre] & free)
        free[own] = False
        found.append(Cluster(tuple(own[np.argsort(-likeness[centre, own], kind="stable")].tolist())))
    return found
