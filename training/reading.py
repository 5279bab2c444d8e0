"""Signals of all texts, worked out once and kept in the folder for temporary files."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding import Vectors
from comptoir.understanding.embedding.e5 import E5, Tables
from comptoir.understanding.language import LANGUAGES
from comptoir.understanding.ngrams import Grams
from comptoir.understanding.signals import Signals, signals_of

Kept = TypeVar("Kept")
_HERE = Path(__file__).parent.parent / "comptoir/understanding"
#: What the deep embedder is computed by.
_DEEP = ("attention", "bending", "e5", "eight_bits")


def kept(name: str, parts: Sequence[bytes], make: Callable[[], Kept]) -> Kept:
    """What ``make`` gives, kept under a name and what it depends on."""
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / "comptoir-training" / f"{name}-{digest}.pickle"
    if path.exists():
        return pickle.loads(path.read_bytes())  # type: ignore[no-any-return]  # what we wrote ourselves
    made = make()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pickle.dumps(made))
    return made


def signals_of_all(texts: Sequence[str], languages: Sequence[str], layer: int) -> Signals:
    """All signals, with the languages that the sets give; of the deep embedder one ``layer`` below the taught ones."""
    written = [text.encode() for text in texts]
    code = [path.read_bytes() for path in sorted([*_HERE.glob("rules/*.toml"), *_HERE.glob("*.py")])]
    light = kept("signals", [*code, *written], lambda: signals_of(texts, LANGUAGES, "fr", light=True))
    return replace(light, languages=list(languages), deep=deep_of_all(texts, {}, layer))


def deep_of_all(texts: Sequence[str], tables: Tables, layer: int) -> Vectors:
    """What one layer of the deep embedder makes of the texts, with what it was taught."""
    written = [text.encode() for text in texts]
    learnt = [table.tobytes() for _, table in sorted(tables.items())]
    code = [str(layer).encode(), *((_HERE / f"embedding/{name}.py").read_bytes() for name in _DEEP)]
    return kept("deep", [*code, *learnt, *written], lambda: E5(tuned=tables).read(texts, (layer,)))


def chosen(signals: Signals, rows: Sequence[int] | NDArray[np.int64], deep: int | None) -> Signals:
    """The signals of some of the texts, with so many columns of the deep embedder (None: all of them)."""
    grams = signals.grams
    pieces = [np.arange(grams.starts[row], grams.starts[row + 1]) for row in rows]
    places = np.concatenate(pieces) if pieces else np.zeros(0, np.int64)
    starts = np.zeros(len(pieces) + 1, np.int64)
    np.cumsum([len(piece) for piece in pieces], out=starts[1:])
    return Signals(
        texts=[signals.texts[row] for row in rows],
        languages=[signals.languages[row] for row in rows],
        grams=Grams(grams.places[places], grams.weights[places], starts),
        use=signals.use[rows],
        surface=signals.surface[rows],
        deep=signals.deep[rows, :deep],
    )
