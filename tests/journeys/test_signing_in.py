"""The way in, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from comptoir.people.actions import create_sign_in_link
from tests.factories import make_agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_sign_in_link_opens_the_inbox_at_one_press(chromium: Browser, site: str) -> None:
    agent = make_agent(name="Awa Diop")
    page = chromium.new_context(locale="fr-FR").new_page()
    page.goto(f"{site}/sign-in/{create_sign_in_link(agent=agent)}/")
    page.locator("main button").press("Enter")
    page.wait_for_url("**/inbox/**")
    expect(page.locator("#me-menu")).to_contain_text("AD")
