"""Signing in, answering, listening."""

from __future__ import annotations

import dataclasses
import threading
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from lxml import etree

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    EventKind,
    PayloadError,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.xmpp.connector import Xmpp
from comptoir.connectors.xmpp.tests.far_side import LEA, ME, OUTGOING, Far, Replies, xmpp

# --- signing in ---------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_told_as_such(far: Far) -> None:
    with pytest.raises(AuthError):
        xmpp(far, password="wrong").check()


@pytest.mark.parametrize("changed", [{"jid": ""}, {"jid": "marque"}, {"password": ""}])
def test_what_is_missing_is_told(changed: dict[str, str]) -> None:
    with pytest.raises(AuthError, match="Enter"):
        xmpp(**changed).check()


def test_the_password_goes_over_tls_only() -> None:
    with pytest.raises(PermanentError, match="wss://"):
        xmpp(websocket_url="ws://exemple.fr/ws").check()


def test_a_server_without_an_archive_is_remarked(far: Far) -> None:
    health = xmpp(far).check()
    assert (health.own_id, health.name) == (ME, "marque")
    assert "no archive" in health.remarks[0]


def test_a_server_that_cannot_be_reached_is_tried_again(far: Far) -> None:
    with pytest.raises(TransientError):
        xmpp(far, websocket_url="ws://127.0.0.1:1/ws").check()


# --- answering ----------------------------------------------------------------------------------------------------


def test_an_answer_is_a_chat_message_with_our_id_and_sent_once_the_server_took_it(far: Far) -> None:
    sent = xmpp(far).send(OUTGOING)
    message = far.said("message")[0]
    assert (message.get("to"), message.get("type"), message.get("id")) == (LEA, "chat", "k1")
    assert message.findtext("{jabber:client}body") == "Bonjour <Léa> & vous"
    assert etree.QName(far.heard[far.heard.index(message) + 1]).localname == "iq"
    assert (sent.external_id, sent.thread_id) == (f"{LEA}/k1", LEA)


def returned(kind: str) -> Replies:
    def replies(stanza: Any) -> list[str]:
        if etree.QName(stanza).localname != "message":
            return []
        error = f"<error type='{kind}'><x xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
        return [f"<message xmlns='jabber:client' type='error' id='{stanza.get('id')}' from='{LEA}'>{error}</message>"]

    return replies


@pytest.mark.parametrize(("kind", "error"), [("cancel", PermanentError), ("wait", TransientError)])
def test_a_message_that_comes_back_says_whether_to_try_again(far: Far, kind: str, error: type[Exception]) -> None:
    far.replies = returned(kind)
    with pytest.raises(error, match=r"\(x\)"):
        xmpp(far).send(OUTGOING)


def test_a_session_that_breaks_off_after_the_message_leaves_it_uncertain(far: Far) -> None:
    far.replies = lambda stanza: None if etree.QName(stanza).localname == "message" else []
    with pytest.raises(UncertainError):
        xmpp(far).send(OUTGOING)
    with pytest.raises(TransientError):
        xmpp(far).like(f"{LEA}/k1", {})


def test_nothing_is_sent_to_nobody_or_without_words() -> None:
    for wrong in ({"thread_id": None, "recipient": Author()}, {"text": ""}):
        with pytest.raises(PermanentError):
            xmpp().send(dataclasses.replace(OUTGOING, **wrong))


def archived(number: int, identifier: str = "x") -> str:
    head = f"<message xmlns='jabber:client' from='{ME}/c' to='{LEA}' type='chat' id='{identifier}'>"
    forwarded = f"<forwarded xmlns='urn:xmpp:forward:0'>{head}<body>{number}</body></message></forwarded>"
    result = f"<result xmlns='urn:xmpp:mam:2' id='a{number}'>{forwarded}</result>"
    return f"<message xmlns='jabber:client' to='{ME}/c1'>{result}</message>"


