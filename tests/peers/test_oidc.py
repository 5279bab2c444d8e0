"""Signing in with the company's account, in a browser, against a certified OpenID Connect provider."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from comptoir.events.models import Event
from comptoir.people.actions import close_access
from comptoir.people.models import Agent, User
from tests.factories import make_agent
from tests.journeys.conftest import chromium, everybody_leaves, live_server
from tests.peers.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider, running_provider
from tests.ports import own_port

__all__ = ["chromium", "everybody_leaves", "live_server"]

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def running(live_server: LiveServer) -> Iterator[OidcProvider]:
    callback = f"{live_server.url}/account/oidc/company/login/callback/"
    with running_provider(own_port(), callback) as provider:
        yield provider


def company(issuer: str) -> dict[str, Any]:
    """The setting that names the provider."""
    app = {
        "provider_id": "company", "name": "Maison", "client_id": CLIENT_ID, "secret": CLIENT_SECRET,
        "settings": {"server_url": issuer},
    }  # fmt: skip
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


@pytest.fixture
def provider(running: OidcProvider, settings: Any) -> OidcProvider:
    settings.SOCIALACCOUNT_PROVIDERS = company(running.issuer)
    return running


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A stranger's French browser, before the counter; nothing is fetched from outside this machine."""
    context = chromium.new_context(locale="fr-FR", service_workers="block")
    context.route(re.compile(r"^https?://(?!(127\.0\.0\.1|localhost)[:/])"), lambda route: route.abort())
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(f"{live_server.url}/static/comptoir/mark.svg")
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def agent(transactional_db: None) -> Agent:
    return make_agent(email="awa@maison.example")


def leave(page: Page, on_the_way_to: str = "/") -> None:
    """From the sign-in page to the provider's."""
    site = urlsplit(page.url)
    page.goto(f"{site.scheme}://{site.netloc}{on_the_way_to}")
    page.get_by_role("button", name="Se connecter avec Maison").click()
    page.locator("input[name=login]").wait_for()


def sign_in(page: Page, provider: OidcProvider, login: str, on_the_way_to: str = "/") -> None:
    leave(page, on_the_way_to)
    provider.enter(page, login)
    provider.consent(page)


def expect_inside(page: Page) -> None:
    page.wait_for_url("**/inbox/**")
    expect(page.locator("nav.rail")).to_be_visible()


def expect_outside(page: Page, live_server: LiveServer, words: str) -> None:
    """The page says so in words, and the counter stays closed."""
    expect(page.locator("main")).to_contain_text(words)
    page.goto(f"{live_server.url}/inbox/all/")
    expect(page).to_have_url(re.compile("/account/login/"))


def test_an_agent_gets_in_by_an_address_that_the_provider_has_verified(
    page: Page, provider: OidcProvider, agent: Agent
) -> None:
    sign_in(page, provider, "awa@maison.example")
    expect_inside(page)
    assert Event.objects.get(name="agent.company_account_linked").subject_id == agent.pk


def test_leaving_asks_for_a_code_with_pkce_a_state_and_a_nonce(page: Page, provider: OidcProvider) -> None:
    with page.expect_request(re.compile("/auth\\?")) as asked:
        leave(page)
    address = asked.value.url
    parameters = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert parameters["response_type"] == "code"
    assert parameters["code_challenge_method"] == "S256"
    assert all(len(parameters[name]) >= 16 for name in ("state", "nonce", "code_challenge"))


def test_a_password_that_was_there_still_opens_afterwards(page: Page, provider: OidcProvider, agent: Agent) -> None:
    agent.user.set_password("un mot de passe bien à elle")
    agent.user.save()
    sign_in(page, provider, "awa@maison.example")
    expect_inside(page)
    assert User.objects.get(pk=agent.user_id).check_password("un mot de passe bien à elle")


def test_where_one_was_going_is_where_one_arrives(page: Page, provider: OidcProvider, agent: Agent) -> None:
    sign_in(page, provider, "awa@maison.example", on_the_way_to="/settings/")
    page.wait_for_url("**/settings/")


