"""The catalogue's answers where one writes: there after the page, taken with one key, counted when the reply goes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from comptoir.catalogue.content import Variant
from comptoir.catalogue.models import EntryUse
from comptoir.catalogue.searching.at_hand import AT_HAND
from comptoir.catalogue.searching.reading import read_catalogue
from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from tests.catalogue.entries import make_entry
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def conversation(agent: Agent, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    """A customer who asks where the parcel is, and a catalogue that knows."""
    monkeypatch.setattr(AT_HAND, "_shelf", None)
    one = make_conversation(
        account=make_account(team=agent.teams.get()), identity=make_identity(name="Nadia Benali"), language="fr"
    )
    make_incoming(one, text="Bonjour, ma commande ML-23456 n’est toujours pas arrivée !")
    make_entry(
        question="Où est mon colis ?", phrasings=("ma commande n’est pas arrivée",),
        variants=(Variant("Bonjour {first_name}, je regarde la commande {order_number}.", "fr"),),
    )  # fmt: skip
    make_entry(
        question="Quand ma commande part-elle ?", phrasings=("ma commande n’est pas partie",),
        variants=(Variant("Elle part {customer_number} demain.", "fr"),),
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


def test_one_key_takes_the_best_answer_and_sending_it_counts(
    sign_in: SignIn, agent: Agent, conversation: Conversation
) -> None:
    page = opened(sign_in, agent, conversation)
    page.locator("#composer-text").focus()
    page.keyboard.press("Alt+1")
    expect(page.locator("#composer-text")).to_have_value("Bonjour Nadia, je regarde la commande ML-23456.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#undo")).to_be_visible()
    assert EntryUse.objects.get().conversation_id == conversation.pk


def test_what_is_still_to_be_filled_in_is_marked_to_be_typed_over(
    sign_in: SignIn, agent: Agent, conversation: Conversation
) -> None:
    make_incoming(conversation, text="Quand ma commande part-elle ?")
    page = opened(sign_in, agent, conversation)
    page.locator("#composer-text").fill("Bonjour.")
    page.keyboard.press("Alt+1")
    expect(page.locator("#composer-text")).to_have_value("Bonjour.\n\nElle part {customer_number} demain.")
    page.keyboard.type("bien")
    expect(page.locator("#composer-text")).to_have_value("Bonjour.\n\nElle part bien demain.")


def test_a_click_takes_an_answer_on_a_telephone_and_nothing_is_wider_than_it(
    sign_in: SignIn, agent: Agent, conversation: Conversation
) -> None:
    page = opened(sign_in, agent, conversation, viewport={"width": 360, "height": 740})
    page.locator("#answers [data-answer]").first.click()
    expect(page.locator("#composer-text")).to_have_value("Bonjour Nadia, je regarde la commande ML-23456.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_other_answers_come_with_what_the_customer_says_next(
    sign_in: SignIn, agent: Agent, conversation: Conversation
) -> None:
    make_entry(question="Livrez-vous en Belgique ?", phrasings=("livraison à Bruxelles",))
    read_catalogue()
    page = opened(sign_in, agent, conversation)
    first = page.locator("#answers .answer-question").first
    expect(first).to_have_text("Où est mon colis ?")
    make_incoming(conversation, text="Et livrez-vous à Bruxelles, en Belgique ?")
    page.evaluate("document.dispatchEvent(new CustomEvent('customer-spoke'))")
    expect(first).to_have_text("Livrez-vous en Belgique ?")


def test_the_catalogue_is_searched_by_hand(sign_in: SignIn, agent: Agent, conversation: Conversation) -> None:
    make_entry(question="Quels sont vos horaires ?", phrasings=("vous fermez quand",))
    read_catalogue()
    page = opened(sign_in, agent, conversation)
    page.locator("#answers-asked").fill("horaires d’ouverture")
    expect(page.locator("#answers .answer-question").first).to_have_text("Quels sont vos horaires ?")
    expect(page.locator("#answers-asked")).to_be_focused()
