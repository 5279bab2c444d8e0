"""A bot in a mock of the Bot API: what is said to it reaches the inbox, what is answered reaches who wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from comptoir.channels.connecting import opened
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors.base import Author, Outgoing
from comptoir.connectors.telegram.bot import webhook_secret
from comptoir.connectors.telegram.connector import Telegram
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.tasks import deliver
from comptoir.intake.consumer import consume_once
from comptoir.intake.models import RawDelivery
from comptoir.intake.storing import store_page
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent
from tests.peers.bluesky_network import eventually
from tests.peers.intake_server import IntakeServer, serving_intake
from tests.peers.telegram_server import BOT_ID, TelegramServer, somebody, telegram_api, telegram_server

__all__ = ["telegram_api", "telegram_server"]
pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]
#: The mock sends no secret with what it delivers: it is added on the way, as WSGI names it.
SECRET_HEADER = "HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN"


@pytest.fixture(autouse=True)
def _no_undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 0


@pytest.fixture
def account(telegram_server: TelegramServer) -> ChannelAccount:
    return make_account(kind="telegram", own_id=BOT_ID, credentials=telegram_server.credentials())


@pytest.fixture
def agent(account: ChannelAccount) -> Agent:
    return make_agent(teams=[account.team])


@pytest.fixture
def intake() -> Iterator[IntakeServer]:
    with serving_intake() as intake:
        yield intake


def asked_for(account: ChannelAccount) -> int:
    """What a round of listening brings; how many updates."""
    cursor = AccountHealth.objects.get(account=account).cursor
    before = RawDelivery.objects.count()
    with opened(account) as connector:
        assert isinstance(connector, Telegram)
        for page in connector.poll(cursor):
            store_page(account.pk, page)
    consume_once()
    return RawDelivery.objects.count() - before


def received() -> list[Message]:
    return list(Message.objects.filter(direction="incoming").order_by("pk"))


def answered(conversation: Conversation, agent: Agent, text: str, **more: Any) -> Message:
    """Our answer, once the network has it."""
    message = queue_reply(conversation.pk, by=agent, text=text, visibility="private", **more)
    deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "sent", message.failure
    return message


def test_what_is_written_to_the_bot_is_in_the_inbox_and_asked_for_once(
    telegram_server: TelegramServer, account: ChannelAccount
) -> None:
    lea, tom = somebody("Léa"), somebody("Tom")
    for person, text in ((lea, "Bonjour"), (tom, "Allô ?"), (lea, "Où est mon colis ? 📦")):
        telegram_server.say(person, text)
    assert asked_for(account) == 3
    assert asked_for(account) == 0
    by_text = {message.text: message for message in received()}
    first, second, other = (by_text[text] for text in ("Bonjour", "Où est mon colis ? 📦", "Allô ?"))
    assert first.conversation_id == second.conversation_id != other.conversation_id
    assert first.pk < second.pk
    assert first.identity is not None
    assert (first.identity.external_id, first.identity.name) == (str(lea["id"]), "Léa")
    assert (first.visibility, first.kind) == ("private", "message")
    assert abs(first.sent_at - now()) < timedelta(minutes=1)


def test_the_answer_is_shown_to_whoever_wrote_and_to_nobody_else(
    telegram_server: TelegramServer, account: ChannelAccount, agent: Agent
) -> None:
    lea, tom = somebody("Léa"), somebody("Tom")
    telegram_server.say(lea, "Bonjour")
    telegram_server.say(tom, "Allô ?")
    asked_for(account)
    conversation = received()[0].conversation
    message = answered(conversation, agent, "Bonjour Léa,\nil part <demain> & gratuitement.")
    (shown,) = telegram_server.shown(lea)
    assert (shown["text"], telegram_server.shown(tom)) == ("Bonjour Léa,\nil part <demain> & gratuitement.", [])
    assert message.external_id == f"{lea['id']}/{shown['message_id']}"
    assert abs(message.sent_at - now()) < timedelta(minutes=1)
    conversation.refresh_from_db()
    assert conversation.waiting_since is None


def test_our_answer_is_changed_and_taken_back(
    telegram_server: TelegramServer, account: ChannelAccount, agent: Agent
) -> None:
    lea = somebody("Léa")
    telegram_server.say(lea, "Bonjour")
    asked_for(account)
    message = answered(received()[0].conversation, agent, "Demain")
    with opened(account) as connector:
        assert isinstance(connector, Telegram)
        connector.edit(message.external_id, outgoing("Après-demain", lea), message.custom)
        assert [shown["text"] for shown in telegram_server.shown(lea)] == ["Après-demain"]
        connector.delete(message.external_id, message.custom)
    assert telegram_server.shown(lea) == []


def outgoing(text: str, person: dict[str, Any], **more: Any) -> Outgoing:
    chat = str(person["id"])
    who = Author(chat, person["username"], person["first_name"])
    return Outgoing(
        key=text, queued_at=now(), text=text, visibility="private", recipient=who, thread_id=chat, **more
    )  # fmt: skip


def test_answers_to_press_are_a_keyboard_and_what_is_pressed_goes_on_in_the_conversation(
    telegram_server: TelegramServer, account: ChannelAccount, agent: Agent
) -> None:
    lea = somebody("Léa")
    telegram_server.say(lea, "Bonjour")
    asked_for(account)
    conversation = received()[0].conversation
    answered(conversation, agent, "On vous rappelle ?", choices=("Oui", "Non"))
    (shown,) = telegram_server.shown(lea)
    assert shown["reply_markup"]["keyboard"] == [[{"text": "Oui"}], [{"text": "Non"}]]
    telegram_server.say(lea, "Oui")
    asked_for(account)
    assert [(message.text, message.conversation_id) for message in received()[1:]] == [("Oui", conversation.pk)]


def test_a_button_that_is_pressed_says_its_words_and_is_answered(
    telegram_server: TelegramServer, account: ChannelAccount, agent: Agent
) -> None:
    lea = somebody("Léa")
    with opened(account) as connector:
        assert isinstance(connector, Telegram)
        connector.send(outgoing("Rappel ?", lea, choices=("Oui", "Non"), parent_custom={"business": "b1"}))
    (shown,) = telegram_server.shown(lea)
    telegram_server.press(lea, shown, "2")
    assert asked_for(account) == 1
    (pressed,) = received()
    assert pressed.identity is not None
    assert (pressed.text, pressed.identity.external_id) == ("Non", str(lea["id"]))
    answered(pressed.conversation, agent, "Bien noté.")
    assert [one["text"] for one in telegram_server.shown(lea)] == ["Rappel ?", "Bien noté."]


def test_what_a_webhook_delivers_with_the_secret_arrives_and_without_it_does_not(
    telegram_server: TelegramServer, account: ChannelAccount, intake: IntakeServer
) -> None:
    lea = somebody("Léa")
    with opened(account) as connector:
        assert isinstance(connector, Telegram)
        connector.subscribe(intake.url(account))
    telegram_server.say(lea, "Sans secret")
    eventually(lambda: intake.seen == [("POST", "401")])
    intake.added = {SECRET_HEADER: webhook_secret(account.credentials)}
    telegram_server.say(lea, "Bonjour")
    eventually(lambda: intake.seen[1:] == [("POST", "200")])
    consume_once()
    assert [message.text for message in received()] == ["Bonjour"]
    assert asked_for(account) == 0
