"""The fields that open an account, as a form."""

from __future__ import annotations

from comptoir.connectors.youtube.connector import YouTube
from comptoir.web.forms.accounts import CredentialsForm


def _field(**named: object) -> str:
    form = CredentialsForm(connector=YouTube, **named)  # type: ignore[arg-type]
    return str(form["credential-live_chat"])


def test_what_is_done_or_not_is_chosen_and_not_typed() -> None:
    shown = _field()
    assert '<option value="yes">Oui</option>' in shown
    assert '<option value="no" selected>Non</option>' in shown


def test_a_word_typed_before_there_was_a_choice_stays_chosen() -> None:
    assert '<option value="oui" selected>oui</option>' in _field(is_renewal=True, stored={"live_chat": "oui"})
