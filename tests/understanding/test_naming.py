"""Products and places of a company's own are found, misspelt too, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comptoir.understanding.naming import Names, is_of_small_words

NAMES = Names(
    [(1, "Lampe Halo"), (2, "Lampe Halo XL"), (3, "Boutique de Lyon Part-Dieu"), (4, "Zen"), (5, "Aspirelle")]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ma lampe Halo grésille", [1]),
        ("ma LAMPE-HALO !!", [1]),
        ("la lampehalo", [1]),
        ("ma lanpe halo", [1]),
        ("ma lmape halo", [1]),
        ("l’aspirrelle ne marche plus", [5]),
        ("l’Aspirell", [5]),
        ("la lampe Halo XL et le Zen", [2, 4]),
        ("à la boutique Lyon Part Dieu", [3]),
        ("à la boutique de Lion part-dieu", []),
        ("une lampe", []),
        ("restez zèn", [4]),
        ("c’est zenith", []),
        ("", []),
    ],
)
def test_a_name_is_found_as_people_write_it(text: str, found: list[int]) -> None:
    assert NAMES.found_in(text) == found


def test_two_products_of_one_name_are_both_meant() -> None:
    assert Names([(7, "Halo"), (8, "halo")]).found_in("mon Halo") == [7, 8]


def test_without_names_nothing_is_found() -> None:
    assert not Names([])
    assert Names([]).found_in("ma lampe Halo") == []


@given(st.text(min_size=1, max_size=40), st.sampled_from(["", "Bonjour, ", "où est "]), st.sampled_from(["", " ?"]))
def test_a_name_is_found_wherever_it_stands(name: str, before: str, after: str) -> None:
    assume(not is_of_small_words(name))
    names = Names([(1, name)])
    if names:
        assert names.found_in(f"{before}{name}{after}") == [1]


def test_a_name_of_small_words_alone_is_found_where_nothing_else_is_said() -> None:
    names = Names([(1, "Le L")])
    assert names.found_in("Le L ?") == [1]
    assert names.found_in("Le colis de L. Martin, la taille L") == []


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert set(NAMES.found_in(text)) <= {1, 2, 3, 4, 5}
