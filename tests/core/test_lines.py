"""Words on one line."""

from __future__ import annotations

import pytest

from comptoir.core.lines import on_one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Colis \n en\tretard ", "Colis en retard"),
        ("La lampe «\u00a0Aube\u00a0»\u202f: où ?", "La lampe «\u00a0Aube\u00a0»\u202f: où ?"),
        ("a\x00b", "ab"),
        ("\u00a0 \x00", ""),
    ],
)
def test_lines_become_one_and_no_break_spaces_stay(typed: str, kept: str) -> None:
    assert on_one_line(typed) == kept
