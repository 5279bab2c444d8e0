"""What is said of the bot."""

from __future__ import annotations

import pytest
from django.utils import translation

from comptoir.bot.models import CatalogueSurety
from comptoir.web.wording_bot import surety_words


@pytest.mark.parametrize(("reader", "share"), [("fr", "12,9"), ("en", "12.9")])
def test_what_is_proven_has_the_decimal_sign_of_the_reader(reader: str, share: str) -> None:
    surety = CatalogueSurety(right=2, asked=2, proven=0.129, least_per_cent=98)
    with translation.override(reader):
        assert share in surety_words(surety)
