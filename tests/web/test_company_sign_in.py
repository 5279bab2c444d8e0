"""Signing in with the company's own account, against a provider that speaks OpenID Connect over HTTP."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from comptoir.people.models import User
from tests.factories import make_agent
from tests.web.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with Provider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "APPS": [
                    {
                        "provider_id": "company",
                        "name": "Maison",
                        "client_id": CLIENT_ID,
                        "secret": CLIENT_SECRET,
                        "settings": {"server_url": provider.issuer},
                    }
                ],
                "OAUTH_PKCE_ENABLED": True,
            }
        }
        yield provider


def come_back(client: Client) -> Any:
    """Press the button, sign in there, and come back."""
    page = client.post("/account/oidc/company/login/").content.decode()
    there = html.unescape(re.findall(r'<a class="button primary" href="([^"]+)"', page)[0])
    back = httpx.get(there).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def test_who_works_here_gets_in(provider: Provider) -> None:
    make_agent(email="awa@maison.example")
    provider.claims = {"sub": "42", "email": "awa@maison.example", "email_verified": True}
    client = Client()
    assert come_back(client).status_code == 302
    assert client.get("/inbox/all/").status_code == 200


def test_the_second_time_it_is_the_same_person_whatever_their_address(provider: Provider) -> None:
    make_agent(email="awa@maison.example")
    provider.claims = {"sub": "42", "email": "awa@maison.example", "email_verified": True}
    come_back(Client())
    provider.claims["email"] = "awa.diop@maison.example"
    client = Client()
    come_back(client)
    assert client.get("/inbox/all/").status_code == 200
    assert User.objects.count() == 1


def test_who_does_not_work_here_does_not_get_in(provider: Provider) -> None:
    provider.claims = {"sub": "43", "email": "inconnu@maison.example", "email_verified": True}
    client = Client()
    come_back(client)
    assert client.get("/inbox/all/").status_code == 302
    assert not User.objects.exists()


def test_an_address_the_provider_does_not_vouch_for_opens_nothing(provider: Provider) -> None:
    make_agent(email="awa@maison.example")
    provider.claims = {"sub": "44", "email": "awa@maison.example", "email_verified": False}
    client = Client()
    come_back(client)
    assert client.get("/inbox/all/").status_code == 302


def test_a_closed_agent_does_not_get_in(provider: Provider) -> None:
    agent = make_agent(email="awa@maison.example")
    User.objects.filter(pk=agent.user_id).update(is_active=False)
    provider.claims = {"sub": "45", "email": "awa@maison.example", "email_verified": True}
    client = Client()
    come_back(client)
    assert client.get("/inbox/all/").status_code == 302


def test_the_password_that_somebody_has_stays_theirs(provider: Provider) -> None:
    agent = make_agent(email="awa@maison.example")
    agent.user.set_password("un mot de passe bien à elle")
    agent.user.save()
    provider.claims = {"sub": "46", "email": "awa@maison.example", "email_verified": True}
    come_back(Client())
    assert User.objects.get(pk=agent.user_id).check_password("un mot de passe bien à elle")


def test_the_word_false_is_no_verification(provider: Provider) -> None:
    make_agent(email="awa@maison.example")
    provider.claims = {"sub": "47", "email": "awa@maison.example", "email_verified": "false"}
    assert come_back(Client()).status_code == 403


def test_what_another_key_signed_is_not_believed(provider: Provider) -> None:
    make_agent(email="awa@maison.example")
    provider.claims = {"sub": "48", "email": "awa@maison.example", "email_verified": True}
    provider.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    client = Client()
    assert come_back(client).status_code == 401
    assert client.get("/inbox/all/").status_code == 302


def test_an_id_token_of_another_sign_in_is_not_believed(provider: Provider) -> None:
    make_agent(email="awa@maison.example")
    provider.claims = {"sub": "49", "email": "awa@maison.example", "email_verified": True, "nonce": "d’hier"}
    assert come_back(Client()).status_code == 401


def test_a_provider_that_is_away_is_no_error_of_ours(provider: Provider, settings: Any) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"] = {"server_url": f"{provider.issuer}/nowhere"}
    answer = Client().post("/account/oidc/company/login/")
    assert answer.status_code == 401
    assert "Maison ne répond pas" in answer.content.decode()


def test_a_link_alone_sends_nobody_to_the_provider(provider: Provider) -> None:
    assert Client().get("/account/oidc/company/login/").headers["Location"] == "/account/login/"
