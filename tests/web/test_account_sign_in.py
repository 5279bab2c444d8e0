"""Signing in to a network to open an account."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import AuthError, CredentialField, OfferedAccount
from comptoir.core.clock import now
from comptoir.people.models import Agent
from tests.able_network import Able, AbleNetwork, able, ending
from tests.factories import make_account, make_agent

__all__ = ["able"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    browser = Client()
    browser.force_login(make_agent(role=Agent.Role.ADMINISTRATOR).user)
    return browser


@pytest.fixture
def account(able: AbleNetwork) -> ChannelAccount:
    keys = {"client_id": "app-1", "client_secret": "s3cret"}
    return make_account(kind="able", own_id="", status="disconnected", credentials=keys)


def offer(own_id: str = "us") -> OfferedAccount:
    return OfferedAccount(own_id, f"Page {own_id}", ending(now() + timedelta(days=1)))


def asked(client: Client, account: ChannelAccount) -> dict[str, str]:
    """What the network would be asked."""
    page = client.get(f"/accounts/{account.pk}/sign-in/")
    address = page.context["address"]
    assert address.startswith("https://able.example/authorize?")
    return {name: texts[0] for name, texts in parse_qs(urlsplit(address).query).items()}


def came_back(client: Client, **query: str) -> list[str]:
    answer = client.get("/accounts/signed-in/", query, follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_the_network_is_asked_with_a_state_and_pkce(client: Client, account: ChannelAccount) -> None:
    sent = asked(client, account)
    assert (sent["response_type"], sent["client_id"], sent["scope"]) == ("code", "app-1", "read")
    assert sent["code_challenge_method"] == "S256"
    assert sent["redirect_uri"].endswith("/accounts/signed-in/")


def test_what_is_asked_for_is_explained_permission_by_permission(client: Client, account: ChannelAccount) -> None:
    page = client.get(f"/accounts/{account.pk}/sign-in/", headers={"accept-language": "fr"}).content.decode()
    assert "Lire les messages." in page or "To read messages." in page


def test_a_code_opens_the_account(client: Client, account: ChannelAccount, able: AbleNetwork) -> None:
    able.offers = [offer()]
    sent = asked(client, account)
    came_back(client, code="c0de", state=sent["state"])
    account.refresh_from_db()
    assert (account.status, account.own_id, account.credentials["token"]) == ("active", "us", "token-0")
    (code, redirect_url, verifier) = able.exchanged[0]
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert (code, redirect_url, digest) == ("c0de", sent["redirect_uri"], sent["code_challenge"])


def test_a_state_is_used_once(client: Client, account: ChannelAccount, able: AbleNetwork) -> None:
    able.offers = [offer()]
    state = asked(client, account)["state"]
    came_back(client, code="c0de", state=state)
    came_back(client, code="c0de", state=state)
    assert len(able.exchanged) == 1


@pytest.mark.parametrize("state", ["", "invented"])
def test_a_state_that_was_not_given_here_opens_nothing(
    state: str, client: Client, account: ChannelAccount, able: AbleNetwork
) -> None:
    asked(client, account)
    assert came_back(client, code="c0de", state=state)
    assert able.exchanged == []


def test_the_networks_refusal_is_told(client: Client, account: ChannelAccount, able: AbleNetwork) -> None:
    state = asked(client, account)["state"]
    (said,) = came_back(client, error="access_denied", error_description="The user said no", state=state)
    assert "The user said no" in said
    assert able.exchanged == []


def test_a_code_that_is_not_taken_changes_nothing(client: Client, account: ChannelAccount, able: AbleNetwork) -> None:
    before = account.credentials
    state = asked(client, account)["state"]
    assert came_back(client, code="wrong", state=state)
    account.refresh_from_db()
    assert (account.status, account.credentials) == ("disconnected", before)


def test_of_several_pages_one_is_chosen(client: Client, account: ChannelAccount, able: AbleNetwork) -> None:
    able.offers, able.own_id = [offer("page-1"), offer("page-2")], "page-2"
    came_back(client, code="c0de", state=asked(client, account)["state"])
    page = client.get(f"/accounts/{account.pk}/choose/")
    assert [one.name for one in page.context["offered"]] == ["Page page-1", "Page page-2"]
    client.post(f"/accounts/{account.pk}/take/", {"own_id": "page-2"})
    account.refresh_from_db()
    assert (account.status, account.own_id) == ("active", "page-2")


def test_what_was_not_offered_cannot_be_taken(client: Client, account: ChannelAccount, able: AbleNetwork) -> None:
    able.offers = [offer("page-1"), offer("page-2")]
    came_back(client, code="c0de", state=asked(client, account)["state"])
    client.post(f"/accounts/{account.pk}/take/", {"own_id": "page-9"})
    account.refresh_from_db()
    assert account.status == "disconnected"


def test_an_account_that_knows_who_it_is_needs_no_choice(
    client: Client, account: ChannelAccount, able: AbleNetwork
) -> None:
    ChannelAccount.objects.update(own_id="page-2")
    able.offers, able.own_id = [offer("page-1"), offer("page-2")], "page-2"
    came_back(client, code="c0de", state=asked(client, account)["state"])
    account.refresh_from_db()
    assert account.status == "active"


def test_another_page_than_the_accounts_own_is_refused(
    client: Client, account: ChannelAccount, able: AbleNetwork
) -> None:
    ChannelAccount.objects.update(own_id="page-1")
    able.offers, able.own_id = [offer("page-2")], "page-2"
    assert came_back(client, code="c0de", state=asked(client, account)["state"])
    account.refresh_from_db()
    assert (account.status, account.own_id) == ("disconnected", "page-1")


def test_tokens_that_were_offered_are_not_readable_in_the_session(
    client: Client, account: ChannelAccount, able: AbleNetwork
) -> None:
    able.offers = [offer("page-1"), offer("page-2")]
    came_back(client, code="c0de", state=asked(client, account)["state"])
    assert "token-0" not in str(dict(client.session))


def test_connecting_such_an_account_leads_to_the_sign_in(client: Client, able: AbleNetwork) -> None:
    other = make_account()
    able.refuses = AuthError("Sign in first.")
    posted = {"name": "Page", "brand": other.brand_id, "team": other.team_id, "credential-client_id": "a",
              "credential-client_secret": "b"}  # fmt: skip
    answer = client.post("/accounts/connect/able/", posted)
    made = ChannelAccount.objects.get(kind="able")
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/{made.pk}/sign-in/")
    assert made.status == "disconnected"


def test_where_no_application_is_known_comptoir_registers_itself_and_goes_on(client: Client, able: AbleNetwork) -> None:
    account = make_account(kind="able", own_id="", status="disconnected", credentials={})
    page = client.get(f"/accounts/{account.pk}/sign-in/").content.decode()
    assert f'action="/accounts/{account.pk}/register/"' in page
    assert able.registered == [], "a page that is read registers nothing"
    client.post(f"/accounts/{account.pk}/register/")
    assert [url.rpartition("/accounts/")[2] for url in able.registered] == ["signed-in/"]
    assert asked(client, account)["client_id"] == "app-new"
    client.post(f"/accounts/{account.pk}/register/")
    assert len(able.registered) == 1


def test_a_network_that_registers_nobody_is_told(client: Client, able: AbleNetwork) -> None:
    account = make_account(kind="able", own_id="", status="disconnected", credentials={})
    able.refuses = AuthError("Closed to new applications.")
    answer = client.post(f"/accounts/{account.pk}/register/", follow=True)
    assert any("Closed to new applications." in str(message) for message in answer.context["messages"])


def test_a_wrong_secret_of_the_application_is_corrected_before_anybody_signed_in(
    client: Client, account: ChannelAccount, able: AbleNetwork
) -> None:
    able.refuses = AuthError("Sign in first.")
    typed = {"credential-client_id": "app-1", "credential-client_secret": "the right one"}
    answer = client.post(f"/accounts/{account.pk}/reconnect/", typed)
    account.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/{account.pk}/sign-in/")
    assert (account.credentials["client_secret"], account.status) == ("the right one", "disconnected")


def test_an_account_that_is_open_keeps_its_secret_where_another_is_refused(
    client: Client, account: ChannelAccount, able: AbleNetwork
) -> None:
    ChannelAccount.objects.update(status="active")
    able.refuses = AuthError("Sign in first.")
    typed = {"credential-client_id": "app-1", "credential-client_secret": "another"}
    answer = client.post(f"/accounts/{account.pk}/reconnect/", typed)
    account.refresh_from_db()
    assert (answer.status_code, account.credentials["client_secret"]) == (422, "s3cret")


def test_an_access_that_was_typed_by_hand_and_opens_nothing_is_told(
    client: Client, able: AbleNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand = CredentialField("token", ("Jeton", "Token"), secret=True, required=False)
    monkeypatch.setattr(Able, "credential_fields", (*Able.credential_fields, by_hand))
    able.refuses = AuthError("The network does not know this token.")
    other = make_account()
    posted = {"name": "Page", "brand": other.brand_id, "team": other.team_id, "credential-client_id": "a",
              "credential-client_secret": "b", "credential-token": "wrong"}  # fmt: skip
    answer = client.post("/accounts/connect/able/", posted, follow=True)
    assert any("does not know this token" in str(message) for message in answer.context["messages"])
