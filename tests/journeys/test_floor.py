"""The floor in a browser: it follows what happens by itself, and one acts from it by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.people.models import Agent
from tests.factories import make_agent, make_conversation, make_incoming
from tests.journeys.conftest import SignIn
from tests.journeys.test_accessibility import seen_both_ways, too_wide

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def camille() -> Agent:
    return make_agent(role="supervisor", name="Camille")


def waits(hours: float) -> Conversation:
    conversation = make_conversation()
    make_incoming(conversation, sent_at=now() - timedelta(hours=hours))
    return conversation


def tile(page: Page, name: str) -> str:
    return page.locator(f"#tile-{name}").inner_text()


def test_it_follows_what_happens_without_being_asked(sign_in: SignIn, site: str, camille: Agent) -> None:
    waits(1)
    page = sign_in(camille)
    page.goto(f"{site}/floor/")
    assert tile(page, "waiting") == "1"
    waits(2)
    expect(page.locator("#tile-waiting")).to_have_text("2", timeout=15_000)
    expect(page.locator("#floor-said")).to_contain_text("2 clients attendent")


def test_what_did_not_change_is_left_alone_and_the_focus_stays(sign_in: SignIn, site: str, camille: Agent) -> None:
    page = sign_in(camille)
    page.goto(f"{site}/floor/")
    page.evaluate("document.getElementById('floor-complaint').wasThere = true")
    page.locator("#tile-waiting").focus()
    waits(2)
    expect(page.locator("#tile-waiting")).to_have_text("1", timeout=15_000)
    assert page.evaluate("document.getElementById('floor-complaint').wasThere")
    assert page.evaluate("document.activeElement.id") == "tile-waiting"


def test_one_is_taken_by_keyboard(sign_in: SignIn, site: str, camille: Agent) -> None:
    conversation = waits(3)
    page = sign_in(camille)
    page.goto(f"{site}/floor/")
    page.locator(f"#take-never-{conversation.pk}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#take-never-{conversation.pk}")).to_have_count(0, timeout=15_000)
    conversation.refresh_from_db()
    assert conversation.assignee == camille


def test_a_colleague_is_set_away_by_keyboard(sign_in: SignIn, site: str, camille: Agent) -> None:
    awa = make_agent(name="Awa")
    page = sign_in(camille)
    page.goto(f"{site}/floor/")
    page.locator(f"#presence-{awa.pk}").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Absent").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#presence-{awa.pk}")).to_contain_text("Absent", timeout=15_000)


def test_it_is_clean_open_and_on_a_wall_and_fits_a_telephone(sign_in: SignIn, site: str, camille: Agent) -> None:
    conversation = waits(30)
    Conversation.objects.update(promise_due_at=now() + timedelta(minutes=5))
    page = sign_in(camille)
    said = []
    page.goto(f"{site}/floor/")
    page.locator(f"#give-next-{conversation.pk}").click()
    page.locator(".floor-row .menu[open] button").first.wait_for()
    said += seen_both_ways(page, "floor")
    page.goto(f"{site}/floor/?wall=1")
    said += seen_both_ways(page, "wall")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/floor/")
    said += too_wide(page, "floor")
    assert said == []
