"""What the pieces of several texts say to one another."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from comptoir.understanding.embedding import attention
from comptoir.understanding.embedding.attention import Rows

HEADS, SIZE = 4, 8
WIDTH = HEADS * SIZE
BATCHES = [[5], [7, 7, 6, 6, 6, 2], [3, 3, 3], [1, 4, 2], [160, 159]]

Floats = NDArray[np.float32]


def _asked(rows: Rows) -> Floats:
    return np.random.default_rng(5).standard_normal((len(rows.ids), 3 * WIDTH)).astype(np.float32)


def _side_by_side(asked: Floats, longest: int, lengths: list[int]) -> Floats:
    """The same, of texts that are all made as long as the longest."""
    query, key, value = asked.reshape(len(lengths), longest, 3, HEADS, SIZE).transpose(2, 0, 3, 1, 4)
    scores = query @ key.transpose(0, 1, 3, 2)
    for score, length in zip(scores, lengths, strict=True):
        score[:, :, length:] = -1e9
    shares = np.exp(np.minimum(scores, 80.0))
    seen = shares @ value / shares.sum(axis=-1, keepdims=True)
    return np.asarray(seen.transpose(0, 2, 1, 3).reshape(len(lengths), longest, WIDTH), np.float32)


@pytest.mark.parametrize("scores_at_once", [1, 1 << 16])
@pytest.mark.parametrize("lengths", BATCHES)
def test_rows_without_gaps_see_what_rows_with_gaps_see(
    lengths: list[int], scores_at_once: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(attention, "_SCORES", scores_at_once)
    rows = Rows([[1] * length for length in lengths])
    asked = _asked(rows)
    kept, at = rows.side_by_side()
    wanted = _side_by_side(asked[at], max(lengths), lengths)[kept == 1]
    assert rows.attended(asked, HEADS)[: sum(lengths)] == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("lengths", BATCHES)
def test_no_more_rows_than_pieces_but_for_what_is_read_behind_the_last(lengths: list[int]):
    rows = Rows([[7] * length for length in lengths])
    assert (rows.ids[: sum(lengths)] == 7).all()
    assert rows.places[: sum(lengths)].tolist() == [place for length in lengths for place in range(length)]
    behind = max(sum(lengths[:number]) + max(lengths) for number in range(len(lengths)))
    assert len(rows.ids) == behind


@pytest.mark.parametrize("lengths", BATCHES)
def test_what_stands_behind_a_text_changes_nothing_of_it(lengths: list[int]):
    rows = Rows([[1] * length for length in lengths])
    asked = _asked(rows)
    other = asked.copy()
    other[lengths[0] :] *= 3
    first, second = (rows.attended(one, HEADS)[: lengths[0]] for one in (asked, other))
    assert (first == second).all()


def test_a_row_counts_as_much_as_the_others_of_its_text():
    shares = Rows([[1, 2, 3, 4], [1, 2]]).shares()
    assert shares[:, :6].tolist() == [[0.25] * 4 + [0] * 2, [0] * 4 + [0.5] * 2]
    assert not shares[:, 6:].any()
