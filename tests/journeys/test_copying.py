"""What is copied by a button is in the clipboard, and it is said; also where the browser gives a page no clipboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from comptoir.conversations.models import Conversation, Message
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import is_live

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: As on an address without https, where a page has no clipboard of its own.
_NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", role=Agent.Role.ADMINISTRATOR, teams=[make_team(name="Service")])


@pytest.fixture
def conversation(agent: Agent, fake_network: FakeNetwork) -> Conversation:
    made = make_conversation(account=make_account(team=agent.teams.get()), identity=make_identity(name="Nadia"))
    make_incoming(made)
    return made


def pasted(page: Page) -> str:
    """What a key press would put into a text now."""
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'pasted' }))")
    page.locator("#pasted").press("Control+v")
    return page.locator("#pasted").input_value()


@pytest.mark.parametrize("has_clipboard", [True, False])
def test_the_link_of_a_message_is_copied_from_its_menu(
    sign_in: SignIn, agent: Agent, conversation: Conversation, has_clipboard: bool
) -> None:
    page = sign_in(agent, at=f"/conversations/{conversation.pk}/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    is_live(page)
    if not has_clipboard:
        page.evaluate(_NO_CLIPBOARD)
    page.locator(".message-menu summary").first.press("Enter")
    page.get_by_role("button", name="Copier le lien").press("Enter")
    expect(page.locator(".toast")).to_contain_text("Copié")
    expect(page.locator(".message-menu summary").first).to_be_focused()
    message = Message.objects.get(conversation=conversation)
    assert pasted(page).endswith(f"/conversations/{conversation.pk}/#message-{message.pk}")


@pytest.mark.parametrize("has_clipboard", [True, False])
def test_the_link_of_an_invitation_is_copied_by_its_button_which_keeps_the_focus(
    sign_in: SignIn, agent: Agent, has_clipboard: bool
) -> None:
    page = sign_in(agent, at="/people/new/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#id_name").fill("Léa Roux")
    page.locator("#id_email").fill("lea@exemple.fr")
    page.locator("#id_email").press("Enter")
    expect(page.locator("h1")).to_contain_text("Léa Roux")
    if not has_clipboard:
        page.evaluate(_NO_CLIPBOARD)
    button = page.get_by_role("button", name="Copier")
    button.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Copié")
    expect(page.locator("#said")).to_contain_text("Copié")
    expect(button).to_be_focused()
    assert pasted(page) == page.locator("#link-made").text_content()
