"""Rooms of a real Prosody: the brand listens and answers in them, and its customers speak by the same connector."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self
from xml.sax.saxutils import escape

import httpx
import pytest

from comptoir.connectors.base import Author, EventKind, NetworkEvent, Outgoing, PermanentError
from comptoir.connectors.xmpp import listening
from comptoir.connectors.xmpp.connector import Xmpp
from comptoir.connectors.xmpp.rooms import enter_now
from comptoir.connectors.xmpp.session import Session
from tests.peers.xmpp_server import XmppServer, xmpp_server

__all__ = ["xmpp_server"]

pytestmark = pytest.mark.peers

_numbers = itertools.count(1)
_FORM = "<x xmlns='jabber:x:data' type='submit'>{fields}</x>"
_FIELD = "<field var='{name}'><value>{value}</value></field>"


class Ear:
    """Whoever listens to an account, beside the test."""

    def __init__(self, connector: Xmpp, cursor: dict[str, Any]) -> None:
        self.connector, self.cursor = connector, cursor
        self.events: list[NetworkEvent] = []
        self.stop, self.news = threading.Event(), threading.Condition()
        self.thread = threading.Thread(target=self._listen)

    def _listen(self) -> None:
        for page in self.connector.stream(self.cursor, self.stop):
            with self.news:
                self.cursor = dict(page.cursor)
                self.events += [event for one in page.deliveries for event in self.connector.parse(one)]
                self.news.notify_all()

    def __enter__(self) -> Self:
        self.thread.start()
        self.until(lambda: bool(self.cursor.get("rooms")))
        return self

    def __exit__(self, *error: object) -> None:
        self.stop.set()
        self.thread.join(30)

    def until(self, is_so: Any) -> None:
        with self.news:
            assert self.news.wait_for(is_so, 60), self.events

    def heard(self, text: str) -> NetworkEvent:
        """The message or edit that says this, once it was heard."""
        self.until(lambda: any(event.text == text for event in self.events))
        return next(event for event in self.events if event.text == text)

    def told(self, kind: EventKind) -> NetworkEvent:
        self.until(lambda: any(event.event is kind for event in self.events))
        return next(event for event in self.events if event.event is kind)


def person(server: XmppServer, username: str, room: str, nick: str) -> Xmpp:
    credentials = server.credentials_of(username) | {"rooms": room, "nick": nick}
    return Xmpp(credentials, httpx.Client(timeout=20), own_id=f"{username}@localhost")


def said(room: str, text: str) -> Outgoing:
    return Outgoing(
        key=f"k{next(_numbers)}", queued_at=datetime.now(UTC), text=text, visibility="public", recipient=Author(),
        thread_id=room,
    )  # fmt: skip


def furnished(
    session: Session, room: str, *, shows: str, password: str = "", members: tuple[str, ...] = (), called: str = ""
) -> None:
    """Make a room that stays, with the people behind its nicknames shown to all ("anyone") or to "moderators"; for
    ``members`` only, where they are named.
    """
    session.send(
        f"<presence xmlns='jabber:client' to='{room}/maker'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
    )
    wanted = {
        "FORM_TYPE": "http://jabber.org/protocol/muc#roomconfig",
        "muc#roomconfig_persistentroom": "1",
        "muc#roomconfig_whois": shows,
    }
    if password:
        wanted |= {"muc#roomconfig_passwordprotectedroom": "1", "muc#roomconfig_roomsecret": password}
    if called:
        wanted["muc#roomconfig_roomname"] = called
    if members:
        wanted["muc#roomconfig_membersonly"] = "1"
    form = _FORM.format(fields="".join(_FIELD.format(name=name, value=escape(value)) for name, value in wanted.items()))
    content = f"<query xmlns='http://jabber.org/protocol/muc#owner'>{form}</query>"
    answer, _before = session.ask("set", content, to=room)
    assert answer.get("type") == "result", answer
    for one in members:
        item = f"<item affiliation='member' jid='{one}@localhost'/>"
        session.ask("set", f"<query xmlns='http://jabber.org/protocol/muc#admin'>{item}</query>", to=room)


@pytest.fixture
def room(xmpp_server: XmppServer, request: pytest.FixtureRequest) -> str:
    """A room, by default one that shows real addresses to its moderators alone."""
    address = f"salon{next(_numbers)}@salons.localhost"
    with Xmpp(xmpp_server.credentials_of("tom"), httpx.Client(timeout=20))._opened() as session:
        furnished(session, address, shows=getattr(request, "param", "moderators"))
    return address


def brand_in(server: XmppServer, room: str) -> Ear:
    return Ear(person(server, "marque", room, "Marque"), {})


def test_a_message_of_a_room_comes_in_public_and_its_answer_comes_back_as_ours(
    xmpp_server: XmppServer, room: str
) -> None:
    lea = person(xmpp_server, "lea", room, "Léa / cliente")
    with brand_in(xmpp_server, room) as brand:
        lea.send(said(room, "Mon colis ?"))
        asked = brand.heard("Mon colis ?")
        assert (asked.event, asked.direction, asked.visibility) == (EventKind.MESSAGE, "incoming", "public")
        assert (asked.thread_id, asked.author.name) == (room, "Léa / cliente")
        lasting = f"occupant:{room}/" if xmpp_server.gives_lasting_ids else f"{room}/Léa"
        assert (asked.author.id or "").startswith(lasting)
        answer = replace(
            said(room, "Nous regardons."), recipient=asked.author, parent_id=f"{room}/{asked.external_id}",
            parent_visibility="public", parent_custom=asked.custom,
        )  # fmt: skip
        assert brand.connector.find_sent(answer) is None
        sent = brand.connector.send(answer)
        found = brand.connector.find_sent(answer)
        assert found is not None
        assert (found.external_id, found.thread_id, found.custom) == (sent.external_id, room, sent.custom)
        ours = brand.heard("Nous regardons.")
    assert (ours.direction, f"{ours.id_scope}/{ours.external_id}") == ("outgoing", sent.external_id)
    assert ours.parent_id == asked.external_id
    assert ours.custom == sent.custom


@pytest.mark.parametrize("room", ["anyone"], indirect=True)
def test_where_a_room_shows_real_addresses_its_people_are_known_by_them(xmpp_server: XmppServer, room: str) -> None:
    lea = person(xmpp_server, "lea", room, "Léa")
    with brand_in(xmpp_server, room) as brand:
        lea.send(said(room, "en direct"))
        assert brand.heard("en direct").author.id == "lea@localhost"
    pages = brand.connector.history(datetime(2020, 1, 1, tzinfo=UTC), {})
    past = [event for page in pages for one in page.deliveries for event in brand.connector.parse(one)]
    assert [event.author.id for event in past if event.text == "en direct"] == ["lea@localhost"]


def test_what_customers_correct_and_take_back_is_told_of_the_same_message(xmpp_server: XmppServer, room: str) -> None:
    lea = person(xmpp_server, "lea", room, "Léa")
    with brand_in(xmpp_server, room) as brand:
        outgoing = said(room, "un")
        sent = lea.send(outgoing)
        lea.edit(sent.external_id, replace(outgoing, text="une", key="e1"), sent.custom)
        lea.like(sent.external_id, sent.custom)
        lea.delete(sent.external_id, sent.custom)
        message, edit = brand.heard("un"), brand.heard("une")
        gone, liked = brand.told(EventKind.DELETE), brand.told(EventKind.REACTION)
    assert edit.event is EventKind.EDIT
    assert {edit.target_id, gone.target_id, liked.target_id} == {message.external_id}
    assert {edit.own_only, gone.own_only} == {True}
    assert {edit.author.id, gone.author.id} == {message.author.id}


def test_we_correct_like_and_take_back_in_a_room(xmpp_server: XmppServer, room: str) -> None:
    brand = person(xmpp_server, "marque", room, "Marque")
    with Ear(person(xmpp_server, "lea", room, "Léa"), {}) as lea:
        outgoing = said(room, "Vendu")
        sent = brand.send(outgoing)
        brand.edit(sent.external_id, replace(outgoing, text="Rendu", key="e2"), sent.custom)
        brand.delete(sent.external_id, sent.custom)
        message = lea.heard("Vendu")
        assert lea.heard("Rendu").target_id == message.external_id
        assert lea.told(EventKind.DELETE).target_id == message.external_id


def test_what_was_said_during_an_absence_is_caught_up_on_once_and_the_past_is_read_newest_first(
    xmpp_server: XmppServer, room: str
) -> None:
    lea = person(xmpp_server, "lea", room, "Léa")
    with brand_in(xmpp_server, room) as brand:
        lea.send(said(room, "avant"))
        brand.heard("avant")
    outgoing = said(room, "pendant")
    sent = lea.send(outgoing)
    lea.edit(sent.external_id, replace(outgoing, text="pendant, corrigé", key="e3"), sent.custom)
    with Ear(brand.connector, brand.cursor) as again:
        again.heard("pendant, corrigé")
        lea.send(said(room, "après"))
        again.heard("après")
    told = [(event.event, event.text) for event in again.events if event.text]
    assert told == [
        (EventKind.MESSAGE, "pendant"), (EventKind.EDIT, "pendant, corrigé"), (EventKind.MESSAGE, "après"),
    ]  # fmt: skip
    pages = list(brand.connector.history(datetime(2020, 1, 1, tzinfo=UTC), {}))
    past = [event for page in pages for one in page.deliveries for event in brand.connector.parse(one) if event.text]
    texts = [event.text for event in past if event.thread_id == room]
    assert texts == ["après", "pendant, corrigé", "pendant", "avant"]
    assert {event.author.id for event in past if event.thread_id == room} == {again.heard("après").author.id}


def test_our_own_words_of_the_past_are_ours(xmpp_server: XmppServer, room: str) -> None:
    brand = person(xmpp_server, "marque", room, "Marque")
    brand.send(said(room, "Bienvenue"))
    pages = brand.history(datetime(2020, 1, 1, tzinfo=UTC), {})
    past = [event for page in pages for one in page.deliveries for event in brand.parse(one)]
    assert [event.direction for event in past if event.text == "Bienvenue"] == ["outgoing"]


def test_whoever_has_our_name_in_a_room_already_is_not_taken_for_us(xmpp_server: XmppServer, room: str) -> None:
    with Ear(person(xmpp_server, "lea", room, "Marque"), {}) as squatter, brand_in(xmpp_server, room) as brand:
        squatter.connector.send(said(room, "Je suis la marque"))
        brand.connector.send(said(room, "Non, nous"))
        theirs, ours = brand.heard("Je suis la marque"), brand.heard("Non, nous")
    assert (theirs.direction, theirs.author.name) == ("incoming", "Marque")
    assert (ours.direction, ours.author.name) == ("outgoing", "Marque_")


def test_somebody_of_a_room_is_answered_aside_and_answers(xmpp_server: XmppServer, room: str) -> None:
    with Ear(person(xmpp_server, "lea", room, "Léa"), {}) as lea, brand_in(xmpp_server, room) as brand:
        lea.connector.send(said(room, "Mon numéro ?"))
        asked = brand.heard("Mon numéro ?")
        aside = replace(
            said(room, "En privé"), visibility="private", recipient=asked.author, parent_visibility="public",
            parent_custom=asked.custom,
        )  # fmt: skip
        sent = brand.connector.send(aside)
        told = lea.heard("En privé")
        assert (told.visibility, told.author.name, told.thread_id) == ("private", "Marque", f"{room}/Marque")
        back = replace(said(f"{room}/Marque", "Merci"), visibility="private", recipient=told.author)
        lea.connector.send(back)
        thanks = brand.heard("Merci")
    assert (thanks.visibility, thanks.thread_id) == ("private", sent.thread_id)
    assert thanks.author.id == asked.author.id
    with pytest.raises(PermanentError, match="has left the room"):
        brand.connector.send(replace(aside, key="late"))


def test_a_long_absence_and_a_long_past_leave_nothing_out(xmpp_server: XmppServer, room: str) -> None:
    lea = person(xmpp_server, "lea", room, "Léa")
    with brand_in(xmpp_server, room) as brand:
        lea.send(said(room, "avant"))
        brand.heard("avant")
    with lea._opened() as session:
        enter_now(session, room, "Léa")
        for number in range(230):
            head = f"<message xmlns='jabber:client' to='{room}' type='groupchat' id='n{number}'>"
            session.send(f"{head}<body>{number}</body></message>")
        session.flush()
    with Ear(brand.connector, brand.cursor) as again:
        again.heard("229")
    numbers = [str(number) for number in range(230)]
    assert [event.text for event in again.events if event.text] == numbers
    pages = brand.connector.history(datetime(2020, 1, 1, tzinfo=UTC), {})
    past = [event for page in pages for one in page.deliveries for event in brand.connector.parse(one)]
    assert [event.text for event in past if event.thread_id == room] == [*reversed(numbers), "avant"]


def test_who_was_put_out_of_a_room_comes_in_again_and_has_missed_nothing(
    xmpp_server: XmppServer, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_SILENCES_BETWEEN_PINGS", 2)
    lea = person(xmpp_server, "lea", room, "Léa")
    with brand_in(xmpp_server, room) as brand:
        with Xmpp(xmpp_server.credentials_of("tom"), httpx.Client(timeout=20))._opened() as session:
            enter_now(session, room, "maker")
            item = "<item nick='Marque' role='none'/>"
            session.ask("set", f"<query xmlns='http://jabber.org/protocol/muc#admin'>{item}</query>", to=room)
        lea.send(said(room, "pendant ce temps"))
        brand.heard("pendant ce temps")
        lea.send(said(room, "et après"))
        brand.heard("et après")
    assert [event.text for event in brand.events if event.text] == ["pendant ce temps", "et après"]


def test_a_room_that_is_not_there_is_remarked_and_not_made(xmpp_server: XmppServer, room: str) -> None:
    nowhere = "nulle-part@salons.localhost"
    brand = person(xmpp_server, "marque", f"{nowhere} {room}", "Marque")
    for _time in range(2):
        (remark,) = brand.check().remarks
        assert nowhere in remark
        assert "does not let the account in" in remark


def closed_room(server: XmppServer, password: str) -> str:
    address = f"secret{next(_numbers)}@salons.localhost"
    with Xmpp(server.credentials_of("tom"), httpx.Client(timeout=20))._opened() as session:
        furnished(session, address, shows="anyone", password=password)
    return address


def test_a_room_with_a_password_is_entered_heard_and_answered(xmpp_server: XmppServer) -> None:
    room = closed_room(xmpp_server, "mot de passe & <clé>")
    link = f"xmpp:{room}?join;password=mot%20de%20passe%20%26%20%3Ccl%C3%A9%3E"
    lea, marque = (person(xmpp_server, one, "", one) for one in ("lea", "marque"))
    for one in (lea, marque):
        one.credentials = {**one.credentials, "room_passwords": link}
    assert marque.check().remarks == ()
    with Ear(marque, {}) as brand:
        lea.send(said(room, "Entre nous"))
        asked = brand.heard("Entre nous")
        assert asked.visibility == "public"
        sent = brand.connector.send(replace(said(room, "Bien sûr"), recipient=asked.author))
        assert f"{brand.heard('Bien sûr').id_scope}/" in sent.external_id


def test_who_reads_a_room_is_told_of_what_is_said_in_it_now_and_before(xmpp_server: XmppServer, room: str) -> None:
    closed = f"membres{next(_numbers)}@salons.localhost"
    with Xmpp(xmpp_server.credentials_of("tom"), httpx.Client(timeout=20))._opened() as session:
        furnished(session, closed, shows="moderators", members=("lea", "marque"))
    lea = person(xmpp_server, "lea", "", "Léa")
    with brand_in(xmpp_server, f"{room} {closed}") as brand:
        brand.until(lambda: {room, closed} <= set(brand.cursor["rooms"]))
        lea.send(said(room, "devant tous"))
        lea.send(said(closed, "entre membres"))
        now = [brand.heard(text) for text in ("devant tous", "entre membres")]
    pages = brand.connector.history(datetime(2020, 1, 1, tzinfo=UTC), {})
    past = [event for page in pages for one in page.deliveries for event in brand.connector.parse(one)]
    told = {event.thread_id: event.is_members_only for event in past if event.thread_id in (room, closed)}
    assert [event.is_members_only for event in now] == [False, True]
    assert told == {room: False, closed: True}


@pytest.mark.parametrize("wrong", ["", "autre"])
def test_a_room_whose_password_is_wrong_or_missing_is_remarked(xmpp_server: XmppServer, wrong: str) -> None:
    room = closed_room(xmpp_server, "clé")
    brand = person(xmpp_server, "marque", room, "Marque")
    brand.credentials = {**brand.credentials, "room_passwords": f"{room}={wrong}"}
    (remark,) = brand.check().remarks
    assert f"The room {room} wants a password" in remark


def test_the_past_of_a_room_that_is_added_later_is_read_and_of_no_other_again(
    xmpp_server: XmppServer, room: str
) -> None:
    lea = person(xmpp_server, "lea", room, "Léa")
    lea.send(said(room, "il y a longtemps"))
    alone = person(xmpp_server, "marque", "", "Marque")
    cursor = [page.cursor for page in alone.history(datetime(2020, 1, 1, tzinfo=UTC), {})][-1]
    assert not alone.has_more_past(cursor)
    brand = person(xmpp_server, "marque", room, "Marque")
    assert brand.has_more_past(cursor)
    pages = list(brand.history(datetime(2020, 1, 1, tzinfo=UTC), cursor))
    past = [event for page in pages for one in page.deliveries for event in brand.parse(one) if event.text]
    assert [(event.thread_id, event.text) for event in past] == [(room, "il y a longtemps")]
    assert not brand.has_more_past(pages[-1].cursor)


def test_a_room_is_called_by_its_name_or_by_its_address(xmpp_server: XmppServer, room: str) -> None:
    named = f"entraide{next(_numbers)}@salons.localhost"
    with Xmpp(xmpp_server.credentials_of("tom"), httpx.Client(timeout=20))._opened() as session:
        furnished(session, named, shows="moderators", called="L’entraide & vous")
    brand = person(xmpp_server, "marque", "", "Marque")
    said_in = [NetworkEvent(EventKind.MESSAGE, "incoming", "public", thread_id=one) for one in (named, room)]
    called = [brand.completed(event, ["place"]).subject for event in said_in]
    assert called[0] == "L’entraide & vous"
    assert called[1] in (room, room.partition("@")[0])
