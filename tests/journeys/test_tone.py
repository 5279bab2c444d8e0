"""Hints on the tone while one writes: they come quietly, point at the words, and go for good once one wants none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from comptoir.web.views import tone
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.axe import axe_source
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_MS = 60_000  # what reads the tone is loaded first


@pytest.fixture(scope="module", autouse=True)
def reader() -> Iterator[None]:
    yield
    tone._READER.end()


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def page(sign_in: SignIn, agent: Agent, fake_network: FakeNetwork) -> Page:
    conversation: Conversation = make_conversation(account=make_account(team=agent.teams.get()))
    make_incoming(conversation, text="Ma commande est arrivée cassée et personne ne répond !")
    opened = sign_in(agent, viewport={"width": 1280, "height": 900})
    opened.goto(opened.url.replace("/inbox/all/", f"/conversations/{conversation.pk}/"))
    return opened


def test_a_reply_is_looked_over_by_keyboard_alone(page: Page) -> None:
    box = page.get_by_label("Votre texte")
    box.focus()
    page.keyboard.type("👋 Votre demande a bien été prise en compte par nos services !!")
    summary = page.locator("#composer-tone summary")
    expect(summary).to_contain_text("Ton", timeout=PATIENCE_MS)
    expect(box).to_be_focused()
    summary.focus()
    page.keyboard.press("Enter")
    shout = page.locator(".tone-hint", has_text="!!")
    expect(shout).to_be_visible()
    page.evaluate(axe_source() + "; null")
    assert page.evaluate("axe.run('#composer').then((found) => found.violations.map((one) => one.id))") == []
    shout.focus()
    page.keyboard.press("Enter")
    expect(box).to_be_focused()
    assert page.evaluate("getSelection().toString() || ''") in ("!!", "")
    assert box.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)").strip() == "!!"


def test_what_we_hold_already_does_not_wait_for_the_reader(page: Page) -> None:
    make_incoming(Conversation.objects.get(), text="Ma commande n° 4471-B est arrivée cassée.")
    with tone._READER._lock:  # it begins, or is at work for somebody else
        page.get_by_label("Votre texte").fill("Bonjour, pouvez-vous nous communiquer votre numéro de commande ?")
        expect(page.locator("#composer-tone summary")).to_contain_text("Nous l’avons déjà\u00a0: 4471-B")


def test_in_a_note_nothing_is_said_of_tone(page: Page) -> None:
    page.get_by_label("Votre texte").fill("Votre demande a bien été prise en compte par nos services !!")
    expect(page.locator("#composer-tone summary")).to_be_visible(timeout=PATIENCE_MS)
    page.locator(".mode-note").click()
    expect(page.locator("#composer-tone summary")).to_be_hidden()


def test_whoever_wants_none_is_shown_none_any_more(page: Page) -> None:
    page.get_by_label("Votre texte").fill("Votre demande a bien été prise en compte par nos services !!")
    page.locator("#composer-tone summary").click(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Ne plus afficher ces remarques").click()
    expect(page.locator("#composer-tone")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Votre texte")).to_be_visible()
    expect(page.locator("#composer-tone")).to_have_count(0)
