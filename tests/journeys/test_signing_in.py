"""The way in, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from comptoir.people.actions import create_sign_in_link, invite_agent
from comptoir.people.models import Agent
from tests.factories import make_agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: A finger on the sensor of the very machine, which is always the right one.
FINGER = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(locale="fr-FR")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent(name="Awa Diop")


def has_a_sensor(page: Page) -> None:
    sensor = page.context.new_cdp_session(page)
    sensor.send("WebAuthn.enable")
    sensor.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})


def come_in(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("main button").press("Enter")


def test_a_sign_in_link_opens_the_inbox_at_one_press(page: Page, site: str, agent: Agent) -> None:
    come_in(page, f"{site}/sign-in/{create_sign_in_link(agent=agent)}/")
    page.wait_for_url("**/inbox/**")
    expect(page.locator("#me-menu")).to_contain_text("AD")


def test_a_new_colleague_is_told_their_role_and_chooses_a_passkey_that_opens_by_itself(
    page: Page, site: str, agent: Agent
) -> None:
    has_a_sensor(page)
    page.goto(f"{site}/sign-in/{invite_agent(agent=agent)}/")
    expect(page.locator("main")).to_contain_text("Répond aux clients")
    page.get_by_role("button", name="Entrer").press("Enter")
    page.get_by_role("link", name="Plutôt une clé d’accès").press("Enter")
    page.wait_for_url("**/webauthn/add/")  # whole: its button is heard by a script
    page.get_by_role("button", name="Ajouter").press("Enter")
    page.wait_for_url("**/recovery-codes/**")  # at once: the key was used this very moment
    page.goto(f"{site}/account/2fa/webauthn/")
    expect(page.locator(".sessions")).to_contain_text("à la place du mot de passe")
    page.goto(f"{site}/account/logout/")
    page.get_by_role("button", name="Se déconnecter").press("Enter")
    page.wait_for_url("**/login/**")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").press("Enter")
    page.wait_for_url("**/inbox/**")
    expect(page.locator("#me-menu")).to_contain_text("AD")


def test_who_has_a_password_shows_once_that_it_is_them_before_a_passkey_is_added(page: Page, site: str) -> None:
    make_agent(name="Awa Diop", email="awa@maison.example", password="un mot de passe assez long")
    has_a_sensor(page)
    page.goto(f"{site}/account/login/")
    page.locator("[name=login]").fill("awa@maison.example")
    page.locator("[name=password]").fill("un mot de passe assez long")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/inbox/**")
    page.goto(f"{site}/account/2fa/webauthn/add/")
    page.locator("[name=password]").fill("un mot de passe assez long")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/webauthn/add/")
    page.get_by_role("button", name="Ajouter").press("Enter")
    page.wait_for_url("**/recovery-codes/**")


def test_at_a_bare_number_one_is_told_why_no_passkey_is_taken(page: Page, site: str, agent: Agent) -> None:
    has_a_sensor(page)
    numbered = site.replace("localhost", "127.0.0.1")
    come_in(page, f"{numbered}/sign-in/{create_sign_in_link(agent=agent)}/")
    page.wait_for_url("**/inbox/**")
    page.goto(f"{numbered}/account/2fa/webauthn/add/")
    page.get_by_role("button", name="Ajouter").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Ouvrez-le par son nom")
