"""The index of a catalogue: what is worked out once of each entry, and what a message is compared with."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding import Embedder, Vectors
from comptoir.understanding.ngrams import Grams, grams_of
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.everyday import everyday
from comptoir.understanding.retrieval.plainer import plainer
from comptoir.understanding.retrieval.spelling import Spellings
from comptoir.understanding.retrieval.words import Vocabulary, of_length_one, weights_of, words_of

Part = TypeVar("Part")
Places = NDArray[np.int64]
Floats = NDArray[np.float32]

#: Of an entry's phrasings the first so many are compared; and so many sentences of its answer.
MAX_PHRASINGS = 60
_MAX_SENTENCES = 12
_BATCH = 64
_BLOCK = 1_000
_DIGEST_BYTES = 16
_RIDGE = 2.0
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_LEAST_SENTENCE_CHARS = 16


@dataclass(frozen=True)
class Message:
    """A message as it is compared."""

    text: str
    language: str
    vector: Vectors
    grams: Grams
    words: Vectors
    weights: Floats


@dataclass
class Index:
    """Everything of all entries. ``starts`` say where an entry's texts (its question, then its phrasings) begin in
    ``texts`` and ``vectors``; ``originals`` are those texts as they were written; ``heads`` are a least-squares
    classifier over them, one column an entry. ``crowding`` is what is taken off the opinions on entries that are near
    to everything (`ranking.ready`). ``digests`` are of all that an entry says: by them it is known again."""

    entries: Sequence[Entry]
    embedder: Embedder
    mean: Vectors
    digests: NDArray[np.uint8]
    texts: Sequence[str]
    originals: Sequence[str]
    starts: Places
    vectors: NDArray[np.float16]
    said: Sequence[str]
    sentences: NDArray[np.float16]
    sentence_starts: Places
    heads: Floats
    inverse: Floats
    spellings: Spellings
    vocabulary: Vocabulary
    words: NDArray[np.int32]
    word_starts: Places
    crowding: Floats | None = None

    @classmethod
    def build(
        cls,
        entries: Sequence[Entry],
        embedder: Embedder,
        told: Callable[[int, int], None] = lambda done, total: None,
        former: Index | None = None,
    ) -> Index:
        """``told`` is called with how many texts are read, of how many; entries that ``former`` (by the same embedder)
        has too are not read again."""
        digests = [_digest(entry) for entry in entries]
        own = _known_again(digests, former)
        asked = _parts(entries, own, former.own_texts if former else None, _asked)
        said = _parts(entries, own, former.own_sentences if former else None, _said)
        fresh = np.flatnonzero(own < 0).tolist()
        documents = {place: document(asked[place], entries[place]) for place in fresh}
        texts, sentences = (_joined(parts[place] for place in fresh) for parts in (asked, said))
        mean = _embedded([text for text, _ in everyday()], embedder).mean(axis=0)
        read = _measured_from(mean, [*texts, *sentences], embedder, told)
        starts, sentence_starts = _starts(asked), _starts(said)
        vectors = _spliced(own, starts, read[: len(texts)], (former.starts, former.vectors) if former else None)
        heads, inverse = _classifier(vectors, starts)
        vocabulary, words, word_starts = _words(documents, own, embedder, former)
        return cls(
            entries=entries, embedder=embedder, mean=mean,
            digests=np.frombuffer(b"".join(digests), np.uint8).reshape(-1, _DIGEST_BYTES),
            texts=_joined(asked), originals=_joined(_written(entry) for entry in entries), starts=starts,
            vectors=vectors, said=_joined(said), sentence_starts=sentence_starts,
            sentences=_spliced(own, sentence_starts, read[len(texts) :],
                               (former.sentence_starts, former.sentences) if former else None),
            heads=heads, inverse=inverse,
            spellings=Spellings.of(list(documents.values()), former.spellings if former else None, own),
            vocabulary=vocabulary, words=words, word_starts=word_starts,
        )  # fmt: skip

    def own_texts(self, place: int) -> list[str]:
        """What is compared of one entry: its question, then its phrasings."""
        return list(self.texts[int(self.starts[place]) : int(self.starts[place + 1])])

    def own_sentences(self, place: int) -> list[str]:
        """Those of one entry's answer."""
        return list(self.said[int(self.sentence_starts[place]) : int(self.sentence_starts[place + 1])])

    def own_words(self, place: int) -> list[str]:
        """The different words of one entry."""
        own = self.words[self.word_starts[place] : self.word_starts[place + 1]]
        return [self.vocabulary.words[word] for word in own.tolist()]

    def messages(self, texts: Sequence[str], languages: Sequence[str]) -> list[Message]:
        """What is compared of each text, worked out together."""
        plain = [plainer(text, language) for text, language in zip(texts, languages, strict=True)]
        vectors = of_length_one(_embedded(plain, self.embedder) - self.mean) if plain else np.zeros((0, 1), np.float32)
        self.vocabulary.learn([word for text in plain for word in words_of(text)])
        return [
            self._message(text, language, vector)
            for text, language, vector in zip(plain, languages, vectors, strict=True)
        ]

    def owner(self, place: int) -> int:
        """The entry that has one of the texts."""
        return int(np.searchsorted(self.starts, place, side="right")) - 1

    def of_own(self, place: int) -> Message:
        """One of the index's own texts, as if a customer had written it."""
        owner = self.owner(place)
        vector = self.vectors[place].astype(np.float32)
        return self._message(self.texts[place], self.entries[owner].language, vector)

    def _message(self, text: str, language: str, vector: Vectors) -> Message:
        words = words_of(text)
        return Message(text, language, vector, grams_of([text]), self.vocabulary.vectors_of(words), weights_of(words))


