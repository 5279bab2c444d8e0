"""Rooms are called by their names, asked for a batch at a time."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.connectors.base import EventKind, NetworkEvent, TransientError
from comptoir.connectors.xmpp.tests.far_side import Far, Replies, xmpp
from comptoir.connectors.xmpp.tests.room import INFO, REFUSED_INFO, ROOM, describing


def calling_itself(named: str) -> str:
    """A room's answer to what it is, with this name."""
    identity = f"<identity category='conference' type='text' name='{named}'/>"
    return (
        f"<iq xmlns='jabber:client' type='result' id='{{}}' from='{ROOM}'><query xmlns='{INFO}'>{identity}</query></iq>"
    )


@pytest.mark.parametrize(
    ("told", "called"),
    [(calling_itself("Entraide"), "Entraide"), (calling_itself(" "), ROOM), (REFUSED_INFO, ROOM)],
)
def test_a_room_is_called_by_its_name_or_by_its_address(far: Far, told: str, called: str) -> None:
    far.replies = describing([told])
    event = NetworkEvent(EventKind.MESSAGE, "incoming", "public", external_id="1", thread_id=ROOM)
    assert xmpp(far).lacks(event) == ["place"]
    assert xmpp(far).completed(event, ["place"]).subject == called


def test_rooms_of_one_batch_are_asked_for_in_one_session(far: Far) -> None:
    far.replies = describing([calling_itself("Entraide")], [calling_itself("Lampes")], [calling_itself("Accueil")])
    event = NetworkEvent(EventKind.MESSAGE, "incoming", "public", external_id="1", thread_id=ROOM)
    connector = xmpp(far)

    def named() -> str | None:
        return connector.completed(event, ["place"]).subject

    with connector.asking():
        assert [named(), named()] == ["Entraide", "Lampes"]
    in_one = len(far.said("auth"))
    assert named() == "Accueil"
    assert (in_one, len(far.said("auth"))) == (1, 2)


def test_a_session_that_was_cut_is_not_asked_again(far: Far) -> None:
    answers = describing([calling_itself("Entraide")])
    far.replies = _hanging_up_once(answers)
    event = NetworkEvent(EventKind.MESSAGE, "incoming", "public", external_id="1", thread_id=ROOM)
    connector = xmpp(far)
    with connector.asking():
        with pytest.raises(TransientError):
            connector.completed(event, ["place"])
        assert connector.completed(event, ["place"]).subject == "Entraide"


def _hanging_up_once(then: Replies) -> Replies:
    left = [True]

    def replies(stanza: Any) -> list[str] | None:
        if left and stanza.find(f"{{{INFO}}}query") is not None and stanza.get("to") == ROOM:
            left.clear()
            return None
        return then(stanza)

    return replies
