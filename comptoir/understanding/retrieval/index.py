"""The index of a catalogue: what is worked out once of each entry, and what a message is compared with."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding import Embedder, Vectors
from comptoir.understanding.ngrams import Grams, grams_of
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.everyday import everyday
from comptoir.understanding.retrieval.plainer import plainer
from comptoir.understanding.retrieval.words import Spellings, Vocabulary, of_length_one, weights_of, words_of

Places = NDArray[np.int64]
Floats = NDArray[np.float32]

#: Of an entry's phrasings the first so many are compared; and so many sentences of its answer.
MAX_PHRASINGS = 60
_MAX_SENTENCES = 12
_BATCH = 64
_BLOCK = 1_000
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
    to everything (`ranking.ready`)."""

    entries: list[Entry]
    embedder: Embedder
    mean: Vectors
    texts: list[str]
    originals: list[str]
    starts: Places
    vectors: NDArray[np.float16]
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
        cls, entries: Sequence[Entry], embedder: Embedder, told: Callable[[int, int], None] = lambda done, total: None
    ) -> Index:
        """``told`` is called with how many texts are read, of how many."""
        asked = [_asked(entry) for entry in entries]
        sentences = [_sentences(entry.answer) for entry in entries]
        texts = [text for own in asked for text in own]
        mean = _embedded([text for text, _ in everyday()], embedder).mean(axis=0)
        every = [*texts, *(one for own in sentences for one in own)]
        vectors = _measured_from(mean, every, embedder, told)
        starts = _starts(asked)
        heads, inverse = _classifier(vectors[: len(texts)], starts)
        vocabulary, words, word_starts = _words(asked, entries, embedder)
        return cls(
            entries=list(entries), embedder=embedder, mean=mean, texts=texts,
            originals=[text for entry in entries for text in _written(entry)], starts=starts,
            vectors=vectors[: len(texts)], sentences=vectors[len(texts) :], sentence_starts=_starts(sentences),
            heads=heads, inverse=inverse,
            spellings=Spellings.of([document(own, entry) for own, entry in zip(asked, entries, strict=True)]),
            vocabulary=vocabulary, words=words, word_starts=word_starts,
        )  # fmt: skip

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


def _sentences(answer: str) -> list[str]:
    found = [one.strip() for one in _SENTENCE_END.split(answer)]
    return [one for one in found if len(one) >= _LEAST_SENTENCE_CHARS][:_MAX_SENTENCES] or [answer]


def _words(
    asked: Sequence[Sequence[str]], entries: Sequence[Entry], embedder: Embedder
) -> tuple[Vocabulary, NDArray[np.int32], Places]:
    documents = [document(own, entry) for own, entry in zip(asked, entries, strict=True)]
    vocabulary = Vocabulary.of(documents, embedder)
    # An entry in a script without words as we cut them has none: the first of all stands in, so that each has one.
    found = [[vocabulary.places[word] for word in words_of(text)] or [0] for text in documents]
    return vocabulary, np.array([place for own in found for place in own], np.int32), _starts(found)


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
