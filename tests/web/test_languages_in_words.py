"""How languages are called."""

from __future__ import annotations

import pytest
from django.utils import translation

from comptoir.routing.names import LANGUAGES, language_words
from comptoir.web.wording import language_name


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_that_is_offered_has_a_name(code: str) -> None:
    with translation.override("fr"):
        assert language_words(code) != code


@pytest.mark.parametrize(("reader", "said"), [("fr", "chinois"), ("en", "Chinese")])
def test_a_language_is_written_as_the_reader_writes_it(reader: str, said: str) -> None:
    with translation.override(reader):
        assert language_name("zh") == said


def test_a_code_that_nobody_knows_stays() -> None:
    assert language_name("tlh") == "tlh"
