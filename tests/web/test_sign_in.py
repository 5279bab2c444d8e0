"""Who gets in, and how."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from comptoir.people.actions import create_sign_in_link
from comptoir.people.models import Agent, User
from tests.factories import make_agent

pytestmark = pytest.mark.django_db
PASSWORD = "un mot de passe assez long"


@pytest.fixture
def agent() -> Agent:
    return make_agent(email="awa@maison.example", password=PASSWORD, language="en")


def test_looking_at_a_link_does_not_use_it_up(agent: Agent) -> None:
    address = f"/sign-in/{create_sign_in_link(agent=agent)}/"
    Client().get(address)
    assert Client().post(address).status_code == 302


def test_a_link_opens_once(agent: Agent) -> None:
    address = f"/sign-in/{create_sign_in_link(agent=agent)}/"
    client = Client()
    client.post(address)
    assert client.get("/inbox/all/").status_code == 200
    assert Client().post(address).status_code == 410


def test_a_link_of_somebody_whose_login_was_closed_opens_nothing(agent: Agent) -> None:
    address = f"/sign-in/{create_sign_in_link(agent=agent)}/"
    User.objects.update(is_active=False)
    client = Client()
    assert client.post(address).status_code == 410
    assert client.get("/inbox/all/").status_code == 302


def test_the_address_and_the_password_sign_in(agent: Agent) -> None:
    client = Client()
    answer = client.post("/account/login/", {"login": "awa@maison.example", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/inbox/all/").status_code == 200


def test_a_wrong_password_does_not(agent: Agent) -> None:
    client = Client()
    client.post("/account/login/", {"login": "awa@maison.example", "password": "autre chose"})
    assert client.get("/inbox/all/").status_code == 302


def test_nobody_makes_an_account_by_themselves() -> None:
    Client().post("/account/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


def test_the_screens_speak_the_agents_language_and_not_the_browsers(agent: Agent) -> None:
    client = Client(headers={"Accept-Language": "fr"})
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/inbox/all/")
    assert '<html lang="en">' in answer.content.decode()
    assert answer.headers["Content-Language"] == "en"


def test_a_stranger_is_spoken_to_in_french_by_default() -> None:
    assert '<html lang="fr">' in Client().get("/account/login/").content.decode()


def test_no_page_allows_scripts_or_styles_inside_it(agent: Agent) -> None:
    policy = Client().get("/account/login/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_what_is_not_there_says_what_to_do(agent: Agent) -> None:
    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/conversations/999999/")
    assert answer.status_code == 404
    assert b"/static/comptoir/css/tokens.css" in answer.content


@pytest.mark.parametrize(
    "address", ["password/reset/", "sessions/", "3rdparty/", "3rdparty/signup/", "signup/passkey/", "confirm-email/"]
)
def test_what_people_do_not_do_by_themselves_has_no_address(agent: Agent, address: str) -> None:
    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/account/{address}").status_code == 404


def test_nobody_changes_the_address_they_are_known_by(agent: Agent) -> None:
    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    asked = client.post("/account/email/", {"action_add": "", "email": "direction@maison.example"})
    assert asked.headers["Location"] == "/me/safety/"
    assert User.objects.get().email == "awa@maison.example"


def test_the_sign_in_page_offers_no_mail_for_a_lost_password() -> None:
    assert "password/reset" not in Client().get("/account/login/").content.decode()


@pytest.mark.parametrize("address", ["2fa/", "2fa/totp/activate/", "password/change/", "reauthenticate/"])
def test_the_pages_about_signing_in_open(agent: Agent, address: str) -> None:
    client = Client()
    client.post("/account/login/", {"login": "awa@maison.example", "password": PASSWORD})
    assert client.get(f"/account/{address}", follow=True).status_code == 200


def test_who_adds_an_app_without_a_password_sees_the_recovery_codes_at_once(agent: Agent) -> None:
    agent.user.set_unusable_password()
    agent.user.save()
    client = Client()
    client.post(f"/sign-in/{create_sign_in_link(agent=agent)}/")
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    answer = client.post("/account/2fa/totp/activate/", {"code": code}, follow=True)
    assert answer.redirect_chain == [("/account/2fa/recovery-codes/", 302)]


def test_who_has_just_chosen_a_password_is_not_asked_for_it_before_a_passkey(agent: Agent) -> None:
    agent.user.set_unusable_password()
    agent.user.save()
    client = Client()
    client.post(f"/sign-in/{create_sign_in_link(agent=agent)}/")
    client.post("/welcome/", {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert client.get("/account/2fa/webauthn/add/").status_code == 200


@pytest.mark.parametrize(
    "address", ["webauthn/", "webauthn/keys/{key}/edit/", "webauthn/keys/{key}/remove/", "reauthenticate/"]
)
def test_a_passkey_is_called_so_on_every_page(agent: Agent, address: str) -> None:
    client = Client()
    client.post("/account/login/", {"login": "awa@maison.example", "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    key = Authenticator.objects.create(user=agent.user, type="webauthn", data={"name": "Telephone"})
    shown = client.get(f"/account/2fa/{address}".format(key=key.pk).replace("2fa/re", "re"))
    assert shown.status_code == 200
    assert "security key" not in shown.content.decode().lower()
    assert "passkey" in shown.content.decode().lower()
