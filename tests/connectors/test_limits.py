"""How networks count."""

from __future__ import annotations

import pytest

from comptoir.connectors.base import Limits, TextUnit, text_length
from comptoir.connectors.base.limits import segments, weighted_length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Bonjour", 7),
        ("déjà vu", 7),
        ("日本", 4),
        ("👨‍👩‍👧‍👦", 2),
        ("🇫🇷", 2),
        ("https://example.com/a/very/long/address?with=query", 23),
        ("Voir https://exemple.fr, merci", 5 + 23 + 7),
        ("« oui »", 7),
        ("…", 2),
    ],
)
def test_a_weighted_text_counts_as_x_counts_it(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    ("text", "parts"),
    [("", 0), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
     ("ê" * 70, 1), ("ê" * 71, 2), ("a" * 152 + "€" + "a" * 100, 2), ("🙂" * 35, 1), ("🙂" * 36, 2)],
)  # fmt: skip
def test_an_sms_is_split_as_operators_split_it(text: str, parts: int) -> None:
    assert segments(text) == parts


def test_a_letter_of_two_septets_is_not_split_between_two_sms() -> None:
    assert segments("a" * 152 + "€" + "a" * 152) == 3


def test_every_unit_counts() -> None:
    lengths = {unit: text_length("é🙂", unit) for unit in TextUnit}
    assert lengths == {"graphemes": 2, "code_points": 2, "utf16": 3, "bytes": 6, "weighted": 3, "segments": 1}


def test_private_replies_have_their_own_limits_where_a_network_has_two() -> None:
    both = Limits(max_text_chars=280, private=Limits(max_text_chars=10_000))
    assert (both.of("public").max_text_chars, both.of("private").max_text_chars) == (280, 10_000)
    assert Limits(max_text_chars=5).of("private").max_text_chars == 5
