"""The name of a channel is not broken over two lines at its hyphen."""

from __future__ import annotations

from django.utils import translation

from comptoir.web.wording import channel_in_line, channel_label


def test_a_hyphen_within_it_breaks_no_line() -> None:
    with translation.override("fr"):
        assert channel_in_line("email") == "E\u2011mail"
        assert channel_label("email") == "E-mail"
