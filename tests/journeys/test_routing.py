"""A rule written, tried and put in order by keyboard; why a conversation is where it is, asked beside it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from comptoir.conversations.models import Conversation
from comptoir.routing.models import RoutingRule
from tests.journeys.conftest import SignIn
from tests.journeys.everyday import ordinary_day
from tests.journeys.test_accessibility import seen_both_ways

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_rule_is_written_tried_and_moved_by_keyboard(sign_in: SignIn, site: str) -> None:
    agent, _exchange = ordinary_day()
    agent.language = "fr"
    agent.save(update_fields=["language"])
    page = sign_in(agent)
    before = RoutingRule.objects.count()
    page.goto(f"{site}/routing/new/")
    page.locator("summary", has_text="Mots").first.press("Enter")
    page.locator("[name=when-text]").fill("facture\ncomptable")
    page.locator("summary", has_text="Fixer sa priorité").press("Enter")
    page.locator("[name=do-priority]").select_option("2")
    page.get_by_role("button", name="Essayer sur les messages passés").press("Enter")
    expect(page.locator("#trial")).to_contain_text("derniers messages")
    expect(page.locator("#trial")).to_contain_text("Pourriez-vous nous renvoyer la facture")
    assert RoutingRule.objects.count() == before
    assert seen_both_ways(page, "a rule that was tried") == []
    page.get_by_role("button", name="Garder la règle").press("Enter")
    row = page.locator(".rule-row", has_text="comptable")
    expect(row).to_contain_text("priorité haute")
    row.get_by_role("button", name="Monter").press("Enter")
    expect(page.locator(".rule-row").nth(before - 1)).to_contain_text("comptable")
    page.keyboard.press("Enter")  # the focus has gone up with the rule
    expect(page.locator(".rule-row").nth(before - 2)).to_contain_text("comptable")


def test_a_conversation_tells_why_it_is_where_it_is(sign_in: SignIn, site: str) -> None:
    agent, _exchange = ordinary_day()
    agent.language = "fr"
    agent.save(update_fields=["language"])
    page = sign_in(agent)
    again = Conversation.objects.get(last_message_text__contains="deuxième fois que le livreur")
    page.goto(f"{site}/conversations/{again.pk}/")
    page.locator("#why-here summary").press("Enter")
    expect(page.locator("#why-here")).to_contain_text("priorité haute")
    expect(page.locator("#why-here")).to_contain_text("file de l’équipe Service clients")
    assert seen_both_ways(page, "why here") == []
