"""What was read, in a browser: said below a message, corrected without leaving the exchange, by mouse and by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from comptoir.analysis.models import Correction, MessageAnalysis
from comptoir.conversations.models import Message
from comptoir.events.record import record
from comptoir.people.models import Agent
from tests.factories import (
    make_account,
    make_agent,
    make_analysis,
    make_conversation,
    make_incoming,
    make_reason,
    make_team,
)
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.test_accessibility import seen_both_ways, too_wide

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def said(agent: Agent, fake_network: FakeNetwork) -> Message:
    conversation = make_conversation(account=make_account(team=agent.teams.get()))
    make_analysis(make_incoming(conversation, text="Bonjour"), intent="chatter")
    message = make_incoming(conversation, text="Ma suspension chauffe, est-ce dangereux ?")
    make_analysis(message, urgency=2, grounds=["safety"], sentiment="negative", reason=make_reason("Panne"))
    return message


@pytest.fixture
def page(sign_in: SignIn, agent: Agent, said: Message) -> Page:
    opened = sign_in(agent, viewport={"width": 1280, "height": 720})
    opened.goto(opened.url.replace("/inbox/all/", f"/conversations/{said.conversation_id}/"))
    return opened


def test_one_press_corrects_what_was_read(page: Page, said: Message) -> None:
    line = page.locator(f"#reading-{said.pk}")
    expect(line).to_contain_text("Aujourd’hui")
    line.click()
    form = page.locator(f"#form-{said.pk} .reading-form")
    form.get_by_role("button", name="Tout de suite").click()
    expect(form.get_by_role("button", name="Tout de suite")).to_have_attribute("aria-pressed", "true")
    expect(line).to_contain_text("Tout de suite")
    expect(page.locator(f"#row-{said.conversation_id} .mark-urgent")).to_contain_text("Tout de suite")
    assert Correction.objects.get().after == 3


def test_the_key_opens_the_last_message_and_escape_closes_it(page: Page, said: Message) -> None:
    page.keyboard.press("c")
    form = page.locator(f"#form-{said.pk} .reading-form")
    expect(form.get_by_role("button", name="Aujourd’hui")).to_be_focused()
    page.keyboard.press("Tab")
    expect(form.get_by_role("button", name="Tout de suite")).to_be_focused()
    page.keyboard.press("Enter")
    expect(form.get_by_role("button", name="Tout de suite")).to_have_attribute("aria-pressed", "true")
    expect(form.get_by_role("button", name="Tout de suite")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.locator(f"#reading-{said.pk}")).to_be_focused()


def test_a_reason_is_chosen_from_the_tree(page: Page, said: Message) -> None:
    other = make_reason("Livraison")
    page.locator(f"#reading-{said.pk}").click()
    page.locator(f"#topic-{said.pk}").select_option(label="Livraison")
    expect(page.locator(f"#reading-{said.pk}")).to_contain_text("Livraison")
    assert said.analysis.topics.get().reason == other


def test_what_is_read_later_appears_by_itself(page: Page, said: Message) -> None:
    expect(page.locator("html")).to_have_attribute("data-live", "on")
    MessageAnalysis.objects.filter(message=said).update(urgency=3)
    record("message.analysed", subject=said)
    expect(page.locator(f"#reading-{said.pk}")).to_contain_text("Tout de suite")


def test_its_form_is_clean_light_and_dark_and_no_wider_than_a_telephone(page: Page, said: Message) -> None:
    page.locator(f"#reading-{said.pk}").click()
    expect(page.locator(".reading-form")).to_be_visible()
    complaints = seen_both_ways(page, "reading")
    page.set_viewport_size({"width": 360, "height": 740})
    assert complaints + too_wide(page, "reading") == []
