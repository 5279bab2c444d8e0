"""The counter as an application of the computer or the telephone."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from comptoir.people.models import Agent
from tests.factories import make_agent, make_team
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def page(sign_in: SignIn, agent: Agent) -> Page:
    """The inbox, with its worker in charge of the page."""
    opened = sign_in(agent, service_workers="allow")
    opened.evaluate("navigator.serviceWorker.ready.then(() => null)")
    opened.reload()
    assert opened.evaluate("Boolean(navigator.serviceWorker.controller)")
    return opened


def test_the_browser_finds_nothing_against_the_manifest(page: Page, site: str) -> None:
    browser = page.context.new_cdp_session(page)
    told = browser.send("Page.getAppManifest")
    assert told["errors"] == []
    manifest = json.loads(told["data"])
    assert page.request.get(site + manifest["start_url"]).url.startswith(f"{site}/inbox/")
    for icon in manifest["icons"]:
        side = page.evaluate(
            "async (src) => { const picture = new Image(); picture.src = src; await picture.decode(); "
            "return `${picture.naturalWidth}x${picture.naturalHeight}`; }",
            icon["src"],
        )
        assert side == icon["sizes"]


def test_without_a_network_a_page_of_the_counter_says_so_and_comes_back_with_it(page: Page, site: str) -> None:
    page.context.set_offline(True)
    page.goto(f"{site}/settings/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pas de connexion au comptoir")
    page.context.set_offline(False)
    page.locator("main .primary").press("Enter")
    expect(page).not_to_have_title("Pas de connexion au comptoir · Comptoir")
    assert urlsplit(page.url).path == "/settings/"


def test_what_a_page_asks_for_goes_by_the_worker_which_need_not_be_woken_for_it(page: Page, site: str) -> None:
    page.evaluate("async () => { await (await fetch('/inbox/all/')).text(); }")
    whence = "(address) => performance.getEntriesByName(address).at(-1)?.workerMatchedSourceType"
    asked, static = f"{site}/inbox/all/", page.locator("script[src]").first.evaluate("(one) => one.src")
    eventually(page, lambda: page.evaluate(whence, asked) == "network")
    assert page.evaluate(whence, static) == ""  # kept, and given by the worker
