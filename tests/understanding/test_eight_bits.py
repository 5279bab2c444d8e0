"""Products in eight bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from comptoir.understanding.embedding import eight_bits
from comptoir.understanding.embedding.bending import LEAST_BENT, bend, bent_between
from comptoir.understanding.embedding.eight_bits import Floats, Rounded

ROWS = (1, 2, 3, 5, 200)
SHAPES = [(384, 1152), (384, 384), (1536, 384)]


def _matrix(shape: tuple[int, int]) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(3)
    return chance.normal(0, 0.05, shape).astype(np.float32), chance.normal(0, 1, shape[1]).astype(np.float32)


def _given(rows: int, shape: tuple[int, int]) -> Floats:
    return np.random.default_rng(rows).standard_normal((rows, shape[0])).astype(np.float32)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("least", [None, LEAST_BENT])
def test_a_product_is_within_two_hundredths(shape: tuple[int, int], least: float | None):
    matrix, bias = _matrix(shape)
    given = _given(50, shape) if least is None else bend(_given(50, shape))
    product, wanted = Rounded(matrix, bias, least=least).times(given.copy()) - bias, given @ matrix
    assert np.linalg.norm(product - wanted) < 0.02 * np.linalg.norm(wanted)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("least", [None, -9.0])
def test_onnxruntime_and_numpy_multiply_the_same(
    shape: tuple[int, int], least: float | None, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("onnxruntime")
    matrix, bias = _matrix(shape)
    theirs = Rounded(matrix, bias, least=least)
    monkeypatch.setattr(eight_bits, "runtime", lambda: None)
    ours = Rounded(matrix, bias, least=least)
    for rows in ROWS:
        given = _given(rows, shape)
        assert abs(theirs.times(given) - ours.times(given)).max() < 1e-4


@pytest.mark.parametrize("least", [None, 0.0])
def test_no_product_stops_at_the_largest_number_of_sixteen_bits(least: float | None):
    """Every number as large as it may be and of its column's sign: the processor adds pairs of such products."""
    pytest.importorskip("onnxruntime")
    shape = (384, 384)
    matrix = np.where(_given(384, shape) > 0, 1.0, 0.0 if least == 0.0 else -1.0).astype(np.float32)
    given = np.ascontiguousarray(matrix.T) * np.float32(7)
    product = Rounded(matrix, np.zeros(384, np.float32), least=least).times(given)
    assert product == pytest.approx(given @ matrix, rel=0.01, abs=1e-3)


def test_what_stands_beside_a_row_changes_nothing_of_it():
    matrix, bias = _matrix((384, 384))
    rounded, given = Rounded(matrix, bias), _given(9, (384, 384))
    together = rounded.times(np.concatenate([given, 1_000 * given]))[:9]
    assert abs(together - rounded.times(given)).max() == 0


def test_rows_of_nothing_give_what_is_added():
    matrix, bias = _matrix((384, 384))
    assert (Rounded(matrix, bias).times(np.zeros((2, 384), np.float32)) == bias).all()


@pytest.mark.parametrize("error", [ImportError, OSError])
def test_where_onnxruntime_does_not_load_there_is_none(error: type[Exception], monkeypatch: pytest.MonkeyPatch):
    def refused(name: str) -> Any:
        raise error(name)

    monkeypatch.setattr(eight_bits, "import_module", refused)
    assert eight_bits.runtime.__wrapped__() is None


def test_no_bent_number_is_smaller_than_the_least():
    bent = bend(np.linspace(-20, 20, 400_001, dtype=np.float32)[None])
    assert LEAST_BENT < bent.min() < LEAST_BENT + 0.001


@pytest.mark.parametrize("rows", [1, 47, 48, 49, 200])
def test_bent_between_two_products_it_is_to_the_last_bit_what_one_step_after_the_other_gives(rows: int):
    wide, narrow = Rounded(*_matrix((384, 1536))), Rounded(*_matrix((1536, 384)), least=LEAST_BENT)
    given = _given(rows, (384, 1536))
    assert (bent_between(given, wide, narrow) == narrow.times(bend(wide.times(given)))).all()
