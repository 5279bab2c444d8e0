"""What teaches the deep embedder."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training.tuned_layers import MATRICES, TunedLayer

WIDTH, INNER, HEADS, PIECES = 24, 48, 4, 5


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def layer(chance: np.random.Generator) -> TunedLayer:
    sizes = {"qkv": (WIDTH, 3 * WIDTH), "ao": (WIDTH, WIDTH), "fi": (WIDTH, INNER), "fo": (INNER, WIDTH)}
    weights = {f"{name}.w": drawn(chance, *sizes[name]) / sizes[name][0] ** 0.5 for name in MATRICES}
    weights |= {f"{name}.b": drawn(chance, sizes[name][1]) for name in MATRICES}
    weights |= {f"{name}.w": 1.0 + drawn(chance, WIDTH) / 10 for name in ("aln", "oln")}
    weights |= {f"{name}.b": drawn(chance, WIDTH) for name in ("aln", "oln")}
    made = TunedLayer(weights, "", HEADS, 3, chance, dropped=0.0)
    for one in made.learnt():
        one.value = drawn(chance, *one.value.shape) / 3
    return made


def drawn(chance: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    return chance.standard_normal(shape, np.float32)


def test_slopes_are_those_of_small_steps(layer: TunedLayer, chance: np.random.Generator):
    given, wanted = drawn(chance, 2 * PIECES, WIDTH), drawn(chance, 2 * PIECES, WIDTH)
    unseen = np.zeros((2, 1, 1, PIECES), np.float32)
    unseen[1, 0, 0, 3:] = -1e9
    layer.forward(given, unseen)
    slope = layer.backward(wanted)

    for numbers, found in [(given, slope), *((one.value, one.slope.copy()) for one in layer.learnt())]:
        place = tuple(int(chance.integers(0, size)) for size in numbers.shape)
        sides = []
        for step in (0.01, -0.02):
            numbers[place] += step
            sides.append(float((layer.forward(given, unseen).astype(np.float64) * wanted).sum()))
        numbers[place] += 0.01
        assert (sides[0] - sides[1]) / 0.02 == pytest.approx(found[place], rel=0.01, abs=0.005)


def test_what_has_learnt_nothing_changes_nothing(layer: TunedLayer, chance: np.random.Generator):
    given, unseen = drawn(chance, PIECES, WIDTH), np.zeros((1, 1, 1, PIECES), np.float32)
    learnt = layer.forward(given, unseen)
    for product in layer.products.values():
        product.up.value[:] = 0.0
    plain = layer.forward(given, unseen)
    assert abs(learnt - plain).max() > 0.01
    for product in layer.products.values():
        product.down.value[:] = 0.0
    assert layer.forward(given, unseen) == pytest.approx(plain)
