"""A language model writes where somebody asks it to: a draft with its sources, a reply said better, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from comptoir.analysis.writing import writer
from comptoir.catalogue.content import Variant
from comptoir.catalogue.models import EntryUse
from comptoir.catalogue.searching.at_hand import AT_HAND
from comptoir.catalogue.searching.reading import read_catalogue
from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from tests.catalogue.entries import make_entry
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.axe import axe_source
from tests.journeys.conftest import SignIn
from tests.writing_model import Model, model_running

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "https://aide.maison.example/belgique"


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Model]:
    with model_running() as running:
        named = tmp_path / "models.toml"
        named.write_text(f'[writer]\nurl = "{running.url}"\nmodel = "small"\n')
        monkeypatch.setenv("COMPTOIR_UNDERSTANDING", str(named))
        writer.cache_clear()
        yield running
    writer.cache_clear()


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def conversation(agent: Agent, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    monkeypatch.setattr(AT_HAND, "_shelf", None)
    account = make_account(team=agent.teams.get())
    one = make_conversation(account=account, identity=make_identity(name="Julie Martin"), language="fr")
    make_incoming(one, text="Bonjour, livrez-vous en Belgique ?")
    make_entry(
        question="Livrez-vous en Belgique ?", phrasings=("livraison en Belgique",),
        variants=(Variant("Oui, sous 3 jours ouvrés pour 6,90 €. Plus : {link}", "fr", link=PAGE),),
    )  # fmt: skip
    read_catalogue()
    return one


def opened(sign_in: SignIn, agent: Agent, conversation: Conversation, **options: object) -> Page:
    page = sign_in(agent, **{"viewport": {"width": 1280, "height": 800}} | options)  # type: ignore[arg-type]  # as given
    page.goto(page.url.replace("/inbox/all/", f"/conversations/{conversation.pk}/"))
    first, fold = page.locator("#answers [data-answer]").first, page.locator("#catalogue-answers-fold")
    expect(first).to_be_attached()
    if fold.is_visible():  # a line on a telephone
        fold.click()
    expect(first).to_be_visible()
    return page


def drafted(page: Page, model: Model) -> None:
    model.text = "Bonjour {first_name}, oui, sous 3 jours ouvrés [1], et dès mardi.\n\n{agent_name}"
    page.locator(".answers-draft button").press("Enter")
    expect(page.locator("#written-take")).to_be_visible()


def test_a_draft_is_put_into_the_text_and_what_no_entry_says_is_to_be_written(
    sign_in: SignIn, agent: Agent, conversation: Conversation, model: Model
) -> None:
    page = opened(sign_in, agent, conversation)
    drafted(page, model)
    expect(page.locator(".written .unfounded")).to_have_text("mardi")
    page.locator("#written-take").press("Enter")
    words = "Bonjour Julie, oui, sous 3 jours ouvrés, et dès {to_check}.\n\nAwa Diop"
    expect(page.locator("#composer-text")).to_have_value(words)
    page.keyboard.type("lundi")  # what is to be checked is chosen already
    page.keyboard.press("Control+Enter")
    expect(page.locator("#undo")).to_be_visible()
    assert EntryUse.objects.get().conversation_id == conversation.pk


def test_a_reply_said_better_is_taken_with_enter_and_taken_back(
    sign_in: SignIn, agent: Agent, conversation: Conversation, model: Model
) -> None:
    page = opened(sign_in, agent, conversation)
    model.text = "Bonjour, votre colis arrive demain."
    page.locator("#composer-text").fill("bjr votre colis arrive demain")
    page.locator("#composer-better").press("Enter")
    expect(page.locator("#composer-rewriting ins").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#composer-text")).to_have_value("Bonjour, votre colis arrive demain.")
    expect(page.locator("#composer-rewriting")).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(page.locator("#composer-text")).to_have_value("bjr votre colis arrive demain")


def test_escape_leaves_the_reply_as_it_was(
    sign_in: SignIn, agent: Agent, conversation: Conversation, model: Model
) -> None:
    page = opened(sign_in, agent, conversation)
    model.text = "Bonjour, votre colis arrive demain."
    page.locator("#composer-text").fill("bjr votre colis arrive demain")
    page.locator("#composer-better").press("Enter")
    expect(page.locator("#composer-rewriting ins").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#composer-rewriting")).to_be_hidden()
    expect(page.locator("#composer-text")).to_have_value("bjr votre colis arrive demain")
    expect(page.locator("#composer-text")).to_be_focused()


@pytest.mark.parametrize("width", [360, 1280])
def test_what_a_model_wrote_is_within_reach_of_everybody(
    sign_in: SignIn, agent: Agent, conversation: Conversation, model: Model, width: int
) -> None:
    page = opened(sign_in, agent, conversation, viewport={"width": width, "height": 800}, bypass_csp=True)
    drafted(page, model)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.add_script_tag(content=axe_source())
    found = page.evaluate("axe.run('.written', {runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa']})")
    assert [one["id"] for one in found["violations"]] == []
