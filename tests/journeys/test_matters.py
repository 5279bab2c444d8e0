"""A matter by keyboard: two conversations of one customer joined, and resolved with a word where she waits."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from comptoir.conversations.models import Matter, Message
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.test_accessibility import complaints, too_wide
from tests.journeys.test_between_teams import look, open_

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def awa(fake_network: FakeNetwork) -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


def test_joined_and_resolved_on_each_channel_where_she_waits(sign_in: SignIn, site: str, awa: Agent) -> None:
    nadia, team = make_identity(name="Nadia Benali").contact, awa.teams.get()
    made = []
    for name in ("Boutique", "Page de la marque"):
        identity = make_identity(contact=nadia, name="Nadia Benali")
        made.append(make_conversation(account=make_account(team=team, name=name), identity=identity, team=team))
        make_incoming(made[-1], text=f"Ma cafetière fuit, toujours rien sur {name} ?")
    page = sign_in(awa)
    open_(page, site, made[0])
    page.locator("#more-menu summary").press("Enter")
    page.locator("#join-matter").press("Enter")
    expect(page.locator("#matter-title")).to_be_focused()
    page.keyboard.type("Cafetière qui fuit")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    look(page, "join")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Cafetière qui fuit")
    look(page, "matter")
    said = complaints(page, "matter")
    page.set_viewport_size({"width": 360, "height": 740})
    said += too_wide(page, "matter")
    look(page, "matter-narrow")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert said == []
    page.locator("#matter-resolution").focus()
    page.keyboard.type("Pompe échangée.")
    page.keyboard.press("Tab")
    page.keyboard.type("Bonjour Nadia, votre pompe est échangée.")
    page.locator("button.primary").last.press("Enter")
    expect(page.locator(".screen-head")).to_contain_text("Close")
    look(page, "matter-resolved")
    assert Matter.objects.get().resolution == "Pompe échangée."
    assert Message.objects.outgoing().count() == 2
