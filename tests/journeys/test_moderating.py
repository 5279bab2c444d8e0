"""Hiding and deleting on the network, from the message's own menu; and its absence where the network allows none."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from comptoir.conversations.models import Conversation, Message
from comptoir.delivery.models import Moderation
from comptoir.delivery.moderation import moderate
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_outgoing, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import eventually, is_live

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


def public_exchange(agent: Agent, kind: str) -> tuple[Message, Message]:
    """A comment and our answer to it."""
    account = make_account(kind=kind, team=agent.teams.get())
    exchange: Conversation = make_conversation(account=account, is_public=True, thread_id="ours-1")
    comment = make_incoming(exchange, text="C’est du vol.")
    return comment, make_outgoing(exchange, text="Nous regardons.", agent=agent, state="sent")


def menu_of(page: Page, message: Message) -> Locator:
    """What can be done with it, all of it there."""
    menu = page.locator(f"#message-{message.pk} .message-menu")
    menu.locator("summary").press("Enter")
    expect(menu.get_by_text("Chargement…")).to_have_count(0)
    return menu


def asked(page: Page, message: Message) -> None:
    """The worker's part."""
    eventually(page, lambda: Moderation.objects.filter(message=message, outcome="waiting").exists())
    moderate(Moderation.objects.get(message=message, outcome="waiting").pk)


def test_a_comment_is_hidden_and_an_answer_deleted_where_the_network_allows_it(
    sign_in: SignIn, site: str, agent: Agent, fake_network: FakeNetwork
) -> None:
    comment, answer = public_exchange(agent, "fake")
    page = sign_in(agent)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site}/conversations/{comment.conversation_id}/")
    is_live(page)
    menu_of(page, comment).get_by_role("button", name="Masquer").press("Enter")
    asked(page, comment)
    expect(page.locator(f"#message-{comment.pk}")).to_contain_text("Masqué au public")
    menu_of(page, answer).get_by_role("button", name="Supprimer").press("Enter")
    asked(page, answer)
    expect(page.locator(f"#message-{answer.pk}")).to_contain_text("Supprimé")
    expect(page.locator(f"#message-{answer.pk}")).not_to_contain_text("Nous regardons.")


def test_where_the_network_allows_nothing_nothing_is_offered(sign_in: SignIn, site: str, agent: Agent) -> None:
    comment, answer = public_exchange(agent, "app_store")
    page = sign_in(agent, at=f"/conversations/{comment.conversation_id}/")
    for message in (comment, answer):
        menu = menu_of(page, message)
        expect(menu.get_by_role("button", name="Copier le lien")).to_be_visible()
        expect(menu.get_by_role("button", name="Masquer")).to_have_count(0)
        page.keyboard.press("Escape")
