"""An index as arrays in a folder, and back: mapped, it is there in milliseconds, and once for all processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from comptoir.understanding.embedding import Embedder
from comptoir.understanding.mapped import Arrays, Texts
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.index import Index
from comptoir.understanding.retrieval.spelling import Spellings
from comptoir.understanding.retrieval.words import Vocabulary

#: Of what is written here: another one is made anew. One more when the arithmetic of an index changes.
FORMAT = 1
_PLAIN = (
    "mean", "digests", "starts", "vectors", "sentences", "sentence_starts", "heads", "inverse", "words", "word_starts",
)  # fmt: skip
_SPELLINGS = ("starts", "documents", "counts", "rarity", "lengths")
_VOCABULARY = ("mean", "raw", "vectors")


class KeptEntries(Sequence[Entry]):
    """The entries of an index, put together when one is asked for."""

    def __init__(self, arrays: Arrays) -> None:
        self._keys, self._answers, self._languages = (_texts(arrays, name) for name in ("keys", "answers", "languages"))
        self._asked, self._starts, self._for_bot = _texts(arrays, "originals"), arrays["starts"], arrays["for_bot"]

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        key = self._keys[place]
        place = int(place) % len(self)
        question, *phrasings = self._asked[int(self._starts[place]) : int(self._starts[place + 1])]
        return Entry(
            key, question, tuple(phrasings), self._answers[place], self._languages[place], bool(self._for_bot[place])
        )


def arrays_of(index: Index) -> Arrays:
    """Everything of an index but its embedder."""
    arrays: Arrays = {name: getattr(index, name) for name in _PLAIN}
    arrays |= {f"spellings.{name}": getattr(index.spellings, name) for name in _SPELLINGS}
    arrays |= {f"vocabulary.{name}": getattr(index.vocabulary, name) for name in _VOCABULARY}
    entries = list(index.entries)
    for name, texts in {
        "keys": [one.key for one in entries],
        "answers": [one.answer for one in entries],
        "languages": [one.language for one in entries],
        "texts": index.texts,
        "originals": index.originals,
        "said": index.said,
        "vocabulary.words": index.vocabulary.words,
    }.items():
        kept = Texts.of(texts)
        arrays |= {f"{name}.signs": kept.signs, f"{name}.ends": kept.ends}
    arrays["for_bot"] = np.array([one.bot_may_answer for one in entries], np.bool_)
    return arrays if index.crowding is None else arrays | {"crowding": index.crowding}


def index_of(arrays: Arrays, embedder: Embedder) -> Index:
    """The index that `arrays_of` took apart. Raises KeyError where something is missing."""
    spellings: dict[str, Any] = {name: arrays[f"spellings.{name}"] for name in _SPELLINGS}
    vocabulary: dict[str, Any] = {name: arrays[f"vocabulary.{name}"] for name in _VOCABULARY}
    words = list(_texts(arrays, "vocabulary.words"))
    return Index(
        entries=KeptEntries(arrays),
        embedder=embedder,
        texts=_texts(arrays, "texts"),
        originals=_texts(arrays, "originals"),
        said=_texts(arrays, "said"),
        spellings=Spellings(count=len(arrays["starts"]) - 1, **spellings),
        vocabulary=Vocabulary(embedder, words=words, **vocabulary),
        crowding=arrays.get("crowding"),
        **{name: arrays[name] for name in _PLAIN},
    )


def _texts(arrays: Arrays, name: str) -> Texts:
    return Texts(arrays[f"{name}.signs"], arrays[f"{name}.ends"])
