"""Words cut into the pieces of a vocabulary that is kept as checksums."""

from __future__ import annotations

import zlib
from itertools import combinations

import numpy as np

from comptoir.understanding import ngrams
from comptoir.understanding.embedding.checksums import of_stretches
from comptoir.understanding.embedding.pieces import Pieces
from comptoir.understanding.ngrams import grams_of

#: Two words of one checksum.
_ONE, _OTHER = "buckeroo", "plumless"


def pieces_of(written: list[bytes]) -> Pieces:
    """Of a vocabulary in which what comes first is likeliest."""
    offsets = np.cumsum([0, *map(len, written)]).astype(np.uint32)
    return Pieces(b"".join(written), offsets, -np.arange(len(written), dtype=np.float32), unknown=0)


def cut(word: str, *vocabulary: str) -> list[str]:
    """The pieces of a word; what is in none is « ? »."""
    written = [piece.encode() for piece in ("?", "▁", *vocabulary)]
    return [written[piece].decode() for piece in pieces_of(written).cut(word)]


def test_the_likeliest_way_is_taken():
    assert cut("colis", "co", "lis", "colis") == ["▁", "colis"]
    assert cut("colis", "co", "lis", "c", "o", "l", "i", "s", "colis") == ["▁", "co", "lis"]


def test_a_sign_that_is_in_no_piece_stands_alone():
    assert cut("co€lis", "co", "lis") == ["▁", "co", "?", "lis"]


def test_of_two_pieces_of_one_checksum_the_one_that_is_written_is_taken():
    assert zlib.crc32(_ONE.encode()) == zlib.crc32(_OTHER.encode())
    assert [cut(word, _ONE, _OTHER) for word in (_ONE, _OTHER)] == [["▁", _ONE], ["▁", _OTHER]]


def test_a_word_that_only_has_the_checksum_of_a_piece_is_cut_into_others():
    assert cut(_OTHER, _ONE, "plum", "less") == ["▁", "plum", "less"]


def test_words_are_remembered_and_endless_runs_of_letters_are_not():
    """An address with its tracking comes once: thousands of them would fill the memory."""
    pieces = pieces_of([b"?", "▁".encode(), b"colis"])
    assert pieces.of_text(f"colis {'x' * 1_400} colis") == [1, 2, 1, *[0] * 1_400, 1, 2]
    assert pieces.known_words() == 1
    before = ngrams._word_hash.cache_info().currsize
    grams_of(["abc" * 400])
    assert ngrams._word_hash.cache_info().currsize == before


def test_words_that_are_cut_together_are_cut_as_each_alone():
    written = [b"?", "▁".encode(), *(one.encode() for one in ("co", "lis", "colis", "é", "plum", "less", _ONE, "▁co"))]
    words = ["colis", "lis", "col€is", "éco", _ONE, _OTHER, "colislis", "€", "c" * 64]
    together, alone = pieces_of(written), pieces_of(written)
    together.learn(words)
    assert together.known_words() == len(words)
    assert [together.of_word(word) for word in words] == [alone.cut(word) for word in words]


def test_of_two_pieces_of_one_checksum_the_one_that_is_written_is_taken_also_together():
    written = [b"?", "▁".encode(), _ONE.encode(), _OTHER.encode()]
    pieces = pieces_of(written)
    pieces.learn([_ONE, _OTHER, "a", "b"])
    assert [pieces.of_word(word) for word in (_ONE, _OTHER)] == [(1, 2), (1, 3)]


def test_of_many_words_every_stretch_has_its_checksum():
    words = ["colis", "é€😀a", "x" * 30]
    written = [word.encode() for word in words]
    checksums, owners, starts, ends = of_stretches(written, 20)
    found = dict(
        zip(zip(owners.tolist(), starts.tolist(), ends.tolist(), strict=True), checksums.tolist(), strict=True)
    )
    assert found == {
        (place, start, end): zlib.crc32(word[start:end].encode())
        for place, word in enumerate(words)
        for start, end in combinations(range(len(word) + 1), 2)
        if len(word[start:end].encode()) <= 20
    }


def test_n_grams_of_many_texts_are_those_of_each():
    texts = ["Bonjour, où est mon colis ?", "", "a", "!!", "Bonjour bonjour"]
    together = grams_of(texts)
    for row, text in enumerate(texts):
        alone, own = grams_of([text]), slice(together.starts[row], together.starts[row + 1])
        assert together.places[own].tolist() == alone.places.tolist()
        assert np.allclose(together.weights[own], alone.weights)
