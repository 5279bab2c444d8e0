"""Which entries are nearest to a message: six opinions, weighed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding import Embedder
from comptoir.understanding.ngrams import grams_of
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.index import Index, Message, document
from comptoir.understanding.retrieval.words import likeness, words_of

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

#: The opinions, in the order of their columns: the nearest phrasings; all of them; a classifier over them; the same
#: stretches of letters; words of nearly the same meaning; the answer's nearest sentence.
OPINIONS = ("nearest", "around", "classifier", "spelling", "words", "answer")
_NEAREST, _AROUND = 3, 7
#: Beyond so many entries the rest is dismissed by the classifier and the spelling, which are read off for all at once.
_LOOKED_AT = 100
#: Of so many words all are compared, which takes less than choosing among them.
_FEW_WORDS = 6_000
#: By how many texts of others it is told how crowded it is around an entry; and how many are asked at most.
_CROWD = 10
_MAX_ASKED = 400


@dataclass(frozen=True)
class Compared:
    """What is thought of the entries ``places`` (in the catalogue): one row each, one column an opinion; and for each
    the place, among the index's texts, of the phrasing that is nearest."""

    places: Places
    opinions: Floats
    nearest: Places


def compare(
    index: Index, message: Message, weights: Floats, left_out: int | None = None, among: Places | None = None
) -> Compared:
    """Look at the entries that may answer; ``among`` are the places of those that are in question, by default all.
    ``left_out`` is the place of one of the index's texts that is to be treated as if it did not exist."""
    classified = message.vector @ index.heads
    spelled = index.spellings.against(message.grams)
    if left_out is not None:
        owner = index.owner(left_out)
        classified[owner] = _classified_without(index, message, classified[owner])
        spelled[owner] = index.spellings.between(message.grams, grams_of([_document_without(index, owner, left_out)]))
    places = _likely(classified * weights[2] + spelled * weights[3], among)
    near, around, nearest = _near(index, message, places, left_out)
    said = [near, around, classified[places], spelled[places]]
    said += [_worded(index, message, places, left_out), _answered(index, message, places)]
    opinions = np.stack(said, axis=1).astype(np.float32)
    return Compared(places, opinions if index.crowding is None else opinions - index.crowding[places], nearest)


def ready(
    entries: Sequence[Entry],
    embedder: Embedder,
    told: Callable[[int, int], None] = lambda done, total: None,
    former: Index | None = None,
) -> Index:
    """An index of which it is known what entries are near to everything: that is taken off when they are compared."""
    index = Index.build(entries, embedder, told, former)
    if 2 < len(index.entries) <= _LOOKED_AT:
        index.crowding = _crowding(index)
    return index


def _crowding(index: Index) -> Floats:
    """Half of what is thought of each entry, at its nearest, when the texts of the others are asked (after the scaling
    by local neighbourhoods of Conneau et al. 2018)."""
    flat = np.ones(len(OPINIONS), np.float32)
    asked = np.unique(np.linspace(0, len(index.texts) - 1, _MAX_ASKED).astype(int)).tolist()
    said = np.stack([compare(index, index.of_own(place), flat, place).opinions for place in asked])
    said[np.arange(len(asked)), [index.owner(place) for place in asked]] = -np.inf
    nearest = np.sort(said, axis=0)[-_CROWD:]
    held = np.isfinite(nearest)
    return np.asarray(0.5 * np.where(held, nearest, 0.0).sum(axis=0) / np.maximum(held.sum(axis=0), 1), np.float32)


def _likely(first: Floats, among: Places | None) -> Places:
    places = np.arange(len(first)) if among is None else among
    if len(places) <= _LOOKED_AT:
        return places
    return np.sort(places[np.argpartition(-first[places], _LOOKED_AT)[:_LOOKED_AT]])


def _near(index: Index, message: Message, places: Places, left_out: int | None) -> tuple[Floats, Floats, Places]:
    counts = index.starts[places + 1] - index.starts[places]
    columns = np.arange(int(counts.max()))
    texts = np.minimum(index.starts[places][:, None] + columns, len(index.texts) - 1)
    said = index.vectors[texts].astype(np.float32) @ message.vector
    said[(columns >= counts[:, None]) | (texts == (-1 if left_out is None else left_out))] = -np.inf
    order = np.argsort(-said, axis=1)
    best = np.take_along_axis(said, order[:, :_AROUND], axis=1)
    return _mean(best[:, :_NEAREST]), _mean(best), texts[np.arange(len(places)), order[:, 0]]


def _mean(said: Floats) -> Floats:
    held = np.isfinite(said)
    return np.asarray(np.where(held, said, 0.0).sum(axis=1) / np.maximum(held.sum(axis=1), 1), np.float32)


def _worded(index: Index, message: Message, places: Places, left_out: int | None) -> Floats:
    parts = [index.words[index.word_starts[place] : index.word_starts[place + 1]] for place in places]
    if left_out is not None:
        owner = index.owner(left_out)
        for row in np.flatnonzero(places == owner).tolist():
            kept = words_of(_document_without(index, owner, left_out))
            parts[row] = np.array([index.vocabulary.places[word] for word in kept] or [0], np.int32)
    starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])[:-1]]).astype(np.int64)
    where = np.concatenate(parts)
    if len(index.vocabulary.vectors) <= _FEW_WORDS:
        return likeness(message.words, message.weights, index.vocabulary.wide, where, starts)
    each, among = np.unique(where, return_inverse=True)
    return likeness(message.words, message.weights, index.vocabulary.vectors[each].astype(np.float32), among, starts)


def _answered(index: Index, message: Message, places: Places) -> Floats:
    parts = [np.arange(index.sentence_starts[place], index.sentence_starts[place + 1]) for place in places]
    starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])[:-1]]).astype(np.int64)
    said = index.sentences[np.concatenate(parts)].astype(np.float32) @ message.vector
    return np.asarray(np.maximum.reduceat(said, starts), np.float32)


def _document_without(index: Index, owner: int, text: int) -> str:
    own = range(int(index.starts[owner]), int(index.starts[owner + 1]))
    return document([index.texts[place] for place in own if place != text], index.entries[owner])


def _classified_without(index: Index, message: Message, said: float) -> float:
    """What the classifier would say had it not seen the message (closed form for least squares)."""
    own = float(message.vector @ index.inverse @ message.vector)
    return (said - own) / max(1.0 - own, 1e-3)
