"""Pictures, documents and original layouts are looked at within the page, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn
from tests.journeys.everyday import ordinary_day

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(sign_in: SignIn, site: str) -> Page:
    _administrator, exchange = ordinary_day()
    assert exchange.assignee is not None
    return sign_in(exchange.assignee, at=f"/conversations/{exchange.pk}/")


def test_a_picture_opens_large_and_escape_leads_back_to_it(page: Page) -> None:
    picture = page.locator("#exchange a[data-act=view]").first
    picture.press("Enter")
    expect(page.locator("dialog.viewer img")).to_have_attribute("alt", "Un colis ouvert")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.viewer")).to_be_hidden()
    expect(picture).to_be_focused()


def test_a_document_is_read_in_the_page(page: Page) -> None:
    page.locator("#exchange a[data-act=document]").first.press("Enter")
    expect(page.locator("dialog.viewer iframe")).to_have_attribute("title", "facture-2026-11.pdf")


def test_the_original_layout_opens_in_a_sandbox_and_closes_again(page: Page) -> None:
    original = page.locator("#exchange a[data-act=original]").first
    original.press("Enter")
    frame = page.locator(".original iframe")
    expect(frame).to_be_visible()
    assert "allow-scripts" not in (frame.get_attribute("sandbox") or "allow-scripts")
    original.press("Enter")
    expect(frame).to_have_count(0)
