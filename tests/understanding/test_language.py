"""Which language short texts are in."""

from __future__ import annotations

import pytest

from comptoir.understanding.language import languages_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bonjour", "fr"), ("merci", "fr"), ("ou est mon colis svp", "fr"), ("c koi ce délire", "fr"),
        ("where is my parcel", "en"), ("hi, any news?", "en"),
        ("¿dónde está mi pedido?", "es"), ("hola buenas", "es"),
        ("wo ist mein Paket", "de"), ("Danke schön", "de"),
        ("dov'è il mio pacco", "it"), ("grazie mille", "it"),
        ("waar is mijn pakket", "nl"), ("dank je wel", "nl"),
        ("onde está a minha encomenda", "pt"), ("obrigado", "pt"),
    ],
)  # fmt: skip
def test_short_texts_are_told_apart(text: str, language: str):
    assert languages_of([text]) == [language]


@pytest.mark.parametrize("text", ["", "   ", "12345", "😀😀", "https://example.org/bonjour", "@marque"])
def test_without_a_word_there_is_no_language(text: str):
    assert languages_of([text]) == ["und"]


def test_only_languages_of_the_company_are_given():
    assert languages_of(["wo ist mein Paket"], among=("fr", "en")) != ["de"]
