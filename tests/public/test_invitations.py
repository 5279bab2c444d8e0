"""What is behind the link from public to private."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from comptoir.conversations.models import Conversation
from comptoir.desk.invitations import invite_to_private
from comptoir.desk.models import Invitation
from tests.factories import make_account, make_agent, make_conversation, make_identity
from tests.public.conftest import Browser

NAVIGATES = {"Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def public(browser: Browser) -> Conversation:
    account = make_account(kind="bluesky", brand=browser.account.brand)
    who = make_identity(channel="bluesky", name="Léa")
    return make_conversation(account=account, identity=who, is_public=True, language="fr")


@pytest.fixture
def token(public: Conversation) -> str:
    asking = invite_to_private(public.pk, way=Invitation.Way.LINK, by=make_agent())
    return asking.text.rpartition("/private/")[2]


def opened(token: str, **headers: str) -> Any:
    return Client().get(f"/private/{token}", headers=NAVIGATES | headers)


def test_it_speaks_the_language_the_customer_wrote_in(token: str) -> None:
    answer = opened(token, **{"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "Continuons en privé" in answer.content.decode()


def test_it_says_nothing_of_who_was_invited(token: str, public: Conversation) -> None:
    page = opened(token).content.decode()
    assert public.identity.name not in page
    assert public.account.name not in page


def test_looking_at_it_is_noted_once_and_uses_nothing_up(token: str) -> None:
    opened(token)
    first = Invitation.objects.get().opened_at
    opened(token)
    assert (Invitation.objects.get().opened_at, Invitation.objects.get().identity) == (first, None)


def test_a_preview_made_by_a_network_is_not_taken_for_a_person(token: str) -> None:
    Client().get(f"/private/{token}", headers={"User-Agent": "Preview/1.0"})
    assert Invitation.objects.get().opened_at is None


def test_a_link_that_is_nobodys_says_what_to_do(db: None) -> None:
    answer = opened("x" * 32)
    assert answer.status_code == 410
    assert "answer us" in answer.content.decode().lower() or "Répondez-nous" in answer.content.decode()


def test_it_is_kept_out_of_caches_indexes_and_referrers(token: str) -> None:
    answer = opened(token)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_saying_yes_joins_the_browser_to_the_contact(browser: Browser, token: str, public: Conversation) -> None:
    assert browser.post("/join", {"token": token}).status_code == 204
    browser.say("Me voici, commande 4411")
    assert browser.conversation().contact == public.contact


def test_a_second_person_is_told_that_it_was_used(browser: Browser, token: str) -> None:
    browser.post("/join", {"token": token})
    answer = Browser(browser.account).post("/join", {"token": token})
    assert (answer.status_code, answer.json()["code"]) == (410, "used")


def test_the_one_who_joined_sees_nothing_of_before(browser: Browser, token: str, public: Conversation) -> None:
    browser.post("/join", {"token": token})
    assert browser.messages() == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"token": 1}', b'{"token": "' + b"x" * 200 + b'"}'])
def test_nonsense_is_a_problem(browser: Browser, body: bytes) -> None:
    assert browser.post("/join", body).status_code == 400


def test_our_own_page_may_ask_where_sites_are_listed(browser: Browser, token: str) -> None:
    browser.account.credentials = {"allowed_origins": "https://shop.example"}
    browser.account.save()
    browser.origin = "http://testserver"
    assert browser.post("/join", {"token": token}).status_code == 204


def test_of_whoever_was_invited_an_address_that_we_hold_is_not_asked_for(
    browser: Browser, token: str, public: Conversation
) -> None:
    assert browser.get("/messages").json()["knows_address"] is False
    assert browser.post("/join", {"token": token}).status_code == 204
    assert browser.get("/messages").json()["knows_address"] is False
    make_identity(channel="email", external_id="lea@example.org", contact=public.contact)
    told = browser.get("/messages")
    assert told.json()["knows_address"] is True
    assert "lea@example.org" not in told.content.decode()
    assert Browser(browser.account).get("/messages").json()["knows_address"] is False
