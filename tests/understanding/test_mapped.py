"""Folders of numbers that processes map: whole or not there, and the same whoever wrote them first."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.understanding.mapped import Texts, UnusableFolderError, read_folder, remove_folder, write_folder

NUMBERS = {"large": np.arange(50_000, dtype=np.float32).reshape(100, 500), "none": np.zeros((0, 4), np.int64)}


def test_what_was_written_is_read_with_its_shape_and_kind(tmp_path: Path):
    write_folder(tmp_path / "one", NUMBERS, {"name": "été"})
    arrays, told = read_folder(tmp_path / "one")
    assert told == {"name": "été"}
    assert {name: (one.shape, one.dtype) for name, one in arrays.items()} == {
        name: (one.shape, one.dtype) for name, one in NUMBERS.items()
    }
    assert (arrays["large"] == NUMBERS["large"]).all()


def test_the_first_to_write_a_folder_is_not_overwritten(tmp_path: Path):
    write_folder(tmp_path / "one", {}, {"by": "first"})
    write_folder(tmp_path / "one", {}, {"by": "second"})
    assert read_folder(tmp_path / "one")[1] == {"by": "first"}
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_file_that_was_cut_is_told(tmp_path: Path):
    write_folder(tmp_path / "one", NUMBERS, {})
    os.truncate(tmp_path / "one" / "large.npy", 70_000)
    with pytest.raises(UnusableFolderError):
        read_folder(tmp_path / "one")


def test_what_is_mapped_outlives_its_folder(tmp_path: Path):
    write_folder(tmp_path / "one", NUMBERS, {})
    arrays, _told = read_folder(tmp_path / "one")
    remove_folder(tmp_path / "one")
    assert list(tmp_path.iterdir()) == []
    assert arrays["large"][99, 499] == 49_999


def test_what_somebody_who_was_killed_had_begun_is_swept_away(tmp_path: Path):
    for name, age_s in (("new-old", 7200), ("new-fresh", 0)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age_s,) * 2)
    write_folder(tmp_path / "one", {}, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new-fresh", "one"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts_put_together_are_told_apart_again(texts: list[str]):
    kept = Texts.of(texts)
    assert list(kept) == texts
    assert [kept[place] for place in range(len(kept))] == texts
    assert kept[1:] == texts[1:]


def test_a_place_beyond_the_last_text_has_none():
    with pytest.raises(IndexError):
        Texts.of(["a"])[1]
