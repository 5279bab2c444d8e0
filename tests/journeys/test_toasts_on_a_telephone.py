"""What has just happened, on a telephone: said without hiding what one needs next."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from comptoir.conversations.models import Conversation
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 360, "height": 740}
#: Whatever takes the focus in the open conversation and lies under a message, in part or wholly.
_COVERED = """() => {
  const toasts = [...document.querySelectorAll(".toast")].map((one) => one.getBoundingClientRect());
  const controls = document.querySelectorAll("#conversation :is(a, button, summary, textarea, select, input)");
  const outside = [...controls].filter((one) => one.checkVisibility() && !one.closest("#exchange-scroll, .toasts"));
  return outside.filter((one) => {
    const box = one.getBoundingClientRect();
    return toasts.some((toast) => {
      const [left, right] = [Math.max(box.left, toast.left), Math.min(box.right, toast.right)];
      const [top, bottom] = [Math.max(box.top, toast.top), Math.min(box.bottom, toast.bottom)];
      if (right - left <= 1 || bottom - top <= 1) return false;
      return Boolean(document.elementFromPoint((left + right) / 2, (top + bottom) / 2)?.closest(".toasts"));
    });
  }).map((one) => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture
def conversations(fake_network: FakeNetwork) -> list[Conversation]:
    team = make_team(name="Service")
    make_agent(name="Awa Diop", teams=[team])
    account = make_account(team=team)
    made = []
    for name in ("Nadia", "Omar", "Paule"):
        one = make_conversation(account=account, identity=make_identity(name=name))
        make_incoming(one, text=f"Bonjour, ici {name}")
        made.append(one)
    return made


def opened(page: Page, name: str) -> None:
    expect(page.locator("#conversation-title")).to_have_text(name)


@pytest.fixture
def page(sign_in: SignIn, conversations: list[Conversation]) -> Page:
    agent = conversations[0].account.team.agents.get()
    page = sign_in(agent, viewport=PHONE)
    page.locator(".row").first.click()
    opened(page, "Paule")
    return page


def look(page: Page, name: str) -> None:
    if folder := os.environ.get("LOOK"):
        page.wait_for_timeout(400)
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_two_of_them_cover_nothing_that_one_presses(page: Page) -> None:
    page.locator("#resolve").click()
    opened(page, "Omar")
    page.locator("#resolve").click()
    opened(page, "Nadia")
    expect(page.locator(".toast")).not_to_have_count(0)
    look(page, "two")
    assert page.evaluate(_COVERED) == []


def test_they_give_way_when_the_head_grows(page: Page) -> None:
    page.locator("#resolve").click()
    opened(page, "Omar")
    expect(page.locator(".toast")).not_to_have_count(0)
    page.locator("#head").evaluate("one => { one.style.minHeight = '170px'; }")
    page.locator("#bridges").evaluate("one => { one.innerHTML = '<p><button>Rattacher</button></p>'; }")
    look(page, "grown")
    page.wait_for_timeout(200)
    assert page.evaluate(_COVERED) == []


def test_an_open_menu_lies_over_them(page: Page) -> None:
    page.locator("#resolve").click()
    opened(page, "Omar")
    expect(page.locator(".toast")).not_to_have_count(0)
    page.locator("#more-menu > summary").click()
    expect(page.locator("#more-menu")).to_have_attribute("open", "")
    look(page, "menu")
    assert page.evaluate(_COVERED) == []


def test_what_has_the_focus_is_not_hidden_by_those_that_come(page: Page, site: str) -> None:
    page.goto(f"{site}/keys/")
    held = page.locator("main form :is(input, select)").nth(12)
    held.focus()
    held.evaluate("one => scrollBy(0, one.getBoundingClientRect().bottom - innerHeight + 90)")
    page.evaluate(
        "() => document.getElementById('toasts').insertAdjacentHTML('beforeend',"
        " '<div class=toast><p>Gardé.</p></div><div class=toast><p>Envoyé.</p></div>')"
    )
    page.wait_for_timeout(300)
    look(page, "focus")
    box, over = held.bounding_box(), page.locator("#toasts").bounding_box()
    assert box
    assert over
    assert box["y"] + box["height"] <= over["y"] or box["y"] >= over["y"] + over["height"]
