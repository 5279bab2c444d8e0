"""A room of a real Prosody and a whole counter: each person of it is one conversation, answered where all may read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.tasks import deliver
from comptoir.intake.consumer import consume_once
from comptoir.intake.rounds import Listening
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent
from tests.peers.bluesky_network import eventually
from tests.peers.test_xmpp_rooms import person, room, said
from tests.peers.xmpp_server import XmppServer, xmpp_server

__all__ = ["room", "xmpp_server"]
pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def account(xmpp_server: XmppServer, room: str, settings: Any) -> ChannelAccount:
    settings.UNDO_SECONDS = 0
    credentials = xmpp_server.credentials_of("marque") | {"rooms": room, "nick": "Marque"}
    return make_account(kind="xmpp", own_id="marque@localhost", credentials=credentials)


@pytest.fixture
def agent(account: ChannelAccount) -> Agent:
    return make_agent(teams=[account.team])


@pytest.fixture(autouse=True)
def _listening(account: ChannelAccount, room: str) -> Iterator[None]:
    """A listener of the counter, in the room."""
    with ThreadPoolExecutor(1) as writers:
        one = Listening(account, writers)
        thread = threading.Thread(target=one.round)
        thread.start()
        eventually(lambda: room in AccountHealth.objects.get_or_create(account=account)[0].cursor.get("rooms", {}))
        yield
        one.stop.set()
        thread.join(30)
        writers.submit(lambda: connection.close()).result()  # the thread's own


def received(text: str) -> Message:
    """The message that says this, once it is in the inbox."""

    def is_there() -> bool:
        consume_once()
        return Message.objects.filter(text=text).exists()

    eventually(is_there)
    return Message.objects.get(text=text)


def answered(conversation: Conversation, agent: Agent, text: str, visibility: Any) -> Message:
    message = queue_reply(conversation.pk, by=agent, text=text, visibility=visibility)
    deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "sent", message.failure
    return message


def test_each_person_of_a_room_is_one_conversation_of_one_thread_and_our_answer_is_there_once(
    xmpp_server: XmppServer, room: str, account: ChannelAccount, agent: Agent
) -> None:
    lea, tom = person(xmpp_server, "lea", room, "Léa"), person(xmpp_server, "tom", room, "Tom")
    lea.send(said(room, "Mon colis ?"))
    tom.send(said(room, "Moi aussi !"))
    lea.send(said(room, "Il a trois jours de retard"))
    first, other, second = (received(one) for one in ("Mon colis ?", "Moi aussi !", "Il a trois jours de retard"))
    assert first.conversation_id == second.conversation_id != other.conversation_id
    assert {first.conversation.thread_id, other.conversation.thread_id} == {room}
    assert {first.visibility, other.visibility} == {"public"}
    answer = answered(first.conversation, agent, "Il part demain.", "public")
    tom.send(said(room, "Merci pour elle"))
    assert received("Merci pour elle").conversation_id == other.conversation_id
    assert received("Il part demain.").pk == answer.pk
    assert answer.external_id.startswith(f"{room}/")


def test_what_is_corrected_and_taken_back_in_a_room_is_so_in_the_inbox(
    xmpp_server: XmppServer, room: str, account: ChannelAccount
) -> None:
    lea, outgoing = person(xmpp_server, "lea", room, "Léa"), said(room, "Colis 41")
    sent = lea.send(outgoing)
    lea.edit(sent.external_id, replace(outgoing, text="Colis 42", key=f"{outgoing.key}e"), sent.custom)
    message = received("Colis 42")
    assert message.edited_at is not None
    lea.delete(sent.external_id, sent.custom)

    def is_gone() -> bool:
        consume_once()
        return Message.objects.get(pk=message.pk).deleted_at is not None

    eventually(is_gone)


def test_whoever_is_answered_aside_goes_on_in_a_private_conversation(
    xmpp_server: XmppServer, room: str, account: ChannelAccount, agent: Agent
) -> None:
    lea = person(xmpp_server, "lea", room, "Léa")
    stop = threading.Event()
    there = threading.Thread(target=lambda: list(lea.stream({}, stop)))  # she stays in the room
    there.start()
    try:
        lea.send(said(room, "Mon adresse a changé"))
        asked = received("Mon adresse a changé")
        answered(asked.conversation, agent, "Dites-la moi ici.", "private")
        lea.send(replace(said(f"{room}/Marque", "12 rue des Lilas"), visibility="private"))
        told = received("12 rue des Lilas")
        answered(told.conversation, agent, "C’est noté.", "private")
    finally:
        stop.set()
        there.join(30)
    assert told.visibility == "private"
    assert told.identity_id == asked.identity_id
    assert not told.conversation.is_public
