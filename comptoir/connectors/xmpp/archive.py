"""The server's archive of messages (XEP-0313): what was missed, the past, what an interrupted attempt left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.shared.untrusted import name
from comptoir.connectors.xmpp.names import CLIENT, FORM, FORWARD, MAM, RSM, bare
from comptoir.connectors.xmpp.session import Session
from comptoir.connectors.xmpp.xml import as_text

_PAGE = 100
_MOST_PAGES = 50


class NoArchiveError(Exception):
    """The server keeps no archive for this account."""


def query(
    session: Session, *, after: str | None = None, before: str | None = None, fields: Mapping[str, str] | None = None
) -> tuple[list[Any], bool]:
    """One page of the archive, and whether it is the last in its direction. Raises NoArchiveError and CutError.

    ``before`` "" asks for the newest page, and an id for the one before it; otherwise the oldest after ``after``.
    """
    said = {"FORM_TYPE": MAM, **(fields or {})}
    form = "".join(f"<field var='{var}'><value>{escape(value)}</value></field>" for var, value in said.items())
    place = f"<before>{escape(before)}</before>" if before is not None else ""
    place += f"<after>{escape(after)}</after>" if after else ""
    answer, came = session.ask(
        "set",
        f"<query xmlns='{MAM}' queryid='q'><x xmlns='{FORM}' type='submit'>{form}</x>"
        f"<set xmlns='{RSM}'><max>{_PAGE}</max>{place}</set></query>",
    )
    finished = answer.find(f"{{{MAM}}}fin")
    if finished is None:
        raise NoArchiveError
    found = [one for one in came if one.find(f"{{{MAM}}}result") is not None and _is_of_ours(one, session)]
    return found, finished.get("complete") == "true"


def _is_of_ours(stanza: Any, session: Session) -> bool:
    """Whether our own archive tells it: others may send us what looks like it."""
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
    for _page in range(_MOST_PAGES):
        found, complete = query(session, after=after, before=None if after else "")
        if found:
            after = id_of(found[-1]) or after
            yield Page(deliveries(found), {"after": after})
        if complete or not found or cursor.get("after") is None:
            return


def past(session: Session, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What is kept back to ``since``, the newest first."""
    before = name(cursor.get("before")) or ""
    while True:
        found, complete = query(session, before=before, fields={"start": stamp(since)})
        before = (id_of(found[0]) or "") if found else ""
        if found:
            yield Page(deliveries(list(reversed(found))), {"before": before})
        if complete or not before:
            return


def deliveries(stanzas: Sequence[Any]) -> list[Delivery]:
    """Stanzas as they are stored."""
    return [Delivery(as_text(one).encode(), "application/xml") for one in stanzas]


def stamp(moment: datetime) -> str:
    """An instant as XMPP writes it (XEP-0082)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
