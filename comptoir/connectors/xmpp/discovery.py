"""What a place says of itself (XEP-0030): what it offers and, of a room, who is let into it."""

from __future__ import annotations

from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from comptoir.connectors.shared.untrusted import storable
from comptoir.connectors.xmpp.names import CLIENT, DISCO_INFO, bare, resource
from comptoir.connectors.xmpp.session import Session

_MEMBERS_ONLY = "muc_membersonly"  # XEP-0045, 15.3


def features_of(session: Session, place: str) -> frozenset[str]:
    """What it says it can do, nothing where it does not say. Raises CutError."""
    return _features(_description(session, place))


def is_closed(session: Session, room: str) -> bool:
    """Whether only those come in whom somebody made members. Raises CutError.

    A password closes nothing: it may be passed on, and Prosody's archive is read without it.
    """
    return closed_room(_description(session, room)) == room


def called(session: Session, room: str) -> str | None:
    """The name that a room has beside its address. Raises CutError."""
    told = _description(session, room).findall(f"{{{DISCO_INFO}}}query/{{{DISCO_INFO}}}identity")
    names = (storable(one.get("name") or "").strip() for one in told if one.get("category") == "conference")
    return next(names, "") or None


def closing(room: str) -> Any:
    """What a closed room says of itself, reduced to that: kept before what is said in it."""
    answer = etree.Element(f"{{{CLIENT}}}iq", {"from": room, "type": "result"}, nsmap={None: CLIENT})
    query = etree.SubElement(answer, f"{{{DISCO_INFO}}}query", nsmap={None: DISCO_INFO})
    etree.SubElement(query, f"{{{DISCO_INFO}}}feature", {"var": _MEMBERS_ONLY})
    return answer


def closed_room(stanza: Any) -> str | None:
    """The room that says by this that it is closed; None for anything else."""
    is_answer = stanza.tag == f"{{{CLIENT}}}iq" and stanza.get("type") == "result"
    if not is_answer or resource(stanza.get("from")) is not None or _MEMBERS_ONLY not in _features(stanza):
        return None
    return bare(stanza.get("from"))


def _description(session: Session, place: str) -> Any:
    """What it answers; what came meanwhile is received later."""
    answer, came = session.ask("get", f"<query xmlns='{DISCO_INFO}'/>", to=place)
    session.keep(came)
    return answer


def _features(answer: Any) -> frozenset[str]:
    told = answer.findall(f"{{{DISCO_INFO}}}query/{{{DISCO_INFO}}}feature")
    return frozenset(one.get("var") or "" for one in told)
