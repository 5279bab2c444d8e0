"""Every screen and what opens over it: axe-core finds nothing, light or dark, and nothing is wider than a telephone.

A hundred of them take minutes: `make test` looks at those where an agent spends the day, `make test-peers` at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest
from playwright.sync_api import Page

from tests.journeys.axe import axe_source
from tests.journeys.conftest import SignIn
from tests.journeys.everyday import OPENED, ordinary_day, press_all, screens

pytestmark = pytest.mark.django_db(transaction=True)
_EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_WIDE, _NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


def complaints(page: Page, name: str, rules: Sequence[str] = _EVERYTHING) -> list[str]:
    """What axe-core says against the page, one line each; what a menu lies over is no small target.

    No rule that is asked needs the style sheets and media fetched once more.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_source() + "; null")
    found: Mapping[str, list[dict[str, list[dict[str, str]]]]] = page.evaluate(
        """rules => axe.run(document, {
            runOnly: rules,
            resultTypes: ['violations'],
            preload: false,
            rules: document.querySelector('details.menu[open]') ? {'target-size': {enabled: false}} : {},
        })""",
        list(rules),
    )
    assert found["passes"], f"axe looked at nothing on {name}"
    return [
        f"{name}: {one['id']}: {json.dumps([node['html'][:160] for node in one['nodes'][:3]])}"
        for one in found["violations"]
    ]


def seen_both_ways(page: Page, name: str) -> list[str]:
    """Light with every rule; dark with those about colour, which is all that differs."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    said = complaints(page, name)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return said + complaints(page, f"{name}, dark", ["color-contrast", "link-in-text-block"])


def too_wide(page: Page, name: str) -> list[str]:
    """What stands over the edge of a telephone."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{name}: {width} px on a telephone"] if width > _NARROW["width"] else []


def seen_everywhere(page: Page, name: str) -> list[str]:
    """Light and dark on a desk, then on a telephone."""
    page.set_viewport_size(_WIDE)
    said = seen_both_ways(page, name)
    page.set_viewport_size(_NARROW)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return [*said, *too_wide(page, name), *complaints(page, f"{name}, on a telephone")]


@pytest.mark.peers
def test_every_screen_is_clean_light_and_dark_wide_and_narrow(sign_in: SignIn, site: str) -> None:
    agent, exchange = ordinary_day()
    page = sign_in(agent)
    said = []
    addresses = screens(exchange)
    del addresses["original"]  # A customer's own layout, where no script runs, not even axe.
    for name, address in addresses.items():
        page.goto(site + address)
        said += seen_everywhere(page, name)
    page.context.clear_cookies()
    page.goto(site + "/account/login/")
    said += seen_both_ways(page, "sign in")
    assert said == []


@pytest.mark.peers
def test_what_opens_over_a_screen_is_clean_too(sign_in: SignIn, site: str) -> None:
    agent, exchange = ordinary_day()
    page = sign_in(agent)
    addresses = screens(exchange)
    said = []
    for name, (screen, presses) in OPENED.items():
        page.set_viewport_size(_WIDE)
        page.goto(site + addresses[screen])
        press_all(page, presses)
        said += seen_both_ways(page, name)
        page.set_viewport_size(_NARROW)
        said += too_wide(page, name)
    page.set_viewport_size(_WIDE)
    page.keyboard.press("Control+k")
    said += seen_both_ways(page, "command bar")
    assert said == []


def test_no_screen_for_an_agent_of_the_service_is_unclean(sign_in: SignIn, site: str) -> None:
    _administrator, exchange = ordinary_day()
    agent = exchange.assignee
    assert agent is not None
    page = sign_in(agent)
    said = []
    for name, address in (
        ("inbox", "/inbox/all/"), ("conversation", f"/conversations/{exchange.pk}/"), ("settings", "/settings/"),
    ):  # fmt: skip
        page.goto(site + address)
        said += seen_everywhere(page, name)
    assert said == []


@pytest.mark.parametrize(("width", "height"), [(720, 450), (640, 360), (1024, 500)])
def test_enlarged_to_twice_its_size_what_was_said_is_read_and_answered(
    sign_in: SignIn, site: str, width: int, height: int
) -> None:
    _administrator, exchange = ordinary_day()
    agent = exchange.assignee
    assert agent is not None
    page = sign_in(agent)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{site}/conversations/{exchange.pk}/")
    said = page.locator("#exchange-scroll").bounding_box()
    assert said is not None
    assert said["height"] >= 150, "room for a few lines"
    page.locator("#composer-text").fill("Bonjour")
    page.get_by_role("button", name="Répondre en public").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
