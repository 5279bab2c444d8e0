"""The Matrix connector against a real Synapse."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import AuthError, EventKind, NetworkEvent, Outgoing, OutgoingFile, PermanentError
from comptoir.connectors.matrix.connector import Matrix
from tests.peers.bluesky_network import eventually
from tests.peers.matrix_server import MatrixServer, matrix_server

__all__ = ["matrix_server"]

pytestmark = pytest.mark.peers

_keys = itertools.count(1)


class Counter:
    """The brand's account as Comptoir holds it."""

    def __init__(self, server: MatrixServer) -> None:
        self.server = server
        self.cursor: dict[str, Any] = {}
        self.connector = Matrix(
            server.credentials_of("marque"), httpx.Client(timeout=30), own_id=server.id_of("marque")
        )

    def poll(self) -> list[NetworkEvent]:
        events: list[NetworkEvent] = []
        for page in self.connector.poll(self.cursor):
            events += [event for delivery in page.deliveries for event in self.connector.parse(delivery)]
            self.cursor = json.loads(json.dumps(page.cursor))
        return [event for event in events if event.event is not EventKind.IGNORED]


@pytest.fixture
def counter(matrix_server: MatrixServer) -> Counter:
    counter = Counter(matrix_server)
    counter.poll()
    return counter


def room_of(counter: Counter, *invited: str) -> str:
    """A room that Léa makes, invites into, and that those invited join."""
    people = [counter.server.id_of(name) for name in invited]
    made = counter.server.call("lea", "POST", "/createRoom", json={"invite": people, "is_direct": len(people) == 1})
    room = str(made["room_id"])
    counter.poll()
    for name in set(invited) - {"marque"}:
        counter.server.call(name, "POST", f"/rooms/{room}/join", json={})
    return room


def hear(counter: Counter, wanted: Callable[[NetworkEvent], bool], *, until: int = 1) -> list[NetworkEvent]:
    """What is told until so many are as wanted: a sync follows what happened a moment later."""
    heard: list[NetworkEvent] = []

    def enough() -> bool:
        heard.extend(counter.poll())
        return len([event for event in heard if wanted(event)]) >= until

    eventually(enough)
    return [event for event in heard if wanted(event)]


def heard_message(counter: Counter, event_id: str) -> NetworkEvent:
    return hear(counter, lambda event: event.external_id == event_id)[0]


