"""Finding and doing from the keyboard alone, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from comptoir.conversations.indexing import catch_up
from tests.factories import make_agent, make_conversation, make_identity, make_incoming
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import is_live

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_command_bar_finds_what_was_said_and_goes_there(sign_in: SignIn) -> None:
    conversation = make_conversation(identity=make_identity(name="Zoé Martin"))
    make_incoming(conversation, text="Le paiement a échoué deux fois")
    catch_up()
    page = sign_in(make_agent(role="supervisor"))
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("echoue")
    expect(page.locator("#commands mark").first).to_have_text("échoué")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/conversations/{conversation.pk}/**")


@pytest.mark.parametrize(("language", "typed"), [("fr", "régl"), ("fr", "REGL"), ("en", "sett")])
def test_the_command_bar_goes_to_the_settings_by_how_they_begin(sign_in: SignIn, language: str, typed: str) -> None:
    page = sign_in(make_agent(role="agent", language=language))
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/")


def test_the_counter_says_so_without_a_network(sign_in: SignIn) -> None:
    page = sign_in(make_agent(role="supervisor"), service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    page.goto(page.url)
    expect(page.locator("h1")).to_have_text("Pas de connexion au comptoir")
    page.context.set_offline(False)


def test_keys_go_to_places_can_be_chosen_anew_and_turned_off(sign_in: SignIn, site: str) -> None:
    page = sign_in(make_agent(role="supervisor"))
    is_live(page)
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.wait_for_url("**/inbox/unassigned/**")
    is_live(page)
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    expect(page.locator("#find-text")).to_be_focused()

    page.goto(f"{site}/keys/")
    page.locator("#id_key_search").fill("z")
    page.locator("#id_key_search").press("Enter")
    expect(page.locator(".toast").first).to_be_visible()
    page.goto(f"{site}/inbox/all/")
    is_live(page)
    page.keyboard.press("z")
    page.wait_for_url("**/search/")

    page.goto(f"{site}/inbox/all/")
    is_live(page)
    page.keyboard.press("?")
    expect(page.locator("#keys button")).to_be_focused()
    page.locator("#keys-on").focus()
    with page.expect_response("**/keys/switch/"):
        page.keyboard.press("Space")
    page.reload()
    is_live(page)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
