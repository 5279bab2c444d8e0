"""A supervisor reads the figures, by keyboard: what one means, and down to the conversations behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.intake.actions import receive
from comptoir.people.models import Agent
from comptoir.reporting.following import begin_counting, count_past
from tests.factories import make_account, make_agent, make_analysis, make_brand, make_promises, make_reason, make_team
from tests.fake_network import FakeNetwork
from tests.intake.events import echo, said
from tests.journeys.conftest import SignIn
from tests.journeys.test_accessibility import seen_both_ways, too_wide

pytestmark = pytest.mark.django_db(transaction=True)
_KINDS = ("email", "chat", "mastodon", "phone")


def busy_month() -> Agent:
    """Four channels, two teams, six weeks; the telephone answers at once, e-mail the next day."""
    make_promises()
    brand = make_brand(name="Maison Claire")
    teams = [make_team(name="Service clients"), make_team(name="Experts techniques")]
    reasons = [make_reason("Livraison en retard"), make_reason("Remboursement")]
    waits = {"email": timedelta(hours=19), "chat": timedelta(minutes=2), "mastodon": timedelta(hours=3)}
    accounts = [make_account(kind=kind, brand=brand, team=teams[n % 2]) for n, kind in enumerate(_KINDS)]
    for number in range(160):
        account = accounts[number % 4]
        at = now() - timedelta(days=number % 42, hours=number % 9, minutes=number)
        wait = waits.get(account.kind, timedelta(seconds=20)) * (1 + number % 5 / 3)
        name = f"n{number}"
        receive(account, [said(name, "Où est mon colis ?", thread_id=name, by=f"cliente {number}", sent_at=at)])
        if number % 13:
            receive(account, [echo(f"{name}-a", thread_id=name, to=f"cliente {number}", sent_at=at + wait)])
        message = Message.objects.get(external_id=name)
        make_analysis(message, reason=reasons[number // 4 % 2])
        if number % 3:
            Conversation.objects.filter(pk=message.conversation_id).update(status="resolved", resolved_at=at + 2 * wait)
    begin_counting()
    while count_past():
        pass
    return make_agent(role=Agent.Role.SUPERVISOR, name="Inès Marchand", teams=teams)


def test_from_a_figure_to_its_meaning_and_its_conversations(
    sign_in: SignIn, site: str, fake_network: FakeNetwork
) -> None:
    page = sign_in(busy_month())
    page.locator(".rail").get_by_role("link", name="Chiffres").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Chiffres", exact=True).wait_for()
    hint = page.get_by_role("button", name="Ce que veut dire «\u00a0Première réponse\u00a0»").first
    hint.focus()
    page.keyboard.press("Enter")
    meaning = page.locator("#hint-first_reply")
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    hint.hover()
    expect(meaning).to_be_visible()
    page.mouse.move(2, 2)
    expect(meaning).to_be_hidden()
    received = page.locator(".tile-number a").first
    number = received.inner_text()
    received.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Conversations reçues").wait_for()
    expect(page.locator(".screen-head p")).to_contain_text(f"{number} conversations")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/conversations/**")


def test_it_is_read_by_all_and_on_every_screen(sign_in: SignIn, site: str, fake_network: FakeNetwork) -> None:
    page = sign_in(busy_month())
    said_against = []
    for address in ("/reports/?days=90", "/reports/?by=agent", "/reports/conversations/?figure=first_reply_broken"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(site + address)
        said_against += seen_both_ways(page, address)
        page.set_viewport_size({"width": 360, "height": 740})
        said_against += seen_both_ways(page, f"{address}, narrow") + too_wide(page, address)
    assert said_against == []
