"""A form that comes back: one goes on where something was refused."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.everyday import ordinary_day

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_first_field_that_was_refused_is_where_one_types_on(sign_in: SignIn, site: str) -> None:
    administrator, _exchange = ordinary_day()
    page = sign_in(administrator)
    page.goto(f"{site}/accounts/connect/email/")
    for label in ("Nom", "Adresse", "Identifiant", "Mot de passe", "Serveur IMAP", "Serveur SMTP"):
        page.get_by_label(label, exact=True).fill("x")
    page.get_by_label("Port IMAP").fill("abc")
    page.get_by_role("button", name="Connecter et vérifier").click()
    expect(page.get_by_label("Port IMAP")).to_be_focused()
