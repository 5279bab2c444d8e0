"""Rooms: who speaks in them is believed of the room alone; being let in, put out, and answering there."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from comptoir.connectors.base import (
    Author,
    Delivery,
    EventKind,
    NetworkEvent,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.xmpp.rooms import nick_of, rooms_of
from comptoir.connectors.xmpp.tests.far_side import LEA, ME, OUTGOING, Far, Replies, xmpp
from comptoir.connectors.xmpp.tests.room import INFO, REFUSED_INFO, ROOM, describing

FIXTURES = Path(__file__).parents[1] / "fixtures"
USER = "http://jabber.org/protocol/muc#user"
PUBLIC = dataclasses.replace(OUTGOING, visibility="public", thread_id=ROOM, recipient=Author())


def present(nick: str, *, jid: str = "", occupant_id: str = "", codes: tuple[str, ...] = ()) -> str:
    """How a room says that somebody is there."""
    shown = f" jid='{jid}'" if jid else ""
    lasting = f"<occupant-id xmlns='urn:xmpp:occupant-id:0' id='{occupant_id}'/>" if occupant_id else ""
    statuses = "".join(f"<status code='{code}'/>" for code in codes)
    told = f"<x xmlns='{USER}'><item affiliation='none' role='participant'{shown}/>{statuses}</x>{lasting}"
    return f"<presence xmlns='jabber:client' from='{ROOM}/{nick}' to='{ME}/c1'>{told}</presence>"


def said(nick: str, text: str, *, number: int = 1, inside: str = "", called: str = "m") -> str:
    """How a room says what somebody said."""
    given = f"<stanza-id xmlns='urn:xmpp:sid:0' by='{ROOM}' id='s{number}'/>"
    head = f"<message xmlns='jabber:client' from='{ROOM}/{nick}' to='{ME}/c1' type='groupchat' id='{called}{number}'>"
    return f"{head}<body>{text}</body>{inside}{given}</message>"


def archived(message: str, number: int = 1) -> str:
    forwarded = (
        f"<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-03-02T08:15:00Z'/>"
        f"{message}</forwarded>"
    )
    result = f"<result xmlns='urn:xmpp:mam:2' queryid='q' id='s{number}'>{forwarded}</result>"
    return f"<message xmlns='jabber:client' from='{ROOM}' to='{ME}/c1'>{result}</message>"


def read(*stanzas: str) -> list[NetworkEvent]:
    return xmpp(rooms=ROOM).parse(Delivery("".join(stanzas).encode()))


US = present("marque", occupant_id="b1", codes=("110",))
US_WHERE_ALL_SEE_ALL = present("marque", jid=ME, occupant_id="b1", codes=("100", "110"))


# --- what the account names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("between", [" ", "\n", ", ", ";", "\r\n\r\n"])
def test_rooms_may_be_named_one_a_line_or_beside_one_another(between: str) -> None:
    named = f"Salon@Salons.exemple.fr{between}xmpp:autre@salons.exemple.fr?join{between}{ROOM}{between}rien"
    assert rooms_of({"rooms": named}) == [ROOM, "autre@salons.exemple.fr"]


def test_in_rooms_we_are_called_as_asked_or_as_our_address() -> None:
    assert nick_of({"jid": ME, "nick": " La Marque "}) == "La Marque"
    assert nick_of({"jid": f"{ME}/c"}) == "marque"


# --- who speaks ---------------------------------------------------------------------------------------------------


def test_a_real_address_that_a_speaker_claims_is_not_believed() -> None:
    claim = f"<x xmlns='{USER}'><item jid='{LEA}'/></x>"
    (live,) = read(US_WHERE_ALL_SEE_ALL, present("eve"), said("eve", "je suis Léa", inside=claim))
    assert live.author.id == f"{ROOM}/eve"
    late = f"{claim}<delay xmlns='urn:xmpp:delay' stamp='2026-03-02T08:15:00Z'/>"
    (dated,) = read(US_WHERE_ALL_SEE_ALL, present("eve"), said("eve", "je suis Léa", inside=late))
    assert dated.author.id == f"{ROOM}/eve"
    (kept,) = read(US, archived(said("eve", "je suis Léa", inside=claim)))
    assert kept.author.id == f"{ROOM}/eve"
    twice = claim + claim.replace(LEA, "eve@exemple.fr")
    (doubled,) = read(US_WHERE_ALL_SEE_ALL, archived(said("eve", "je suis Léa", inside=twice)))
    assert doubled.author.id == f"{ROOM}/eve"


def test_what_a_speaker_tells_in_the_place_of_the_rooms_archive_is_a_forgery() -> None:
    forged = archived(said("lea", "forgé")).replace(f"from='{ROOM}' ", f"from='{ROOM}/eve' type='groupchat' ")
    assert [event.event for event in read(US, forged)] == [EventKind.IGNORED]


def test_whoever_had_our_name_before_is_not_us_and_we_are_under_another_name() -> None:
    lasting = "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='{}'/>"
    (theirs,) = read(US, archived(said("marque", "avant", inside=lasting.format("t1"))))
    (ours,) = read(US, archived(said("autrefois", "nous", inside=lasting.format("b1"))))
    assert (theirs.direction, ours.direction) == ("incoming", "outgoing")


def test_one_person_known_by_address_and_by_the_rooms_lasting_id_is_one() -> None:
    (event,) = read(US, present("lea", jid=f"{LEA}/m", occupant_id="l1"), said("lea", "Bonjour"))
    assert (event.author.id, event.author.aliases) == (LEA, (f"occupant:{ROOM}/l1",))


def test_where_a_room_gives_no_ids_two_speakers_may_choose_the_same() -> None:
    bare_head = f"<message xmlns='jabber:client' from='{ROOM}/{{}}' type='groupchat' id='1'><body>a</body></message>"
    lea, tom = read(bare_head.format("lea"), bare_head.format("tom"))
    assert {f"{one.id_scope}/{one.external_id}" for one in (lea, tom)} == {f"{ROOM}/lea/1", f"{ROOM}/tom/1"}


def test_receipts_and_markers_of_a_room_say_nothing_of_us() -> None:
    marker = "<displayed xmlns='urn:xmpp:chat-markers:0' id='s1'/>"
    seen = said("lea", "").replace("<body></body>", marker)
    assert [event.event for event in read(US, present("lea"), seen)] == [EventKind.IGNORED]


def test_what_comes_back_from_somebody_of_a_room_is_the_message_that_went_to_them() -> None:
    error = "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    (back,) = read(f"<message xmlns='jabber:client' from='{ROOM}/lea' type='error' id='k1'>{error}</message>")
    assert (back.event, f"{back.id_scope}/{back.target_id}") == (EventKind.FAILED, f"{ROOM}/lea/k1")


def test_the_archives_own_id_counts_and_not_one_that_its_message_claims() -> None:
    (event,) = read(US, archived(said("lea", "Bonjour", number=7), number=1))
    assert event.external_id == "s1"


# --- listening ----------------------------------------------------------------------------------------------------


def refused(condition: str) -> str:
    error = f"<error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    return f"<presence xmlns='jabber:client' from='{ROOM}/marque' type='error'>{error}</presence>"


def room_says(*entering: str, then: Replies = lambda stanza: []) -> Replies:
    """A room that answers whoever comes in, and keeps no archive; anything else is answered by ``then``."""

    def replies(stanza: Any) -> list[str] | None:
        is_entering = stanza.find("{http://jabber.org/protocol/muc}x") is not None
        return list(entering) if is_entering else then(stanza)

    return replies


def heard_until(far: Far, text: str) -> list[NetworkEvent]:
    connector, stop, events = xmpp(far, rooms=ROOM), threading.Event(), []
    for page in connector.stream({}, stop):
        events += [event for one in page.deliveries for event in connector.parse(one)]
        if text in [event.text for event in events]:
            stop.set()
    return events


def test_a_correction_that_comes_live_finds_what_it_corrects(far: Far) -> None:
    corrects = "<replace xmlns='urn:xmpp:message-correct:0' id='m1'/>"
    far.replies = room_says(
        US, present("lea", occupant_id="l1"), said("lea", "un"), said("lea", "une", number=2, inside=corrects)
    )
    message, edit = heard_until(far, "une")
    assert (message.event, edit.event, edit.target_id) == (EventKind.MESSAGE, EventKind.EDIT, message.external_id)


def test_a_room_that_refuses_keeps_nobody_else_from_being_heard(far: Far) -> None:
    private = f"<message xmlns='jabber:client' from='{LEA}/m' to='{ME}' type='chat' id='p1'><body>Ici</body></message>"
    far.replies = room_says(refused("forbidden"), private)
    assert [event.text for event in heard_until(far, "Ici")] == ["Ici"]


def test_the_next_name_is_tried_where_ours_is_taken(far: Far) -> None:
    asked: list[str] = []

    def replies(stanza: Any) -> list[str]:
        if stanza.find("{http://jabber.org/protocol/muc}x") is None:
            return []
        asked.append(stanza.get("to"))
        return (
            [refused("conflict")] if len(asked) == 1 else [present("marque_", codes=("110",)), said("marque_", "oui")]
        )

    far.replies = replies
    (ours,) = heard_until(far, "oui")
    assert (asked, ours.direction) == ([f"{ROOM}/marque", f"{ROOM}/marque_"], "outgoing")


def described(*features: str) -> str:
    """What a room answers to whoever asks what it is."""
    told = "".join(f"<feature var='{one}'/>" for one in ("http://jabber.org/protocol/muc", *features))
    query = f"<query xmlns='{INFO}'><identity category='conference' type='text' name='Salon'/>{told}</query>"
    return f"<iq xmlns='jabber:client' from='{ROOM}' to='{ME}/c1' type='result' id='{{}}'>{query}</iq>"


@pytest.mark.parametrize(
    ("told", "is_closed"),
    [
        (described("muc_membersonly", "muc_hidden"), True),
        (described("muc_open", "muc_passwordprotected"), False),
        (described("muc_membersonly").replace(f"from='{ROOM}'", f"from='{ROOM}/eve'"), False),
        (REFUSED_INFO, False),
    ],
)
def test_who_reads_a_room_is_asked_of_the_room_itself(far: Far, told: str, is_closed: bool) -> None:
    far.replies = room_says(US, then=describing([told, present("lea"), said("lea", "Bonjour")]))
    (event,) = heard_until(far, "Bonjour")
    assert (event.visibility, event.is_members_only) == ("public", is_closed)


def test_a_room_that_is_closed_while_we_are_in_it_is_known_to_be(far: Far) -> None:
    head = f"<message xmlns='jabber:client' to='{ME}/c1' type='groupchat' from='{ROOM}"
    by_eve, by_room = (f"{head}{who}'><x xmlns='{USER}'><status code='104'/></x></message>" for who in ("/eve", ""))
    answers = describing(
        [described("muc_open"), said("lea", "avant"), by_eve, by_room, said("lea", "après", number=2)],
        [described("muc_membersonly")],
    )
    far.replies = room_says(US, then=answers)
    events = [event for event in heard_until(far, "après") if event.text]
    assert [(event.text, event.is_members_only) for event in events] == [("avant", False), ("après", True)]


@pytest.mark.parametrize(("recorded", "is_closed"), [("room_members_only.xml", True), ("room_live.xml", False)])
def test_what_a_room_said_of_itself_stands_before_its_message_and_counts_for_it(recorded: str, is_closed: bool) -> None:
    (event,) = xmpp(rooms=ROOM).parse(Delivery((FIXTURES / recorded).read_bytes()))
    assert event.is_members_only == is_closed


def test_what_somebody_in_a_room_claims_to_be_its_description_closes_nothing() -> None:
    claim = described("muc_membersonly").format("ask9").replace(f"from='{ROOM}'", f"from='{ROOM}/eve'")
    assert [event.is_members_only for event in read(US, claim, said("lea", "un")) if event.text] == [False]


# --- answering ----------------------------------------------------------------------------------------------------


def echoing(stanza: Any) -> list[str]:
    if etree.QName(stanza).localname != "message":
        return []
    return [said("lea", "autre chose"), said("marque", "x").replace("id='m1'", f"id='{stanza.get('id')}'")]


def test_an_answer_in_a_room_is_sent_once_the_room_has_said_it(far: Far) -> None:
    far.replies = room_says(US, then=echoing)
    asked = {"room": ROOM, "occupant": f"{ROOM}/lea", "origin_id": "m7", "given_id": "s7"}
    sent = xmpp(far).send(dataclasses.replace(PUBLIC, parent_id=f"{ROOM}/s7", parent_custom=asked))
    (message,) = far.said("message")
    assert (message.get("to"), message.get("type")) == (ROOM, "groupchat")
    assert dict(message.find("{urn:xmpp:reply:0}reply").attrib) == {"to": f"{ROOM}/lea", "id": "s7"}
    assert (sent.external_id, sent.thread_id, sent.custom["origin_id"]) == (f"{ROOM}/s1", ROOM, "k1")
    xmpp(far).edit(sent.external_id, PUBLIC, sent.custom)
    xmpp(far).delete(sent.external_id, sent.custom)
    edit, delete = far.said("message")[1:]
    assert edit.find("{urn:xmpp:message-correct:0}replace").get("id") == "k1"
    assert delete.find("{urn:xmpp:message-retract:1}retract").get("id") == "s1"
    assert {one.get("type") for one in (edit, delete)} == {"groupchat"}


def test_a_room_that_breaks_off_leaves_it_uncertain_and_one_that_refuses_us_certain(far: Far) -> None:
    far.replies = room_says(US, then=lambda stanza: None if etree.QName(stanza).localname == "message" else [])
    with pytest.raises(UncertainError):
        xmpp(far).send(PUBLIC)
    far.replies = room_says(refused("forbidden"))
    with pytest.raises(PermanentError, match=r"does not let the account in \(forbidden\)"):
        xmpp(far).send(PUBLIC)
    with pytest.raises(UncertainError):
        xmpp(far).find_sent(PUBLIC)


def test_a_room_that_takes_no_more_for_a_while_is_asked_again(far: Far) -> None:
    def full_up(stanza: Any) -> list[str]:
        if etree.QName(stanza).localname != "message":
            return []
        error = "<error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
        return [f"<message xmlns='jabber:client' from='{ROOM}' type='error' id='{stanza.get('id')}'>{error}</message>"]

    far.replies = room_says(US, then=full_up)
    with pytest.raises(TransientError):
        xmpp(far).send(PUBLIC)


def test_nothing_meant_for_one_person_goes_to_whoever_has_their_name_now(far: Far) -> None:
    lea = Author(f"occupant:{ROOM}/l1", "lea", "lea")
    aside = dataclasses.replace(
        OUTGOING, recipient=lea, thread_id=ROOM, parent_visibility="public", parent_custom={"occupant": f"{ROOM}/lea"}
    )
    far.replies = room_says(present("lea", occupant_id="e1"), US)
    with pytest.raises(PermanentError, match="has left the room"):
        xmpp(far).send(aside)
    assert far.said("message") == []
    far.replies = room_says(present("lea", occupant_id="l1"), US)
    assert xmpp(far).send(aside).thread_id == f"{ROOM}/lea"


def test_somebody_known_by_their_own_address_is_answered_there_and_not_through_the_room(far: Far) -> None:
    aside = dataclasses.replace(OUTGOING, recipient=Author(LEA), thread_id=ROOM, parent_visibility="public")
    assert xmpp(far).send(aside).thread_id == LEA
    assert far.said("message")[0].get("to") == LEA
