"""A room, and what it answers to whoever asks what it is."""

from __future__ import annotations

from typing import Any

from comptoir.connectors.xmpp.tests.far_side import ME, Replies

ROOM = "salon@salons.exemple.fr"
INFO = "http://jabber.org/protocol/disco#info"
REFUSED_INFO = f"<iq xmlns='jabber:client' from='{ROOM}' to='{ME}/c1' type='error' id='{{}}'/>"


def describing(*told: list[str]) -> Replies:
    """A room that tells these in turn, each time it is asked what it is."""
    left = list(told)

    def replies(stanza: Any) -> list[str]:
        asks = stanza.find(f"{{{INFO}}}query") is not None and stanza.get("to") == ROOM
        return [one.format(stanza.get("id")) for one in left.pop(0)] if asks else []

    return replies
