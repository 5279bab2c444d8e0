"""What is found as it stands: accents folded, numbers and addresses known however they are written."""

from __future__ import annotations

import pytest

from comptoir.conversations.search_words import code_of, codes, folded, name_words


def test_accents_and_ligatures_are_folded() -> None:
    assert folded("Échoué à Œuvres") == "echoue a oeuvres"


@pytest.mark.parametrize("written", ["06 12 34 56 78", "+33 6 12 34 56 78", "06.12.34.56.78", "0033612345678"])
def test_a_telephone_number_has_one_code_however_it_is_written(written: str) -> None:
    assert "#tel612345678" in codes(f"Rappelez-moi au {written}, merci")
    assert code_of(written) == "#tel612345678"


@pytest.mark.parametrize("asked", ["FR-4411", "fr4411", "4411"])
def test_an_order_number_is_found_whole_and_by_its_number(asked: str) -> None:
    assert code_of(asked) in codes("Commande n°FR-4411.")


def test_an_address_is_one_code() -> None:
    assert code_of("Jean.Dupont@exemple.fr") == "#jean.dupont@exemple.fr"
    assert "#jean.dupont@exemple.fr" in codes("écrivez à jean.dupont@exemple.fr !")


@pytest.mark.parametrize("word", ["bonjour", "5G", "c’est", "là"])
def test_a_word_is_no_code(word: str) -> None:
    assert code_of(word) is None


def test_a_person_is_found_by_each_part_of_a_name() -> None:
    words = name_words("Jean-Luc Müller", "@jlm", "+33612345678")
    assert {"jean", "luc", "muller", "@jlm", "#tel612345678"} <= set(words)


def test_a_text_that_is_one_long_number_has_no_endless_code() -> None:
    assert codes("7" * 5000) == set()
