"""Ruling on the bot's decisions without a mouse, and its proposal beside the composer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from comptoir.bot.models import Decision, Ruling
from comptoir.catalogue.searching.at_hand import AT_HAND
from comptoir.conversations.models import Message
from comptoir.desk.hand_offs import offer_hand_off
from comptoir.people.models import Agent
from tests.bot.deciding import decided, make_answerable, make_bot_account, make_question
from tests.factories import make_agent, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def decisions(fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch) -> list[Decision]:
    """Three proposals, of which the first has waited longest."""
    monkeypatch.setattr(AT_HAND, "_shelf", None)
    account, entry = make_bot_account("proposes"), make_answerable()
    asked = ("Où est mon colis ?", "Mon paquet est perdu ?", "Livrez-vous en Belgique ?")
    return [decided(make_question(account, text), entry) for text in asked]


@pytest.fixture
def agent(decisions: list[Decision]) -> Agent:
    return make_agent(name="Awa Diop", teams=[decisions[0].account.team])


def opened(sign_in: SignIn, agent: Agent, **options: object) -> Page:
    return sign_in(agent, **options, at="/bot/")


def test_a_queue_is_ruled_on_by_keys_alone(sign_in: SignIn, agent: Agent, decisions: list[Decision]) -> None:
    page = opened(sign_in, agent)
    asked = page.locator(".decision-asked")
    expect(asked).to_have_text("Où est mon colis ?")
    page.keyboard.press("s")
    expect(asked).to_have_text("Mon paquet est perdu ?")
    expect(page.locator("#ruling-edit")).to_be_visible()  # keys are heard from then on
    page.keyboard.press("e")
    expect(page.locator("#ruling-text")).to_be_focused()
    page.keyboard.type(" Vraiment.")
    expect(page.locator("#ruling-send")).to_contain_text("Envoyer avec les changements")
    page.keyboard.press("Control+Enter")
    expect(asked).to_have_text("Livrez-vous en Belgique ?")
    expect(page.locator("#ruling-edit")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.press("1")
    page.keyboard.type("Oui, sous trois jours.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".arbitration-one .empty")).to_be_visible()
    verdicts = list(Ruling.objects.order_by("decision_id").values_list("verdict", flat=True))
    assert verdicts == ["as_is", "edited", "refused"]
    sent = list(Message.objects.outgoing().order_by("pk").values_list("text", flat=True))
    assert sent == ["Votre colis arrive sous deux jours.", "Votre colis arrive sous deux jours. Vraiment."]
    assert Ruling.objects.get(verdict="refused").draft is not None, "it begins an entry"


def test_one_goes_on_and_back_without_ruling(sign_in: SignIn, agent: Agent) -> None:
    page = opened(sign_in, agent)
    keys_are_heard = expect(page.locator("#ruling-edit")).to_be_visible
    keys_are_heard()
    page.keyboard.press("j")
    expect(page.locator(".decision-asked")).to_have_text("Mon paquet est perdu ?")
    keys_are_heard()
    page.keyboard.press("k")
    expect(page.locator(".decision-asked")).to_have_text("Où est mon colis ?")
    keys_are_heard()
    page.keyboard.press("v")
    page.wait_for_url("**/conversations/**")


def test_what_was_said_keeps_its_room_on_a_telephone(sign_in: SignIn, agent: Agent, decisions: list[Decision]) -> None:
    conversation = decisions[0].message.conversation
    experts = make_team(name="Atelier")
    make_agent(name="Inès Moreau", role="expert", teams=[experts])
    offer_hand_off(conversation.pk, to=experts, asked="Que répondre à cela ?", by=agent)
    page = sign_in(agent, viewport={"width": 360, "height": 640}, at=f"/conversations/{conversation.pk}/")
    expect(page.locator(".proposal")).to_be_attached()
    said = page.locator("#exchange-scroll").bounding_box()
    assert said is not None
    assert said["height"] >= 200
    page.locator("#composer textarea").focus()
    expect(page.locator("#composer textarea")).to_be_in_viewport()


def test_on_a_telephone_a_proposal_is_one_line_with_a_button_that_opens_it(
    sign_in: SignIn, agent: Agent, decisions: list[Decision]
) -> None:
    page = sign_in(
        agent, viewport={"width": 360, "height": 740}, at=f"/conversations/{decisions[0].message.conversation_id}/"
    )
    button = page.get_by_role("button", name="ce que propose le robot")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".proposal .fold-line")).to_contain_text("sûr à")
    expect(page.locator("#composer-send")).to_be_in_viewport(ratio=1)
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(button).to_be_focused()
    expect(page.get_by_role("button", name="Envoyer tel quel")).to_be_visible()
    button.press("Enter")
    expect(page.get_by_role("button", name="Envoyer tel quel")).to_be_hidden()


def test_on_a_wide_screen_a_proposal_is_whole(sign_in: SignIn, agent: Agent, decisions: list[Decision]) -> None:
    page = sign_in(agent, at=f"/conversations/{decisions[0].message.conversation_id}/")
    expect(page.get_by_role("button", name="Envoyer tel quel")).to_be_visible()
    expect(page.locator("#proposal-fold")).to_be_hidden()


def test_keys_do_nothing_for_who_has_turned_them_off(sign_in: SignIn, agent: Agent) -> None:
    agent.preferences = {"keys_are_off": True}
    agent.save()
    page = opened(sign_in, agent)
    page.keyboard.press("s")
    page.locator("#ruling-right").click()
    expect(page.locator(".decision-asked")).to_have_text("Mon paquet est perdu ?")
    assert Ruling.objects.get().verdict == "right"


def test_on_a_telephone_nothing_is_wider_than_it(sign_in: SignIn, agent: Agent) -> None:
    page = opened(sign_in, agent, viewport={"width": 360, "height": 740})
    expect(page.locator(".decision-asked")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_proposal_is_sent_or_changed_where_one_writes(
    sign_in: SignIn, agent: Agent, decisions: list[Decision]
) -> None:
    page = sign_in(agent)
    root = page.url.split("/inbox/")[0]
    page.goto(f"{root}/conversations/{decisions[0].message.conversation_id}/")
    page.locator(".proposal button[data-answer]").click()
    expect(page.locator("#composer-text")).to_have_value("Votre colis arrive sous deux jours.")
    page.goto(f"{root}/conversations/{decisions[1].message.conversation_id}/")
    page.locator(".proposal button[value=as_is]").click()
    expect(page.locator("#undo")).to_be_visible()
    assert Ruling.objects.get().decision == decisions[1]
