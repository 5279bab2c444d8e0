"""The whole story on two screens: a visitor's widget on their side, the inbox on ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.delivery.tasks import deliver
from comptoir.intake.consumer import consume_forever
from comptoir.public.counter import buckets
from tests.factories import make_account, make_agent
from tests.journeys.chat_site import opened_site
from tests.journeys.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def account() -> ChannelAccount:
    buckets.clear()
    return make_account(kind="chat", own_id="")


@pytest.fixture
def visitor(chromium: Browser, site: str, account: ChannelAccount) -> Iterator[Page]:
    """A visitor's page with the chat open, and the consumer behind the counter."""
    stop = threading.Event()
    consumer = threading.Thread(target=consume_forever, args=[stop], daemon=True)
    consumer.start()
    context = chromium.new_context(locale="fr-FR")
    with opened_site(site) as shop:
        shop.attributes = {"key": account.hook_key}
        page = context.new_page()
        page.goto(shop.address)
        page.locator("comptoir-chat .launcher").click()
        yield page
        context.close()
    stop.set()
    consumer.join()


def test_both_sides_see_each_other_write_type_and_read(
    visitor: Page, sign_in: SignIn, account: ChannelAccount, settings: Any
) -> None:
    settings.UNDO_SECONDS = 0
    agent = make_agent(name="Awa Diop", teams=[account.team])
    inbox = sign_in(agent)
    visitor.get_by_label("Votre message").fill("Ma lampe clignote.")
    visitor.keyboard.press("Enter")
    expect(visitor.locator("comptoir-chat .state")).to_have_text("Envoyé")

    inbox.locator(".row", has_text="Ma lampe clignote.").get_by_role("link").click()
    expect(inbox.locator("#exchange")).to_contain_text("Ma lampe clignote.")
    expect(visitor.locator("comptoir-chat .state")).to_have_text("Lu")

    visitor.get_by_label("Votre message").press_sequentially("Depuis ce matin")
    expect(inbox.locator("#customer-typing")).to_be_visible()

    inbox.locator("#composer-text").press_sequentially("Bonjour, essayez une autre ampoule.")
    expect(visitor.locator("comptoir-chat .typing")).to_be_visible()
    inbox.locator("#composer-send").click()
    expect(inbox.locator("#exchange")).to_contain_text("essayez une autre ampoule")
    deliver(Message.objects.outgoing().get().pk)

    expect(visitor.locator("comptoir-chat .row.counter .text")).to_have_text("Bonjour, essayez une autre ampoule.")
    expect(inbox.locator("#exchange .state.is-read")).to_be_visible()
    assert Conversation.objects.count() == 1
