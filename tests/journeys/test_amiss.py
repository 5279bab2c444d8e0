"""A form that comes back: one goes on where something was refused."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.everyday import ordinary_day

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_first_field_that_was_refused_is_where_one_types_on(sign_in: SignIn, site: str) -> None:
    administrator, _exchange = ordinary_day()
    page = sign_in(administrator, at="/accounts/connect/email/")
    for label in ("Nom", "Adresse", "Identifiant", "Mot de passe", "Serveur IMAP", "Serveur SMTP"):
        page.get_by_label(label, exact=True).fill("x")
    page.get_by_label("Port IMAP").fill("abc")
    page.get_by_role("button", name="Connecter et vérifier").click()
    expect(page.get_by_label("Port IMAP")).to_be_focused()


def test_what_is_wrong_with_the_whole_of_it_is_where_one_goes_on(sign_in: SignIn, site: str) -> None:
    administrator, _exchange = ordinary_day()
    page = sign_in(administrator, at="/macros/new/")
    page.get_by_label("Nom", exact=True).fill("Accueil")
    page.locator("[name=act-0]").select_option("note")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("étape 1 («\u00a0Laisser une note\u00a0»)")
