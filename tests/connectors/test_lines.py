"""Lines of an answer that goes on and on."""

from __future__ import annotations

import itertools

from comptoir.connectors.shared.lines import lines_of


def test_lines_are_put_together_whatever_the_pieces() -> None:
    assert list(lines_of([b"da", b"ta: \xc3", b"\xa9\r", b"\n\nfin\n"], longest=100)) == ["data: é", "", "fin"]


def test_what_people_write_ends_no_line() -> None:
    written = "data: un\u2028deux\x85trois\x0cquatre"
    assert list(lines_of([written.encode() + b"\n"], longest=100)) == [written]


def test_a_line_that_never_ends_is_not_kept() -> None:
    endless = itertools.chain([b"x" * 1000] * 1000, [b"\nfin\n"])
    assert list(lines_of(endless, longest=10)) == ["x" * 10, "fin"]
