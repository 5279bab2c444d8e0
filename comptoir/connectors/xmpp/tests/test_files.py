"""Files of a reply, put on the account’s server and said by their address."""

from __future__ import annotations

import dataclasses
from typing import Any

import httpx
import pytest
from lxml import etree

from comptoir.connectors.base import (
    OutgoingFile,
    PermanentError,
)
from comptoir.connectors.xmpp.connector import Xmpp
from comptoir.connectors.xmpp.names import DISCO_INFO, DISCO_ITEMS, UPLOAD
from comptoir.connectors.xmpp.tests.far_side import LEA, ME, OUTGOING, Far, Replies

SERVICE = "envois.exemple.fr"
LETTER = OutgoingFile("avoir.pdf", "application/pdf", b"%PDF-1.7")


def uploads(put: str = "http://127.0.0.1:1/put", get: str = "https://envois.exemple.fr/f/avoir.pdf") -> Replies:
    """A server with a service for files: it is listed, says that it is one, and gives a slot."""

    def replies(stanza: Any) -> list[str]:
        asked = {etree.QName(one).namespace: one for one in stanza}
        head = f"<iq xmlns='jabber:client' type='result' id='{stanza.get('id')}'>"
        if DISCO_ITEMS in asked:
            return [f"{head}<query xmlns='{DISCO_ITEMS}'><item jid='{SERVICE}'/></query></iq>"]
        if DISCO_INFO in asked:
            var = UPLOAD if stanza.get("to") == SERVICE else "x"
            return [f"{head}<query xmlns='{DISCO_INFO}'><feature var='{var}'/></query></iq>"]
        if UPLOAD in asked:
            headers = "<header name='Authorization'>Bearer t</header><header name='Host'>evil</header>"
            slot = f"<slot xmlns='{UPLOAD}'><put url='{put}'>{headers}</put><get url='{get}'/></slot>"
            return [f"{head}{slot}</iq>"]
        return []

    return replies


class Store(httpx.BaseTransport):
    """Where files are put; everything else goes over the network."""

    def __init__(self, status: int = 201) -> None:
        self.status, self.put = status, list[httpx.Request]()
        self._network = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "PUT":
            return self._network.handle_request(request)
        self.put.append(request)
        return httpx.Response(self.status)


def sending(far: Far, store: Store) -> Xmpp:
    credentials = {"jid": ME, "password": "pass", "websocket_url": far.url}
    return Xmpp(credentials, httpx.Client(timeout=10, transport=store), own_id=ME)


def test_a_file_is_put_first_and_then_said_by_its_address(far: Far) -> None:
    far.replies, store = uploads(), Store()
    sent = sending(far, store).send(dataclasses.replace(OUTGOING, files=(LETTER,)))
    (put,) = store.put
    assert (put.content, put.headers["authorization"], put.headers["host"]) == (b"%PDF-1.7", "Bearer t", "127.0.0.1:1")
    first, second = far.said("message")
    assert first.findtext("{jabber:client}body") == "Bonjour <Léa> & vous"
    assert second.findtext("{jabber:x:oob}x/{jabber:x:oob}url") == "https://envois.exemple.fr/f/avoir.pdf"
    assert (sent.external_id, sent.part_ids) == (f"{LEA}/k1", (f"{LEA}/k1-1",))


@pytest.mark.parametrize("get", ["http://exemple.fr/f", "file:///etc/passwd"])
def test_a_file_that_the_customer_would_fetch_without_tls_is_not_said(far: Far, get: str) -> None:
    far.replies = uploads(get=get)
    with pytest.raises(PermanentError, match="without TLS"):
        sending(far, Store()).send(dataclasses.replace(OUTGOING, files=(LETTER,)))
    assert far.said("message") == []


def test_where_a_file_is_refused_nothing_is_said(far: Far) -> None:
    far.replies = uploads()
    with pytest.raises(PermanentError):
        sending(far, Store(status=413)).send(dataclasses.replace(OUTGOING, files=(LETTER,)))
    assert far.said("message") == []


def test_a_server_that_takes_no_files_says_so(far: Far) -> None:
    with pytest.raises(PermanentError, match="takes no files"):
        sending(far, Store()).send(dataclasses.replace(OUTGOING, files=(LETTER,)))
