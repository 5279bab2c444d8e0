"""A session with the account's server: XMPP over WebSocket (RFC 7395), signed in with SASL PLAIN over TLS."""

from __future__ import annotations

import base64
import contextlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

import httpx

from comptoir.connectors.base import AuthError, PayloadError, PermanentError, TransientError
from comptoir.connectors.shared.websocket import ClosedError, RefusedHandshakeError, WebSocket, connected
from comptoir.connectors.xmpp.names import BIND, CLIENT, FRAMING, PING, SASL, bare
from comptoir.connectors.xmpp.xml import one_element

_PATIENCE_S = 15.0
LOOPBACK = frozenset(["localhost", "127.0.0.1", "::1"])


class CutError(Exception):
    """The session broke off."""


@dataclass(slots=True)
class Session:
    """An open session. Made by `opened`. ``room_passwords``: of the rooms that want one, by their addresses."""

    socket: WebSocket
    jid: str
    room_passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    _number: int = 0
    _kept: deque[Any] = field(default_factory=deque)

    def receive(self, patience_s: float = _PATIENCE_S) -> Any:
        """The next stanza, None where none came in time. Raises CutError."""
        return self._kept.popleft() if self._kept else self._read(patience_s)

    def keep(self, stanzas: Iterable[Any]) -> None:
        """Have stanzas that came meanwhile received later."""
        self._kept.extend(stanzas)

    def _read(self, patience_s: float = _PATIENCE_S) -> Any:
        try:
            said = self.socket.receive(patience_s)
        except (ClosedError, httpx.TransportError) as error:
            raise CutError(type(error).__name__) from error
        if said is None or not said.strip():
            return None
        try:
            element = one_element(said)
        except PayloadError:
            return None
        if element.tag == f"{{{FRAMING}}}close" or element.tag.endswith("}error"):
            raise CutError("closed")
        return element

    def send(self, stanza: str) -> None:
        """Send one stanza. Raises CutError."""
        try:
            self.socket.send(stanza)
        except httpx.TransportError as error:
            raise CutError(type(error).__name__) from error

    def ask(self, kind: str, content: str, *, to: str = "") -> tuple[Any, list[Any]]:
        """Ask by an iq; its answer, and the stanzas that came before it. Raises CutError."""
        self._number += 1
        identifier = f"ask{self._number}"
        addressed = f" to={quoteattr(to)}" if to else ""
        self.send(f"<iq xmlns='{CLIENT}' type='{kind}' id='{identifier}'{addressed}>{content}</iq>")
        before: list[Any] = []
        while (stanza := self._read()) is not None:
            if stanza.tag == f"{{{CLIENT}}}iq" and stanza.get("id") == identifier:
                return stanza, before
            before.append(stanza)
        raise CutError("no answer")

    def flush(self) -> list[Any]:
        """Wait until the server has taken all that was sent, in order; what it said meanwhile. Raises CutError."""
        return self.ask("get", f"<ping xmlns='{PING}'/>", to=self.jid.partition("@")[2].partition("/")[0])[1]


@contextlib.contextmanager
def opened(
    credentials: Mapping[str, str], http: httpx.Client, room_passwords: Mapping[str, str] | None = None
) -> Iterator[Session]:
    """Sign in. Raises AuthError, PermanentError and TransientError; CutError once the session is open."""
    jid, password = bare(credentials.get("jid", "").strip()), credentials.get("password", "")
    url = _address(credentials, jid)
    if not jid or "@" not in jid or not password:
        raise AuthError("Enter the account's address, such as brand@example.org, and its password.")
    try:
        with connected(http, url, headers={"Sec-WebSocket-Protocol": "xmpp"}) as socket:
            session = Session(socket, jid, room_passwords or {})
            try:
                _sign_in(session, jid, password)
            except CutError as error:
                raise TransientError("The XMPP server broke off the sign-in (%(error)s).", error=str(error)) from error
            yield session
            with contextlib.suppress(CutError):
                session.send(f"<close xmlns='{FRAMING}'/>")
    except RefusedHandshakeError as error:
        if 400 <= error.status < 500:
            raise PermanentError(
                "No XMPP server answers at %(url)s: correct the address of its WebSocket.", url=url
            ) from error
        raise TransientError("The XMPP server failed (HTTP %(status)s).", status=error.status) from error
    except (httpx.TransportError, ClosedError) as error:
        raise TransientError("The XMPP server could not be reached (%(error)s).", error=type(error).__name__) from error


def _address(credentials: Mapping[str, str], jid: str | None) -> str:
    """Where the server's WebSocket is; the password goes only over TLS, or to this very machine."""
    domain = (jid or "").partition("@")[2]
    url = credentials.get("websocket_url", "").strip() or f"wss://{domain}:5281/xmpp-websocket"
    parts = urlsplit(url)
    if parts.scheme not in ("wss", "https") and parts.hostname not in LOOPBACK:
        raise PermanentError("The address of the XMPP server must begin with wss://: the password goes over it.")
    return url


def _sign_in(session: Session, jid: str, password: str) -> None:
    user, _at, domain = jid.partition("@")
    features = _greet(session, domain)
    offered = [one.text for one in features.iter(f"{{{SASL}}}mechanism")]
    if "PLAIN" not in offered:
        raise PermanentError("The XMPP server offers no sign-in by password (PLAIN).")
    given = base64.b64encode(f"\x00{user}\x00{password}".encode()).decode()
    session.send(f"<auth xmlns='{SASL}' mechanism='PLAIN'>{given}</auth>")
    answer = session.receive()
    if answer is None or answer.tag != f"{{{SASL}}}success":
        raise AuthError("The XMPP server does not accept this address and password.")
    _greet(session, domain)
    device = f"comptoir-{os.urandom(6).hex()}"
    bound, _before = session.ask("set", f"<bind xmlns='{BIND}'><resource>{escape(device)}</resource></bind>")
    found = bound.find(f"{{{BIND}}}bind/{{{BIND}}}jid")
    if found is None or not found.text:
        raise PermanentError("The XMPP server lets this account open no session.")
    session.jid = str(found.text)


def _greet(session: Session, domain: str) -> Any:
    """Open the stream, or open it anew; the server's features."""
    session.send(f"<open xmlns='{FRAMING}' to={quoteattr(domain)} version='1.0'/>")
    for _stanza in range(2):
        said = session.receive()
        if said is not None and said.tag.endswith("}features"):
            return said
    raise CutError("no features")