def say(counter: Counter, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
    path = f"/rooms/{room}/send/{kind}/lea-{next(_keys)}"
    return str(counter.server.call("lea", "PUT", path, json=content)["event_id"])


def text(body: str) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": body}


def answer_to(event: NetworkEvent, body: str, **changed: Any) -> Outgoing:
    return replace(
        Outgoing(
            key=f"answer-{next(_keys)}",
            queued_at=datetime.now(UTC),
            text=body,
            visibility=event.visibility or "private",
            recipient=event.author,
            thread_id=event.thread_id,
            parent_id=event.external_id,
            parent_visibility=event.visibility,
            parent_custom=event.custom,
        ),
        **changed,
    )


def seen(counter: Counter, room: str, event_id: str) -> dict[str, Any]:
    found = counter.server.call("lea", "GET", f"/rooms/{room}/event/{event_id}")
    assert isinstance(found, dict)
    return found


def test_who_we_are_and_how_much_the_server_takes(counter: Counter) -> None:
    health = counter.connector.check()
    assert health.own_id == counter.server.id_of("marque")
    assert counter.connector.renewed_credentials() is not None


def test_a_wrong_token_is_told_as_such(counter: Counter) -> None:
    wrong = {"homeserver": counter.server.base_url, "access_token": "wrong"}
    with pytest.raises(AuthError):
        Matrix(wrong, httpx.Client()).check()


def test_an_invitation_is_accepted_and_a_private_message_answered_once(counter: Counter) -> None:
    room = room_of(counter, "marque")
    said = say(counter, room, text("Bonjour, mon colis ?"))
    message = heard_message(counter, said)
    assert (message.text, message.visibility, message.thread_id) == ("Bonjour, mon colis ?", "private", room)
    assert message.author.id == counter.server.id_of("lea")
    outgoing = answer_to(message, "Nous regardons.")
    first, second = counter.connector.send(outgoing), counter.connector.send(outgoing)
    assert first == second
    assert seen(counter, room, first.external_id)["content"]["body"] == "Nous regardons."
    ours = hear(counter, lambda event: event.direction == "outgoing" and event.event is EventKind.MESSAGE)
    assert [event.external_id for event in ours] == [first.external_id]
    assert ours[0].counterpart == message.author


def test_in_a_room_of_three_the_answer_names_what_it_answers(counter: Counter) -> None:
    room = room_of(counter, "marque", "tom")
    said = say(counter, room, text("Bonjour à tous"))
    message = heard_message(counter, said)
    assert message.visibility == "public"
    sent = counter.connector.send(answer_to(message, "Bonjour Léa"))
    assert seen(counter, room, sent.external_id)["content"]["m.relates_to"]["m.in_reply_to"]["event_id"] == said


def test_a_room_is_called_as_its_people_call_it(counter: Counter) -> None:
    room = room_of(counter, "marque", "tom")
    message = heard_message(counter, say(counter, room, text("Bonjour à tous")))
    assert counter.connector.completed(message, ["place"]).subject is None
    counter.server.call("lea", "PUT", f"/rooms/{room}/state/m.room.name", json={"name": "Entraide"})
    assert counter.connector.completed(message, ["place"]).subject == "Entraide"


def test_edits_reactions_redactions_and_receipts_are_told(counter: Counter) -> None:
    room = room_of(counter, "marque")
    said = say(counter, room, text("un"))
    message = heard_message(counter, said)
    sent = counter.connector.send(answer_to(message, "deux"))
    relation = {"rel_type": "m.replace", "event_id": said}
    say(counter, room, {**text("* uns"), "m.new_content": text("uns"), "m.relates_to": relation})
    annotation = {"rel_type": "m.annotation", "event_id": sent.external_id, "key": "👍"}
    say(counter, room, {"m.relates_to": annotation}, "m.reaction")
    counter.server.call("lea", "POST", f"/rooms/{room}/receipt/m.read/{sent.external_id}", json={})
    counter.server.call("lea", "PUT", f"/rooms/{room}/redact/{said}/lea-{next(_keys)}", json={})
    wanted = (EventKind.EDIT, EventKind.REACTION, EventKind.DELETE, EventKind.READ)
    told = {event.event: event for event in hear(counter, lambda event: event.event in wanted, until=4)}
    assert (told[EventKind.EDIT].target_id, told[EventKind.EDIT].text) == (said, "uns")
    assert (told[EventKind.REACTION].target_id, told[EventKind.REACTION].reaction) == (sent.external_id, "👍")
    assert told[EventKind.DELETE].target_id == said
    assert told[EventKind.READ].target_id == sent.external_id


def test_ours_are_edited_taken_back_and_theirs_liked_twice_and_no_longer(counter: Counter) -> None:
    room = room_of(counter, "marque")
    said = say(counter, room, text("bravo"))
    message = heard_message(counter, said)
    connector = counter.connector
    outgoing = answer_to(message, "mercii")
    sent = connector.send(outgoing)
    connector.edit(sent.external_id, replace(outgoing, text="merci"), sent.custom)
    for _time in range(2):
        connector.like(said, message.custom)
    connector.unlike(said, message.custom)
    connector.like(said, message.custom)
    for _time in range(2):
        connector.delete(sent.external_id, sent.custom)
    assert seen(counter, room, sent.external_id)["content"] == {}
    with pytest.raises(PermanentError):
        connector.remove(said, thread_id=room)  # we are no moderator here
    connector.signal(message.author, "typing", thread_id=room)


def test_files_go_both_ways(counter: Counter) -> None:
    room = room_of(counter, "marque")
    said = say(counter, room, text("votre facture ?"))
    message = heard_message(counter, said)
    file = OutgoingFile("facture.pdf", "application/pdf", b"%PDF-1.4 facture")
    sent = counter.connector.send(answer_to(message, "La voici.", files=(file,)))
    address = seen(counter, room, sent.part_ids[0])["content"]["url"]
    source = counter.connector.locate(address)
    assert httpx.get(source.url, headers=dict(source.headers)).content == b"%PDF-1.4 facture"


def test_history_brings_what_was_said_newest_first_and_long_absences_leave_nothing_out(counter: Counter) -> None:
    room = room_of(counter, "marque")
    said = [say(counter, room, text(str(number))) for number in range(70)]
    heard = hear(counter, lambda event: event.thread_id == room and event.event is EventKind.MESSAGE, until=70)
    assert [event.external_id for event in heard] == said
    pages = counter.connector.history(datetime(2020, 1, 1, tzinfo=UTC), {})
    events = [event for page in pages for one in page.deliveries for event in counter.connector.parse(one)]
    found = [event.external_id for event in events if event.thread_id == room and event.event is EventKind.MESSAGE]
    assert found == list(reversed(said))
