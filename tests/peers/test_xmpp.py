"""The XMPP connector against a real Prosody; the customer is a second account of the same connector."""

from __future__ import annotations

import itertools
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import AuthError, Author, EventKind, NetworkEvent, Outgoing, OutgoingFile, PermanentError
from comptoir.connectors.xmpp.connector import Xmpp
from tests.peers.xmpp_server import XmppServer, xmpp_server

__all__ = ["xmpp_server"]

pytestmark = pytest.mark.peers

_keys = itertools.count(1)


class Person:
    """An account, and how far it has read."""

    def __init__(self, server: XmppServer, username: str) -> None:
        self.jid = f"{username}@localhost"
        self.connector = Xmpp(server.credentials_of(username), httpx.Client(timeout=20), own_id=self.jid)
        self.cursor: dict[str, Any] = {}
        self.poll()

    def poll(self) -> list[NetworkEvent]:
        events: list[NetworkEvent] = []
        for page in self.connector.poll(self.cursor):
            events += [event for one in page.deliveries for event in self.connector.parse(one)]
            self.cursor = json.loads(json.dumps(page.cursor))
        return events

    def written_to(self, other: Person, text: str) -> Outgoing:
        return Outgoing(
            key=f"key-{next(_keys)}-{self.jid}", queued_at=datetime.now(UTC), text=text, visibility="private",
            recipient=Author(id=other.jid), thread_id=other.jid,
        )  # fmt: skip


@pytest.fixture
def brand(xmpp_server: XmppServer) -> Person:
    return Person(xmpp_server, "marque")


@pytest.fixture
def lea(xmpp_server: XmppServer) -> Person:
    return Person(xmpp_server, "lea")


def test_who_we_are_and_that_there_is_an_archive(brand: Person) -> None:
    health = brand.connector.check()
    assert (health.own_id, health.remarks) == ("marque@localhost", ())


def test_a_wrong_password_and_a_wrong_address_are_told_as_such(xmpp_server: XmppServer) -> None:
    right = xmpp_server.credentials_of("marque")
    with pytest.raises(AuthError):
        Xmpp({**right, "password": "wrong"}, httpx.Client()).check()
    wrong = right["websocket_url"].replace("xmpp-websocket", "nothing")
    with pytest.raises(PermanentError, match="No XMPP server"):
        Xmpp({**right, "websocket_url": wrong}, httpx.Client()).check()


def test_a_message_comes_in_and_its_answer_goes_out_and_is_found(brand: Person, lea: Person) -> None:
    lea.connector.send(lea.written_to(brand, "Mon colis & moi <3 ?"))
    message = brand.poll()[-1]
    assert (message.event, message.text, message.thread_id) == (EventKind.MESSAGE, "Mon colis & moi <3 ?", lea.jid)
    assert message.sent_at is not None
    outgoing = brand.written_to(lea, "Nous regardons.\nUn instant 🙂")
    assert brand.connector.find_sent(outgoing) is None
    sent = brand.connector.send(outgoing)
    found = brand.connector.find_sent(outgoing)
    assert found is not None
    assert found.external_id == sent.external_id
    assert lea.poll()[-1].text == "Nous regardons.\nUn instant 🙂"
    ours = brand.poll()[-1]
    assert (ours.direction, f"{ours.id_scope}/{ours.external_id}") == ("outgoing", sent.external_id)
    assert ours.counterpart == Author(lea.jid, lea.jid)


def test_edits_reactions_and_retractions_are_told(brand: Person, lea: Person) -> None:
    outgoing = lea.written_to(brand, "un")
    said = lea.connector.send(outgoing)
    lea.connector.edit(said.external_id, replace(outgoing, text="uns"), {})
    lea.connector.like(said.external_id, {})
    lea.connector.delete(said.external_id, {})
    told = {event.event: event for event in brand.poll()}
    assert (told[EventKind.EDIT].target_id, told[EventKind.EDIT].text) == (outgoing.key, "uns")
    assert (told[EventKind.REACTION].target_id, told[EventKind.REACTION].reaction) == (outgoing.key, "👍")
    assert told[EventKind.DELETE].target_id == outgoing.key


def test_a_message_to_nobody_comes_back(brand: Person) -> None:
    nobody = Outgoing(
        key="k-nobody", queued_at=datetime.now(UTC), text="x", visibility="private", recipient=Author(),
        thread_id="nobody@localhost",
    )  # fmt: skip
    with pytest.raises(PermanentError, match="could not deliver"):
        brand.connector.send(nobody)


def test_what_is_said_is_heard_at_once_and_stopping_is_noticed(brand: Person, lea: Person) -> None:
    stop, heard = threading.Event(), threading.Event()
    events: list[NetworkEvent] = []

    def listen() -> None:
        for page in brand.connector.stream(brand.cursor, stop):
            events.extend(event for one in page.deliveries for event in brand.connector.parse(one))
            if "par le flux" in {event.text for event in events}:  # what waited at the server comes before it
                heard.set()

    listener = threading.Thread(target=listen)
    listener.start()
    for _try in range(60):  # the stream may open late on a machine that has much else to do
        lea.connector.send(lea.written_to(brand, "par le flux"))
        if heard.wait(1):
            break
    stop.set()
    listener.join(30)
    assert not listener.is_alive()
    assert "par le flux" in {event.text for event in events}


def test_history_brings_what_was_said_newest_first_and_a_long_absence_leaves_nothing_out(
    brand: Person, lea: Person
) -> None:
    with lea.connector._opened() as session:
        for number in range(130):
            head = f"<message xmlns='jabber:client' to='{brand.jid}' type='chat' id='n{number}'>"
            session.send(f"{head}<body>{number}</body></message>")
        session.flush()
    assert [event.text for event in brand.poll()] == [str(number) for number in range(130)]
    pages = brand.connector.history(datetime(2020, 1, 1, tzinfo=UTC), {})
    events = [event for page in pages for one in page.deliveries for event in brand.connector.parse(one)]
    assert [event.text for event in events[:130]] == [str(number) for number in reversed(range(130))]


def test_a_file_is_put_on_the_server_and_comes_to_the_customer(brand: Person, lea: Person) -> None:
    letter = OutgoingFile("avoir.txt", "text/plain", "Un avoir de 12 €".encode())
    sent = brand.connector.send(replace(brand.written_to(lea, "Voici"), files=(letter,)))
    assert len(sent.part_ids) == 1
    text, file = lea.poll()[-2:]
    assert text.text == "Voici"
    (attachment,) = file.attachments
    assert httpx.get(str(attachment.url)).content == letter.content