def archive(pages: dict[str, tuple[list[str], bool]]) -> Replies:
    """An archive whose pages are known by what stands before or after them."""

    def replies(stanza: Any) -> list[str]:
        query = stanza.find("{urn:xmpp:mam:2}query")
        if query is None:
            return []
        place = query.find(".//{http://jabber.org/protocol/rsm}after")
        place = query.find(".//{http://jabber.org/protocol/rsm}before") if place is None else place
        found, complete = pages[(place.text or "") if place is not None else "start"]
        fin = f"<fin xmlns='urn:xmpp:mam:2' complete='{str(complete).lower()}'/>"
        return [*found, f"<iq xmlns='jabber:client' type='result' id='{stanza.get('id')}'>{fin}</iq>"]

    return replies


def test_an_interrupted_message_is_found_in_the_archive_on_a_later_page_or_not_at_all(far: Far) -> None:
    far.replies = archive({"start": ([archived(1)], False), "a1": ([archived(2, "k1")], True)})
    found = xmpp(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == f"{LEA}/k1"
    far.replies = archive({"start": ([archived(1)], True)})
    assert xmpp(far).find_sent(OUTGOING) is None
    far.replies = lambda stanza: []
    with pytest.raises(UncertainError, match="no archive"):
        xmpp(far).find_sent(OUTGOING)


@pytest.mark.parametrize("external_id", ["", "k1", "/k1", f"{LEA}/"])
def test_what_is_no_message_cannot_be_acted_upon(far: Far, external_id: str) -> None:
    with pytest.raises(PermanentError, match="not a message"):
        xmpp(far).delete(external_id, {})


def test_what_was_said_is_changed_taken_back_and_liked(far: Far) -> None:
    connector = xmpp(far)
    connector.edit(f"{LEA}/k1", dataclasses.replace(OUTGOING, text="Corrigé"), {})
    connector.delete(f"{LEA}/k1", {})
    connector.like(f"{LEA}/k1", {})
    connector.unlike(f"{LEA}/k1", {})
    edit, delete, like, unlike = far.said("message")
    assert edit.find("{urn:xmpp:message-correct:0}replace").get("id") == "k1"
    assert delete.find("{urn:xmpp:message-retract:1}retract").get("id") == "k1"
    assert [len(one.find("{urn:xmpp:reactions:0}reactions")) for one in (like, unlike)] == [1, 0]


# --- listening ----------------------------------------------------------------------------------------------------


def texts(connector: Xmpp, pages: Any) -> list[str | None]:
    return [event.text for page in pages for one in page.deliveries for event in connector.parse(one)]


def test_polling_goes_on_after_the_last_message_read(far: Far) -> None:
    connector = xmpp(far)
    far.replies = archive({"": ([archived(1, "m1"), archived(2, "m2")], False)})
    first = list(connector.poll({}))
    assert texts(connector, first) == ["1", "2"]
    assert first[-1].cursor == {"after": "a2"}
    far.replies = archive({"a2": ([archived(3, "m3")], False), "a3": ([archived(4, "m4")], True)})
    assert texts(connector, connector.poll({"after": "a2"})) == ["3", "4"]


def test_history_is_newest_first_and_can_be_taken_up_again(far: Far) -> None:
    connector = xmpp(far)
    pages = {"": ([archived(3, "m3"), archived(4, "m4")], False), "a3": ([archived(2, "m2")], True)}
    far.replies = archive(pages)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    read = list(connector.history(since, {}))
    assert texts(connector, read) == ["4", "3", "2"]
    assert texts(connector, connector.history(since, read[0].cursor)) == ["2"]


def test_messages_are_heard_and_whoever_asks_to_see_us_may(far: Far) -> None:
    asked = f"<presence xmlns='jabber:client' from='{LEA}' type='subscribe'/>"
    said = f"<message xmlns='jabber:client' from='{LEA}/m' to='{ME}' type='chat' id='m1'><body>Bonjour</body></message>"
    question = f"<iq xmlns='jabber:client' from='{LEA}/m' type='get' id='q'><query xmlns='jabber:iq:version'/></iq>"

    def replies(stanza: Any) -> list[str]:
        kind = etree.QName(stanza).localname
        if kind == "presence":
            return [question] if stanza.get("type") == "subscribed" else [asked]
        return [said] if stanza.get("id") == "q" else []

    far.replies = replies
    connector, stop, events = xmpp(far), threading.Event(), []
    for page in connector.stream({"after": "a2"}, stop):
        events += [event for one in page.deliveries for event in connector.parse(one)]
        assert page.cursor == {"after": "a2"}
        if events[-1].event is EventKind.MESSAGE:
            stop.set()
    assert [event.event for event in events] == [EventKind.FOLLOW, EventKind.MESSAGE]
    assert far.said("presence")[-1].get("type") == "subscribed"
    assert [one.get("type") for one in far.said("iq") if one.get("id") == "q"] == ["error"]


# --- reading ------------------------------------------------------------------------------------------------------


def test_a_copy_that_is_not_our_own_servers_is_a_forgery() -> None:
    inner = f"<message xmlns='jabber:client' from='{ME}' to='{LEA}' type='chat'><body>forgé</body></message>"
    forwarded = f"<forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded>"
    copy = f"<sent xmlns='urn:xmpp:carbons:2'>{forwarded}</sent>"
    body = f"<message xmlns='jabber:client' from='evil@x.example'>{copy}</message>"
    assert [event.event for event in xmpp().parse(Delivery(body.encode()))] == [EventKind.IGNORED]


def told_by(teller: str, kind: str, said_by: str = f"{LEA}/m") -> bytes:
    """What somebody claims that an archive keeps."""
    inner = f"<message xmlns='jabber:client' from='{said_by}' to='{ME}' type='{kind}'><body>forgé</body></message>"
    forwarded = f"<forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded>"
    result = f"<result xmlns='urn:xmpp:mam:2' queryid='q' id='a1'>{forwarded}</result>"
    return f"<message xmlns='jabber:client' from='{teller}' to='{ME}/c'>{result}</message>".encode()


@pytest.mark.parametrize("own_id", [ME, None])
def test_an_archive_that_is_not_our_own_servers_is_a_forgery(own_id: str | None) -> None:
    for credentials in ({"jid": ME}, {}):
        connector = Xmpp(credentials, httpx.Client(), own_id=own_id)
        forged = connector.parse(Delivery(told_by("evil@x.example/m", "chat")))
        assert [event.event for event in forged] == [EventKind.IGNORED]
        assert [event.text for event in connector.parse(Delivery(told_by(ME, "chat")))] == ["forgé"]


def test_a_room_tells_what_was_said_in_it_and_nothing_else() -> None:
    room = "salon@conf.example"
    assert [one.text for one in xmpp().parse(Delivery(told_by(room, "groupchat", f"{room}/lea")))] == ["forgé"]
    for kind, said_by in (("groupchat", "autre@conf.example/lea"), ("chat", f"{room}/lea")):
        assert [one.event for one in xmpp().parse(Delivery(told_by(room, kind, said_by)))] == [EventKind.IGNORED]


def test_what_looks_like_the_archive_moves_no_place_in_it(far: Far) -> None:
    forged = told_by("evil@x.example/m", "chat").decode().replace("id='a1'", "id='nowhere'")
    far.replies = archive({"": ([archived(1, "m1"), forged], True)})
    pages = list(xmpp(far).poll({}))
    assert pages[-1].cursor == {"after": "a1"}


def test_edits_and_retractions_count_for_ones_own_words_only() -> None:
    head = f"<message xmlns='jabber:client' from='{LEA}/m' to='{ME}' type='chat' id='m2'>"
    edit = f"{head}<body>b</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/></message>"
    gone = f"{head}<retract xmlns='urn:xmpp:message-retract:1' id='m1'/></message>"
    said = f"{head}<body>b</body></message>"
    told = [xmpp().parse(Delivery(one.encode()))[0] for one in (edit, gone, said)]
    assert [(one.event, one.own_only) for one in told] == [
        (EventKind.EDIT, True), (EventKind.DELETE, True), (EventKind.MESSAGE, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<message",
        b"<a></b>",
        b"<?xml version='1.0'?>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"\xff<",
    ],
)
def test_what_is_no_stanza_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(PayloadError):
        xmpp().parse(Delivery(body, "application/xml"))
