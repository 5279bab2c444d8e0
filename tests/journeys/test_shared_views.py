"""A saved view that one shares and another uses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from comptoir.channels.models import ChannelAccount
from comptoir.people.models import Agent, Team
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.journeys.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team() -> Team:
    return make_team(name="Service")


@pytest.fixture
def account(team: Team) -> ChannelAccount:
    account = make_account(team=team)
    for said in ("Mon colis est perdu", "Une question"):
        conversation = make_conversation(
            account=account, identity=make_identity(name=f"Nadia {said}"), last_message_text=said
        )
        make_incoming(conversation, text=said)
    return account


def narrowed(page: Page) -> None:
    """The list of what speaks of a parcel."""
    page.locator("#filter-toggle").press("Enter")
    page.locator(".filter-form [name=text]").fill("colis")
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    page.locator("#save-view > summary").press("Enter")


def views_of(page: Page) -> Page:
    """The same page anew, with its menu of views open."""
    page.reload()
    page.locator("#views-menu > summary").press("Enter")
    return page


def test_what_a_supervisor_shares_an_agent_uses_until_it_is_shared_no_more(
    sign_in: SignIn, account: ChannelAccount, team: Team
) -> None:
    supervisor = make_agent(name="Jeanne Abadie", role="supervisor", teams=[team])
    theirs, ours = sign_in(supervisor), sign_in(make_agent(name="Awa Diop", teams=[team]))
    narrowed(theirs)
    theirs.get_by_label("Nom de la vue").fill("Colis perdus")
    theirs.get_by_label("Pour tout le monde").press("Space")
    theirs.get_by_label("Nom de la vue").press("Enter")
    expect(theirs.locator("#views-menu > summary")).to_contain_text("Colis perdus")

    views_of(ours).get_by_role("link", name="Colis perdus").press("Enter")
    expect(ours.locator(".row")).to_have_count(1)
    expect(ours.locator("#views-menu > summary")).to_contain_text("Colis perdus")
    ours.locator("#save-view > summary").press("Enter")
    expect(ours.get_by_role("button", name="Supprimer cette vue")).to_have_count(0)

    theirs.locator("#save-view > summary").press("Enter")
    theirs.get_by_role("button", name="La garder pour moi").press("Enter")
    expect(theirs.locator("button", has_text="Partager avec tout le monde")).to_have_count(1)
    views_of(ours)
    expect(ours.get_by_role("link", name="Colis perdus")).to_have_count(0)
    expect(ours.locator(".row")).to_have_count(1)


def test_who_may_not_share_is_not_offered_it(sign_in: SignIn, account: ChannelAccount, team: Team) -> None:
    agent: Agent = make_agent(name="Awa Diop", teams=[team])
    page = sign_in(agent)
    narrowed(page)
    expect(page.get_by_label("Nom de la vue")).to_be_visible()
    expect(page.get_by_label("Pour tout le monde")).to_have_count(0)
    page.get_by_label("Nom de la vue").fill("À moi")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("saved="))
    page.locator("#save-view > summary").press("Enter")
    expect(page.get_by_role("button", name="Renommer")).to_be_visible()
    expect(page.get_by_role("button", name="Partager avec tout le monde")).to_have_count(0)