def test_an_address_that_nobody_has_here_is_refused_in_words(
    page: Page, provider: OidcProvider, live_server: LiveServer
) -> None:
    sign_in(page, provider, "inconnue@maison.example")
    expect_outside(page, live_server, "inconnue@maison.example")
    assert not User.objects.exists()


def test_an_address_that_is_not_verified_opens_nobody(
    page: Page, provider: OidcProvider, agent: Agent, live_server: LiveServer
) -> None:
    sign_in(page, provider, "unverified+awa@maison.example")
    expect_outside(page, live_server, "Cette adresse n’est pas vérifiée")


@pytest.mark.parametrize("has_come_before", [False, True])
def test_a_colleague_whose_access_is_closed_is_refused(
    page: Page, provider: OidcProvider, agent: Agent, live_server: LiveServer, has_come_before: bool
) -> None:
    make_agent(role="administrator")
    if has_come_before:
        sign_in(page, provider, "awa@maison.example")
        expect_inside(page)
        # What the inbox has just asked for would otherwise be answered with cookies of its own.
        page.goto(f"{live_server.url}/static/comptoir/mark.svg")
        page.context.clear_cookies()
    close_access(agent.pk)
    sign_in(page, provider, "awa@maison.example")
    expect_outside(page, live_server, "Votre accès est fermé")


@pytest.mark.parametrize("manner", ["tampered", "foreign", "replayed"])
def test_an_id_token_that_the_provider_did_not_sign_for_this_sign_in_is_not_believed(
    page: Page, provider: OidcProvider, agent: Agent, live_server: LiveServer, manner: str
) -> None:
    sign_in(page, provider, f"{manner}+awa@maison.example")
    expect_outside(page, live_server, "n’est pas digne de confiance")


def test_coming_back_with_another_state_is_refused(
    page: Page, provider: OidcProvider, agent: Agent, live_server: LiveServer
) -> None:
    page.route(
        re.compile(r"/auth\?"),
        lambda route: route.continue_(url=re.sub(r"state=[^&]+", "state=not-the-one-of-here", route.request.url)),
    )
    sign_in(page, provider, "awa@maison.example")
    expect_outside(page, live_server, "Cette connexion a été commencée dans un autre navigateur")


def test_a_second_factor_is_asked_for_after_the_provider_too(page: Page, provider: OidcProvider, agent: Agent) -> None:
    TOTP.activate(agent.user, "JBSWY3DPEHPK3PXP")
    assert Authenticator.objects.filter(user=agent.user).exists()
    sign_in(page, provider, "awa@maison.example")
    page.wait_for_url("**/2fa/authenticate/")
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", next(iter(yield_hotp_counters_from_time()))))
    page.locator("input[name=code]").fill(code)
    page.locator("main form button").first.click()
    expect_inside(page)


def test_who_cancels_at_the_provider_is_told_so(page: Page, provider: OidcProvider, live_server: LiveServer) -> None:
    leave(page)
    page.get_by_text("Cancel").click()
    expect_outside(page, live_server, "Vous vous êtes arrêté en chemin")


def test_a_provider_that_is_down_is_told_plainly(page: Page, settings: Any, live_server: LiveServer) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = company(f"http://127.0.0.1:{own_port()}")
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("button", name="Se connecter avec Maison").click()
    expect_outside(page, live_server, "Maison ne répond pas")


def test_a_provider_that_goes_down_on_the_way_is_told_plainly(
    page: Page, provider: OidcProvider, agent: Agent, settings: Any, live_server: LiveServer
) -> None:
    leave(page)
    provider.enter(page, "awa@maison.example")
    settings.SOCIALACCOUNT_PROVIDERS = company(f"http://127.0.0.1:{own_port()}")
    provider.consent(page)
    expect_outside(page, live_server, "Maison ne répond pas")


def test_a_secret_that_the_provider_does_not_know_is_told_plainly(
    page: Page, provider: OidcProvider, agent: Agent, settings: Any, live_server: LiveServer
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["secret"] = "another"
    sign_in(page, provider, "awa@maison.example")
    expect_outside(page, live_server, "Maison a refusé de vous connecter ici")
