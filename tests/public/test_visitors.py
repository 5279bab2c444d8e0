from __future__ import annotations

import pytest

from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.intake.models import RawDelivery
from tests.public.conftest import SECRET, Browser


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer short", "Basic abc", "Bearer " + "é" * 43])
def test_request_without_a_token_is_refused(browser: Browser, authorization: str) -> None:
    response = browser.get("/messages", Authorization=authorization)
    assert (response.status_code, response.json()["code"]) == (401, "no_token")


def test_id_is_a_digest_that_does_not_open_the_exchange(browser: Browser) -> None:
    browser.say("Bonjour")
    stored = bytes(RawDelivery.objects.get().body).decode()
    assert browser.token not in stored + str(Message.objects.values_list().get())
    assert Browser(browser.account, token=browser.id + "0" * 5).messages() == []


def test_signed_in_customer_has_one_history_in_two_browsers(browser: Browser, other_browser: Browser) -> None:
    for one in (browser, other_browser):
        one.sign_in(id=4711, name="Léa Martin", email="lea@example.org")
    browser.say("Depuis mon téléphone")
    other_browser.say("Depuis mon ordinateur")
    assert [one["text"] for one in other_browser.messages()] == ["Depuis mon téléphone", "Depuis mon ordinateur"]
    conversation = Conversation.objects.select_related("identity").get()
    identity = conversation.identity
    assert (identity.external_id, identity.name, identity.handle) == ("4711", "Léa Martin", "lea@example.org")


def test_what_was_said_before_signing_in_stays_with_the_browser(browser: Browser) -> None:
    browser.say("Avant")
    browser.sign_in(id="4711")
    browser.say("Après")
    assert [one["text"] for one in browser.messages()] == ["Avant", "Après"]


def test_signing_out_hides_what_was_said_signed_in(browser: Browser) -> None:
    browser.sign_in(id="4711")
    browser.say("Secret")
    browser.identity = ""
    assert browser.messages() == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda identity: identity[:-1] + ("0" if identity[-1] != "0" else "1"),
        lambda identity: identity.partition(".")[0],
        lambda identity: "e30." + identity.partition(".")[2],
        lambda identity: "%%%." + identity.partition(".")[2],
        lambda identity: ".",
        lambda identity: "bnVsbA.é",
    ],
)
def test_wrong_signature_is_anonymous_and_says_so(browser: Browser, other_browser: Browser, spoil: object) -> None:
    browser.sign_in(id="4711")
    browser.say("Secret")
    other_browser.sign_in(id="4711")
    assert callable(spoil)
    other_browser.identity = spoil(other_browser.identity)
    answer = other_browser.get("/messages").json()
    assert (answer["identity"], answer["messages"]) == ("refused", [])


@pytest.mark.parametrize("fields", [{}, {"id": ""}, {"id": True}, {"id": "x" * 129}, {"id": "4711", "expires_at": 1}])
def test_signed_identity_that_names_nobody_or_is_over_is_refused(browser: Browser, fields: dict[str, object]) -> None:
    browser.sign_in(**fields)
    assert browser.get("/messages").json()["identity"] == "refused"


@pytest.mark.parametrize("host_id", ["a\x00b", "\ud800", "x" * 129])
def test_identity_that_cannot_be_stored_is_refused_signed_or_not(browser: Browser, host_id: str) -> None:
    for secret in (SECRET, "a wrong secret"):
        browser.sign_in(secret, id=host_id)
        response = browser.get("/messages")
        assert (response.status_code, response.json()["identity"]) == (200, "refused")


def test_signed_identity_holds_until_it_expires(browser: Browser) -> None:
    browser.sign_in(id="4711", expires_at=now().timestamp() + 60)
    assert browser.get("/messages").json()["identity"] == "verified"


def test_identity_signed_with_another_secret_is_refused(browser: Browser) -> None:
    browser.sign_in(secret="guessed", id="4711")
    assert browser.get("/messages").json()["identity"] == "refused"


def test_account_without_a_secret_verifies_nobody(browser: Browser) -> None:
    browser.account.credentials = {}
    browser.account.save()
    browser.sign_in(secret="", id="4711")
    assert browser.get("/messages").json()["identity"] == "refused"
