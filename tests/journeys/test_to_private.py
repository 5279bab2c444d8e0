"""From an angry comment in public to a word of thanks there: answered, taken to the chat, solved, closed."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from comptoir.conversations.models import Conversation, Message
from comptoir.delivery.tasks import deliver
from comptoir.desk.models import Invitation
from comptoir.intake.consumer import consume_forever
from comptoir.public.counter import buckets
from comptoir.reactions import react_once
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import begin_to_write, beside, is_live

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def counter_at_work() -> Iterator[None]:
    """The consumer of what comes in, and the reactions to what happened."""
    buckets.clear()
    stop = threading.Event()
    consumer = threading.Thread(target=consume_forever, args=[stop], daemon=True)
    consumer.start()
    with beside(react_once):
        yield
    stop.set()
    consumer.join()


def send(page: Page) -> Message:
    """By keyboard; the network takes it at once."""
    page.locator("#composer-text").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer-text")).to_have_value("")
    sent = Message.objects.outgoing().latest("id")
    deliver(sent.pk)
    return sent


def test_an_angry_comment_ends_in_a_thank_you_in_public(
    sign_in: SignIn, site: str, chromium: Browser, fake_network: FakeNetwork, counter_at_work: None, settings: Any
) -> None:
    settings.UNDO_SECONDS, settings.BASE_URL = 0, site
    team = make_team()
    account = make_account(team=team)
    make_account(kind="chat", own_id="", brand=account.brand, team=team)
    who = make_identity(name="Léa Fontaine")
    public = make_conversation(account=account, identity=who, is_public=True, language="fr")
    make_incoming(public, text="Trois semaines sans lampe, quelle honte !")
    page = sign_in(make_agent(name="Awa Diop", teams=[team]), at=f"/conversations/{public.pk}/")
    is_live(page)

    begin_to_write(page, "r")
    page.keyboard.type("Bonjour Léa, je comprends, je m’en occupe tout de suite.")
    assert send(page).visibility == "public"
    page.locator("#private-menu summary").focus()
    page.keyboard.press("Enter")
    page.locator("#private-menu button[value=link]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#composer")).to_have_attribute("data-mode", "public")
    expect(page.locator("#composer-text")).to_have_value(re.compile("/private/"))
    expect(page.locator("#composer-text")).to_be_focused()
    invited = send(page)

    visitor = chromium.new_context(locale="fr-FR").new_page()
    visitor.goto(invited.text[invited.text.index(f"{site}/private/") :].split()[0])
    begin = visitor.get_by_role("button", name="Ouvrir la conversation")
    expect(begin).to_be_enabled()
    expect(visitor.locator("comptoir-chat .launcher")).to_be_hidden()  # one button is enough
    begin.press("Enter")
    visitor.get_by_label("Votre message").fill("C’est la commande 4411.")
    visitor.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Ouvrir l’échange privé")).to_be_visible()

    page.get_by_role("link", name="Ouvrir l’échange privé").press("Enter")
    expect(page.locator("#exchange")).to_contain_text("C’est la commande 4411.")
    is_live(page)
    expect(page.locator(".private-way").first).to_contain_text("public")
    begin_to_write(page, "r")
    page.keyboard.type("Elle part ce soir.")
    send(page)
    expect(visitor.locator("comptoir-chat .row.counter .text")).to_have_text("Elle part ce soir.")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    joined = Conversation.objects.exclude(pk=public.pk).get()
    expect(page.locator(f"#row-{joined.pk}")).to_have_count(0)

    page.goto(f"{site}/conversations/{public.pk}/")
    is_live(page)
    page.locator(".private-closing button").press("Enter")
    expect(page.locator("#composer-text")).not_to_have_value("")
    assert send(page).visibility == "public"
    expect(page.locator(".private-way").first).to_contain_text("clos")
    assert Invitation.objects.get().closed_at is not None
    visitor.context.close()
