"""The archive of messages (XEP-0313): what was missed, the past, what an interrupted attempt left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.shared.untrusted import name
from comptoir.connectors.xmpp.names import CLIENT, FORM, FORWARD, MAM, RSM, bare, resource
from comptoir.connectors.xmpp.session import Session
from comptoir.connectors.xmpp.xml import as_text

_PAGE = 100
_MOST_PAGES = 50


class NoArchiveError(Exception):
    """There is no archive, or it is not open to this account."""


def query(
    session: Session,
    *,
    room: str = "",
    after: str | None = None,
    before: str | None = None,
    fields: Mapping[str, str] | None = None,
) -> tuple[list[Any], bool]:
    """One page of the archive, and whether it is the last in its direction. Raises NoArchiveError and CutError.

    ``room`` names whose archive, "" our own. ``before`` "" asks for the newest page, and an id for the one before it;
    otherwise the oldest after ``after``. What else came meanwhile is received later.
    """
    said = {"FORM_TYPE": MAM, **(fields or {})}
    form = "".join(f"<field var='{var}'><value>{escape(value)}</value></field>" for var, value in said.items())
    place = f"<before>{escape(before)}</before>" if before is not None else ""
    place += f"<after>{escape(after)}</after>" if after else ""
    answer, came = session.ask(
        "set",
        f"<query xmlns='{MAM}' queryid='q'><x xmlns='{FORM}' type='submit'>{form}</x>"
        f"<set xmlns='{RSM}'><max>{_PAGE}</max>{place}</set></query>",
        to=room,
    )
    found = [one for one in came if one.find(f"{{{MAM}}}result") is not None and _tells(one, session, room)]
    session.keep([one for one in came if one.find(f"{{{MAM}}}result") is None])
    finished = answer.find(f"{{{MAM}}}fin")
    if finished is None:
        raise NoArchiveError
    return found, finished.get("complete") == "true"


def _tells(stanza: Any, session: Session, room: str) -> bool:
    """Whether the archive itself tells it: others may send us what looks like it."""
    if room:
        return resource(stanza.get("from")) is None and bare(stanza.get("from")) == room
    return bare(stanza.get("from")) in (None, bare(session.jid))


def id_of(stanza: Any) -> str | None:
    """Under which id the archive keeps a message."""
    return name(stanza.find(f"{{{MAM}}}result").get("id"))


def message_of(stanza: Any) -> Any:
    """The archived message itself."""
    return stanza.find(f"{{{MAM}}}result/{{{FORWARD}}}forwarded/{{{CLIENT}}}message")


def missed(session: Session, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What came since ``cursor``, the oldest first; at the first time the newest page."""
    after = name(cursor.get("after"))
    if after is None:
        found, _complete = query(session, before="")
        if found:
            yield Page(deliveries(found), {**cursor, "after": id_of(found[-1])})
        return
    for found, latest in pages_since(session, after):
        yield Page(deliveries(found), {**cursor, "after": latest})


def pages_since(session: Session, after: str, *, room: str = "") -> Iterator[tuple[list[Any], str]]:
    """Pages of what came after an id ("" everything), the oldest first, each with the id of its last message."""
    for _page in range(_MOST_PAGES):
        found, complete = query(session, room=room, after=after)
        if found:
            after = id_of(found[-1]) or after
            yield found, after
        if complete or not found:
            return


def pages_back(session: Session, since: datetime, before: str, *, room: str = "") -> Iterator[tuple[list[Any], str]]:
    """Pages of what is kept back to ``since``, the newest page first, each with the id of its first message."""
    while True:
        found, complete = query(session, room=room, before=before, fields={"start": stamp(since)})
        before = (id_of(found[0]) or "") if found else ""
        if found:
            yield found, before
        if complete or not before:
            return


def deliveries(stanzas: Sequence[Any]) -> list[Delivery]:
    """Stanzas as they are stored."""
    return [Delivery(as_text(one).encode(), "application/xml") for one in stanzas]


def stamp(moment: datetime) -> str:
    """An instant as XMPP writes it (XEP-0082)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