def document(asked: Sequence[str], entry: Entry) -> str:
    """All that an entry says, as words are compared."""
    return " ".join([*asked, plainer(entry.answer, entry.language)])


def _written(entry: Entry) -> list[str]:
    return [entry.question, *entry.phrasings[:MAX_PHRASINGS]]


def _asked(entry: Entry) -> list[str]:
    return [plainer(text, entry.language) for text in _written(entry)]


def _said(entry: Entry) -> list[str]:
    found = [one.strip() for one in _SENTENCE_END.split(entry.answer)]
    return [one for one in found if len(one) >= _LEAST_SENTENCE_CHARS][:_MAX_SENTENCES] or [entry.answer]


def _parts(
    entries: Sequence[Entry],
    own: Places,
    known: Callable[[int], list[str]] | None,
    fresh: Callable[[Entry], list[str]],
) -> list[list[str]]:
    """Of each entry: what the former index has of it, else what is worked out now."""
    return [
        known(old) if known and old >= 0 else fresh(entry) for entry, old in zip(entries, own.tolist(), strict=True)
    ]


def _words(
    documents: dict[int, str], own: Places, embedder: Embedder, former: Index | None
) -> tuple[Vocabulary, NDArray[np.int32], Places]:
    every = [
        former.own_words(old) if former and old >= 0 else words_of(documents[place])
        for place, old in enumerate(own.tolist())
    ]
    vocabulary = Vocabulary.of(list(dict.fromkeys(_joined(every))), embedder, former.vocabulary if former else None)
    # An entry in a script without words as we cut them has none: the first of all stands in, so that each has one.
    found = [[vocabulary.places[word] for word in words] or [0] for words in every]
    return vocabulary, np.array(_joined(found), np.int32), _starts(found)


def _joined(parts: Iterable[Sequence[Part]]) -> list[Part]:
    return [one for own in parts for one in own]


def _digest(entry: Entry) -> bytes:
    """Of all that is compared."""
    everything = repr((entry.question, entry.phrasings[:MAX_PHRASINGS], entry.answer, entry.language))
    return hashlib.blake2b(everything.encode("utf-8", "replace"), digest_size=_DIGEST_BYTES).digest()


def _known_again(digests: Sequence[bytes], former: Index | None) -> Places:
    """For each entry where it stood in the former index, or -1. Two that say the same stood at different places."""
    places: dict[bytes, list[int]] = {}
    for place, digest in reversed(list(enumerate(former.digests if former else ()))):
        places.setdefault(digest.tobytes(), []).append(place)
    return np.array([own.pop() if (own := places.get(digest)) else -1 for digest in digests], np.int64)


def _spliced(
    own: Places, starts: Places, fresh: NDArray[np.float16], former: tuple[Places, NDArray[np.float16]] | None
) -> NDArray[np.float16]:
    """Rows of entries as they stand now: the former's where it knew them, the next of the fresh ones elsewhere."""
    if former is None:
        return fresh
    rows = np.empty((int(starts[-1]), fresh.shape[1]), np.float16)
    taken = 0
    for place, old in enumerate(own.tolist()):
        first, last = int(starts[place]), int(starts[place + 1])
        if old >= 0:
            rows[first:last] = former[1][former[0][old] : former[0][old + 1]]
        else:
            rows[first:last] = fresh[taken : taken + last - first]
            taken += last - first
    return rows


def _starts(parts: Sequence[Sequence[object]]) -> Places:
    return np.concatenate([[0], np.cumsum([len(own) for own in parts])]).astype(np.int64)


def _classifier(vectors: NDArray[np.float16], starts: Places) -> tuple[Floats, Floats]:
    """Regularised least squares, one column an entry: its coefficients, and the inverse that they were found with."""
    width = vectors.shape[1]
    curve = _RIDGE * np.eye(width, dtype=np.float32)
    sums = np.empty((len(starts) - 1, width), np.float32)
    for first in range(0, len(sums), _BLOCK):
        last = min(first + _BLOCK, len(sums))
        own = vectors[starts[first] : starts[last]].astype(np.float32)
        curve += own.T @ own
        sums[first:last] = np.add.reduceat(own, starts[first:last] - starts[first], axis=0)
    inverse = np.asarray(np.linalg.inv(curve), np.float32)
    return np.asarray(inverse @ sums.T, np.float32), inverse


def _measured_from(
    mean: Vectors, texts: Sequence[str], embedder: Embedder, told: Callable[[int, int], None]
) -> NDArray[np.float16]:
    """Vectors of length one, halved in memory: a large catalogue has a hundred thousand texts."""
    found = np.empty((len(texts), embedder.dimensions), np.float16)
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        found[start : start + _BATCH] = of_length_one(embedder.embed(batch) - mean)
        told(start + len(batch), len(texts))
    return found


def _embedded(texts: Sequence[str], embedder: Embedder) -> Vectors:
    parts = [embedder.embed(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
    return np.concatenate(parts) if parts else np.zeros((0, embedder.dimensions), np.float32)
