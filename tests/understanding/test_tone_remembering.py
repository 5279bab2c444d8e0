"""What a sentence of a reply means is read once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from comptoir.understanding.tone import model
from comptoir.understanding.tone.model import Floats, _Remembering, deep, deep_vectors


def test_a_sentence_is_read_once_and_given_in_its_place_each_time():
    read: list[list[str]] = []

    def lengths(texts: Sequence[str]) -> Floats:
        read.append(list(texts))
        return np.array([[len(text)] for text in texts], np.float32)

    vectors = _Remembering(lengths)
    assert vectors(["Bonjour", "Au revoir", "Bonjour"]).tolist() == [[7], [9], [7]]
    assert vectors(["Merci", "Au revoir"]).tolist() == [[5], [9]]
    assert read == [["Bonjour", "Au revoir"], ["Merci"]]


def test_of_so_many_sentences_all_are_forgotten_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(model, "_REMEMBERED", 3)
    vectors = _Remembering(lambda texts: np.ones((len(texts), 1), np.float32))
    for number in range(20):
        assert vectors([str(number), f"{number} bis"]).shape == (2, 1)
        assert len(vectors._known) <= 4


def test_remembered_it_is_what_the_embedder_gives():
    texts = ["Nous vous présentons nos excuses.", "Bonne journée", "Votre colis part demain."]
    deep_vectors(texts[1:2])
    read = deep().read(texts, (model.LAST_LAYER,))
    assert abs(deep_vectors(texts) - read / np.linalg.norm(read, axis=1, keepdims=True)).max() < 1e-5
