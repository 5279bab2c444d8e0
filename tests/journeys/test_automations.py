"""An automation written, tried and switched on by keyboard; what was held, let go on; each on a telephone too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from comptoir.automations.models import Automation, AutomationRun
from comptoir.conversations.models import Conversation
from tests.journeys.conftest import SignIn
from tests.journeys.everyday import ordinary_day
from tests.journeys.test_accessibility import seen_both_ways, too_wide

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    agent, _exchange = ordinary_day()
    agent.language = "fr"
    agent.save(update_fields=["language"])
    return sign_in(agent)


def test_an_automation_is_written_tried_and_kept_by_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}/settings/automations/")
    before = page.locator(".automation-row").count()
    page.get_by_role("link", name="Écrire une automatisation").press("Enter")
    page.get_by_label("Nom").fill("Colis")
    page.locator("[name=trigger]").select_option("waits")
    expect(page.locator("[name=trigger-tagged]")).to_be_hidden()
    page.locator("[name=amount]").fill("1")
    page.get_by_label("Comptées").select_option("yes")
    page.locator("summary", has_text="À quelqu’un ou à personne").first.press("Enter")
    page.locator("[name=when-owner]").select_option("nobody")
    page.locator("[name=act-0]").select_option("tag")
    page.locator("[name=name-0]").fill("retard")
    page.locator("[name=act-1]").select_option("notify")
    page.locator("[name=who-1]").select_option("team")
    page.get_by_role("button", name="Essayer sur les 14 derniers jours").press("Enter")
    expect(page.locator("#trial")).to_contain_text("Elle aurait agi")
    expect(page.locator("#trial")).to_contain_text("un client attend depuis 1 heure d’ouverture")
    assert not Automation.objects.filter(name="Colis").exists()
    assert seen_both_ways(page, "an automation that was tried") == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert too_wide(page, "an automation that was tried") == []
    page.get_by_role("button", name="Garder l’automatisation").press("Enter")
    row = page.locator(".automation-row", has_text="Colis").last
    expect(row).to_contain_text("si la conversation n’est encore à personne")
    assert Automation.objects.get(name="Colis").is_active
    row.get_by_role("button", name="Monter").press("Enter")
    expect(page.locator(".automation-row").nth(before - 1)).to_contain_text("Colis")
    page.keyboard.press("Enter")  # the focus has gone up with the automation
    expect(page.locator(".automation-row").nth(before - 2)).to_contain_text("Colis")


def test_what_was_held_is_looked_at_and_let_go_on(page: Page, site: str) -> None:
    held = AutomationRun.objects.filter(state="held").count()
    assert held > 0
    page.goto(f"{site}/settings/automations/")
    page.get_by_role("link", name="Elle a agi").press("Enter")
    expect(page.locator(".automation-held")).to_contain_text("rien n’est perdu")
    page.get_by_role("button", name="Continuer, et faire ce qui est retenu").press("Enter")
    expect(page.locator("body")).to_contain_text("Elle continue")
    assert not AutomationRun.objects.filter(state="held").exists()
    assert AutomationRun.objects.filter(state="waiting").count() == held


def test_the_exchange_tells_what_the_automation_did_and_why(page: Page, site: str) -> None:
    run = AutomationRun.objects.filter(state="done").earliest("pk")
    conversation = Conversation.objects.get(pk=run.conversation_id)
    page.goto(f"{site}/conversations/{conversation.pk}/")
    expect(page.locator("#exchange-scroll")).to_contain_text("Grève du transporteur")
    expect(page.locator("#exchange-scroll")).to_contain_text("a agi. Un message est arrivé.")
