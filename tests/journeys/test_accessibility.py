"""Every screen, light and dark, wide and narrow: axe-core finds nothing, and nothing is wider than the window."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from tests.journeys.axe import axe_source
from tests.journeys.conftest import SignIn
from tests.journeys.everyday import ordinary_day, screens

pytestmark = pytest.mark.django_db(transaction=True)
_RUN = "; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"


def complaints(page: Page, name: str) -> list[str]:
    """What axe-core says against the page, one line each."""
    found = page.evaluate(axe_source() + _RUN)
    assert found["passes"], f"axe looked at nothing on {name}"
    return [
        f"{name}: {one['id']}: {json.dumps([node['html'][:160] for node in one['nodes'][:3]])}"
        for one in found["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(sign_in: SignIn, site: str, scheme: str) -> None:
    agent, exchange = ordinary_day()
    page = sign_in(agent, color_scheme=scheme, reduced_motion="reduce")
    said = []
    for name, address in screens(exchange).items():
        page.goto(site + address)
        said += complaints(page, name)
    page.goto(site + screens(exchange)["conversation"])
    page.locator("#assign-menu summary").click()
    said += complaints(page, "assign menu")
    page.keyboard.press("Escape")
    page.get_by_label("Note", exact=True).check(force=True)
    said += complaints(page, "note")
    page.get_by_role("button", name="Touches").click()
    said += complaints(page, "keys")
    page.context.clear_cookies()
    page.goto(site + "/account/login/")
    said += complaints(page, "sign in")
    assert said == []


def test_no_screen_is_wider_than_a_telephone(sign_in: SignIn, site: str) -> None:
    agent, exchange = ordinary_day()
    page = sign_in(agent, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    wide = []
    for name, address in screens(exchange).items():
        page.goto(site + address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide.append(f"{name}: {width} px")
    assert wide == []
