"""Words cut into the pieces of a vocabulary that is kept as checksums."""

from __future__ import annotations

import zlib

import numpy as np

from comptoir.understanding.embedding.pieces import Pieces

#: Two words of one checksum.
_ONE, _OTHER = "buckeroo", "plumless"


def cut(word: str, *vocabulary: str) -> list[str]:
    """The pieces of a word, of a vocabulary in which what comes first is likeliest; what is in none is « ? »."""
    written = [piece.encode() for piece in ("?", "▁", *vocabulary)]
    offsets = np.cumsum([0, *map(len, written)]).astype(np.uint32)
    scores = -np.arange(len(written), dtype=np.float32)
    pieces = Pieces(b"".join(written), offsets, scores, unknown=0)
    return [written[piece].decode() for piece in pieces.cut(word)]


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
