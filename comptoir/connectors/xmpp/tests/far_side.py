"""An XMPP server for these tests: one account, one reply."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
from lxml import etree
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

from comptoir.connectors.base import (
    Author,
    Outgoing,
)
from comptoir.connectors.xmpp.connector import Xmpp

ME, LEA = "marque@exemple.fr", "lea@exemple.fr"
OUTGOING = Outgoing(
    key="k1", queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC), text="Bonjour <Léa> & vous\x07\uffff",
    visibility="private", recipient=Author(id=LEA), thread_id=LEA,
)  # fmt: skip
FRAMING = "urn:ietf:params:xml:ns:xmpp-framing"
OPEN = f"<open xmlns='{FRAMING}' from='exemple.fr' version='1.0'/>"
FEATURES = (
    "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><mechanisms "
    "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"
)
#: What the far side answers to one stanza: texts to send, or None to hang up.
Replies = Callable[[Any], list[str] | None]


class Far:
    """A server that signs one account in, answers pings, and anything else as told."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.replies: Replies = lambda stanza: []
        self.url = ""

    def talk(self, connection: ServerConnection) -> None:
        try:
            for said in connection:
                answers = self._answers(etree.fromstring(said))
                if answers is None:
                    connection.close()
                    return
                for answer in answers:
                    connection.send(answer)
        except ConnectionClosed:
            return

    def _answers(self, stanza: Any) -> list[str] | None:
        self.heard.append(stanza)
        kind, identifier = etree.QName(stanza).localname, stanza.get("id")
        if kind == "open":
            return [OPEN, FEATURES]
        if kind == "auth":
            right = base64.b64decode(stanza.text) == b"\0marque\0pass"
            return [f"<{'success' if right else 'failure'} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"]
        if kind == "iq" and stanza.find("{urn:ietf:params:xml:ns:xmpp-bind}bind") is not None:
            jid = f"<jid>{ME}/c1</jid>"
            bound = f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>{jid}</bind>"
            return [f"<iq xmlns='jabber:client' type='result' id='{identifier}'>{bound}</iq>"]
        told = self.replies(stanza)
        if told or told is None:
            return told
        return [f"<iq xmlns='jabber:client' type='result' id='{identifier}'/>"] if kind == "iq" else []

    def said(self, kind: str) -> list[Any]:
        return [one for one in self.heard if etree.QName(one).localname == kind]


def xmpp(far: Far | None = None, **changed: str) -> Xmpp:
    url = far.url if far else "wss://exemple.fr/ws"
    credentials = {"jid": ME, "password": "pass", "websocket_url": url} | changed
    return Xmpp(credentials, httpx.Client(timeout=10), own_id=ME)
