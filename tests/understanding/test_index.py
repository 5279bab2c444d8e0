"""The index of a catalogue: made anew or from the one before, kept in a folder and mapped, it is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.understanding.embedding import Vectors
from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.mapped import read_folder, write_folder
from comptoir.understanding.retrieval.confidence import coefficients, rank
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.index import Index
from comptoir.understanding.retrieval.keeping import arrays_of, index_of
from comptoir.understanding.retrieval.ranking import ready
from tests.understanding.test_retrieval import ENTRIES

OTHERS = [
    replace(ENTRIES[0], key="twin"),
    Entry("return", "Comment renvoyer un article ?", ("renvoi", "retourner ma robe"), "Par la poste.", "fr"),
    Entry("script", "配送", (), "明日", "zh"),
    Entry("english", "Do you ship abroad?", ("shipping to Spain",), "Yes, everywhere in Europe.", "en"),
]  # fmt: skip
EVERY = [*ENTRIES, *OTHERS]
catalogues = st.lists(st.sampled_from(range(len(EVERY))), min_size=1, max_size=len(EVERY), unique=True)


class Counting:
    """An embedder that says which texts it was given."""

    def __init__(self) -> None:
        self.dimensions = meaning_embedder().dimensions
        self.given: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.given += texts
        return meaning_embedder().embed(texts)


class Remembering:
    """An embedder that is asked once what it says of a text."""

    def __init__(self) -> None:
        self.dimensions = meaning_embedder().dimensions
        self._known: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in texts if text not in self._known]
        self._known |= dict(zip(new, meaning_embedder().embed(new), strict=True)) if new else {}
        return np.array([self._known[text] for text in texts]).reshape(-1, self.dimensions)


REMEMBERING = Remembering()


def of(places: Sequence[int]) -> list[Entry]:
    return [EVERY[place] for place in places]


def assert_alike(one: Index, other: Index) -> None:
    first, second = arrays_of(one), arrays_of(other)
    assert first.keys() == second.keys()
    for name, array in first.items():
        assert array.shape == second[name].shape, name
        if array.dtype.kind == "f":
            assert np.allclose(array, second[name], atol=2e-3), name
        else:
            assert (array == second[name]).all(), name


@settings(max_examples=12)
@given(catalogues, catalogues)
def test_made_from_the_one_before_it_is_what_it_would_be_made_anew(before: list[int], after: list[int]):
    former = Index.build(of(before), REMEMBERING)
    assert_alike(Index.build(of(after), REMEMBERING, former=former), Index.build(of(after), REMEMBERING))


def test_only_what_changed_is_read_again():
    former = Index.build(EVERY, meaning_embedder())
    changed = replace(EVERY[1], answer="Votre colis arrive demain matin, sans faute.")
    embedder, told = Counting(), []
    Index.build(
        [EVERY[0], changed, *EVERY[3:]], embedder, lambda done, total: told.append((done, total)), former=former
    )
    assert told[-1] == (7, 7), "six ways to ask and one sentence"
    assert "sans faute" in " ".join(embedder.given)
    assert not any("horaires" in text for text in embedder.given)


@pytest.fixture
def kept(tmp_path: Path) -> Index:
    write_folder(tmp_path / "one", arrays_of(ready(EVERY, meaning_embedder())), {})
    return index_of(read_folder(tmp_path / "one")[0], meaning_embedder())


def test_kept_in_a_folder_it_ranks_as_before(kept: Index):
    index = ready(EVERY, meaning_embedder())
    for text in ("A quelle heure fermez-vous le samedi ?", "where is my parcel", "kumquat"):
        one, other = (rank(each, each.messages([text], ["fr"])[0], coefficients()) for each in (index, kept))
        assert one.places.tolist() == other.places.tolist()
        assert np.allclose(one.signs, other.signs, atol=1e-3)


def test_kept_in_a_folder_it_has_the_same_entries(kept: Index):
    assert list(kept.entries) == EVERY
    assert kept.entries[-1] == EVERY[-1]


def test_the_next_one_is_made_from_what_is_mapped(kept: Index):
    embedder = Counting()
    again = ready(EVERY[1:], embedder, former=kept)
    assert_alike(again, ready(EVERY[1:], meaning_embedder()))
    assert not any("colis" in text for text in embedder.given)


def test_everything_that_an_index_has_is_kept():
    index = ready(EVERY, meaning_embedder())
    names = {name.partition(".")[0] for name in arrays_of(index)}
    there: set[str] = {field.name for field in fields(Index)}
    assert there - names == {"embedder", "entries"}


def counts_of(text: str) -> Any:
    from comptoir.understanding.ngrams import counted

    return counted(text)[1]


def test_a_stretch_of_letters_that_comes_without_end_is_counted_up_to_a_limit():
    odd = Entry("odd", "ab " * 400, (), "Non.", "fr")
    assert counts_of(odd.question).max() > 255
    index = Index.build([odd, *ENTRIES], meaning_embedder())
    assert index.spellings.counts.max() == 255
