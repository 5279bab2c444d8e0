"""The fields that open an account, as a form."""

from __future__ import annotations

import re

import pytest

from comptoir.connectors.email.connector import Email
from comptoir.connectors.youtube.connector import YouTube
from comptoir.web.forms.accounts import ConnectForm, CredentialsForm
from comptoir.web.forms.calendars import CalendarForm
from comptoir.web.forms.telephones import TelephoneForm
from comptoir.web.presenting.accounts import is_told_by_us, own_addresses
from tests.factories import make_account, make_brand, make_team


def _field(**named: object) -> str:
    form = CredentialsForm(connector=YouTube, **named)  # type: ignore[arg-type]
    return str(form["credential-live_chat"])


def test_what_is_done_or_not_is_chosen_and_not_typed() -> None:
    shown = _field()
    assert '<option value="yes">Oui</option>' in shown
    assert '<option value="no" selected>Non</option>' in shown


def test_a_word_typed_before_there_was_a_choice_stays_chosen() -> None:
    assert '<option value="oui" selected>oui</option>' in _field(is_renewal=True, stored={"live_chat": "oui"})


@pytest.mark.parametrize("typed", ["abc", "0", "65536", "99.3", "-1"])
def test_what_is_no_port_is_refused_where_it_is_typed(typed: str) -> None:
    form = CredentialsForm({"credential-imap_port": typed}, connector=Email)
    assert form.errors["credential-imap_port"] == ["Un nombre entier de 1 à 65535."]


def test_a_port_is_kept_as_it_was_typed() -> None:
    form = CredentialsForm({"credential-imap_port": "993"}, connector=Email)
    form.is_valid()
    assert form.credentials["imap_port"] == "993"


@pytest.mark.django_db
def test_a_team_that_serves_is_offered_before_experts() -> None:
    make_team(name="Atelier", purpose="expertise")
    service = make_team(name="Service")
    assert f'<option value="{service.pk}" selected>' in str(ConnectForm(connector=Email)["team"])


@pytest.mark.django_db
def test_accounts_of_the_same_name_are_told_apart_by_their_brand() -> None:
    for brand in ("Lueur", "Canal"):
        make_account(name="Courriel", brand=make_brand(name=brand))
    shown = str(CalendarForm()["owner"])
    for brand in ("Lueur", "Canal"):
        assert re.search(rf'<optgroup label="Compte\xa0: {brand}">\s*<option value="account-\d+">[^<]*Courriel<', shown)


@pytest.mark.django_db
def test_an_address_is_to_be_given_by_hand_where_the_account_cannot_tell_it() -> None:
    twilio = {"number": "+33123456780", "account_sid": "AC1", "auth_token": "t"}
    assert not is_told_by_us(make_account(kind="phone", credentials={"number": "+33123456789"}))
    assert is_told_by_us(make_account(kind="phone", credentials=twilio))


@pytest.mark.django_db
def test_a_switchboard_that_streams_its_calls_is_given_no_address() -> None:
    asterisk = {"number": "+33123456781", "ari_url": "https://pbx.example", "ari_user": "u", "ari_password": "p"}
    assert own_addresses(make_account(kind="phone", credentials=asterisk)) == []
    assert own_addresses(make_account(kind="phone", credentials={"number": "+33123456789"}))


def test_a_desk_of_our_own_switchboard_can_be_rung() -> None:
    form = TelephoneForm({"telephone": "1042"})
    assert form.is_valid()
    assert form.cleaned_data["telephone"] == "1042"
