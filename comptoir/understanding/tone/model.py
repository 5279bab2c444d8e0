"""Small statistics over what the rules see and what an embedder says: logistic, their numbers in weights.npz."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding.e5 import E5, LAST_LAYER
from comptoir.understanding.embedding.loading import light_embedder

Floats = NDArray[np.float32]

#: Of so many sentences the vectors are remembered, of 2 kB each; then they are forgotten together.
_REMEMBERED = 500


@cache
def deep() -> E5:
    """The embedder as it comes, without what other heads tuned: coefficients here were fitted on it."""
    return E5()


class _Remembering:
    """Gives each text its vector, and remembers it: greetings come in every reply, and of a reply that is being written
    one sentence changes from one check to the next."""

    def __init__(self, read: Callable[[Sequence[str]], Floats]) -> None:
        self._read, self._known = read, dict[str, Floats]()

    def __call__(self, texts: Sequence[str]) -> Floats:
        """One row for each text, in order."""
        found = {text: vector for text in texts if (vector := self._known.get(text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            read = dict(zip(new, self._read(new), strict=True))
            found |= read
            self._known = {**(self._known if len(self._known) < _REMEMBERED else {}), **read}
        return np.stack([found[text] for text in texts])


@_Remembering
def deep_vectors(texts: Sequence[str]) -> Floats:
    """Of length one, by a layer between: how it is meant shows better there than in the last, and in less time."""
    read = deep().read(texts, (LAST_LAYER,))
    return np.asarray(read / np.maximum(np.linalg.norm(read, axis=1, keepdims=True), 1e-9), np.float32)


@_Remembering
def light_vectors(texts: Sequence[str]) -> Floats:
    """By the light embedder."""
    return light_embedder().embed(texts)


@dataclass(frozen=True)
class Model:
    """``signals`` weigh what the rules see, ``meaning`` the vector of the text; a chance above ``threshold`` counts."""

    signals: Floats
    meaning: Floats
    bias: float
    threshold: float

    def chances(self, signals: Floats, vectors: Floats | None = None) -> Floats:
        """Between 0 and 1, one for each row."""
        said = signals @ self.signals + self.bias
        if vectors is not None and self.meaning.size:
            said = said + vectors @ self.meaning
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(said, -50.0, 50.0))), np.float32)


@cache
def shipped(name: str) -> Model:
    """The one that training/tone/fitting.py fitted and that comes with Comptoir."""
    with (
        as_file(files("comptoir.understanding.tone").joinpath("weights.npz")) as path,
        np.load(path, allow_pickle=False) as kept,
    ):
        return Model(
            kept[f"{name}.signals"].astype(np.float32),
            kept[f"{name}.meaning"].astype(np.float32),
            float(kept[f"{name}.bias"]),
            float(kept[f"{name}.threshold"]),
        )
