"""Files of a reply: put where the account's server lets its people put them, and said by their address.

Source: XEP-0363 (HTTP File Upload), XEP-0066 (the address beside the text), XEP-0030 (who offers it).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

import httpx

from comptoir.connectors.base import OutgoingFile, PermanentError, TransientError
from comptoir.connectors.shared.calling import Network
from comptoir.connectors.xmpp.discovery import features_of
from comptoir.connectors.xmpp.names import CLIENT, DISCO_ITEMS, OOB, UPLOAD
from comptoir.connectors.xmpp.session import LOOPBACK, Session
from comptoir.core.reasons import Reason

MAX_FILES, MAX_FILE_BYTES = 10, 10 * 1024 * 1024
_MOST_SERVICES = 20
#: The only headers that a slot may ask to be sent with the file.
_HEADERS = frozenset(["authorization", "cookie", "expires"])


def addresses_of(session: Session, http: httpx.Client, files: tuple[OutgoingFile, ...]) -> list[str]:
    """Where each file can be fetched, once all are put there: nothing was said yet where one of them is refused.

    Raises PermanentError, TransientError and CutError.
    """
    service = _service(session)
    return [_put(session, http, service, file) for file in files]


def said(address: str) -> str:
    """What a message holds for a file: its address, which clients show as the file it is."""
    return f"<body>{escape(address)}</body><x xmlns='{OOB}'><url>{escape(address)}</url></x>"


def _service(session: Session) -> str:
    domain = session.jid.partition("@")[2].partition("/")[0]
    listed, _before = session.ask("get", f"<query xmlns='{DISCO_ITEMS}'/>", to=domain)
    items = listed.findall(f"{{{DISCO_ITEMS}}}query/{{{DISCO_ITEMS}}}item")
    for place in [domain, *(item.get("jid") or "" for item in items[:_MOST_SERVICES])]:
        if place and UPLOAD in features_of(session, place):
            return place
    raise PermanentError("The XMPP server takes no files (HTTP File Upload, XEP-0363): send the text alone.")


def _put(session: Session, http: httpx.Client, service: str, file: OutgoingFile) -> str:
    asked = (
        f"<request xmlns='{UPLOAD}' filename={quoteattr(file.name)} size='{len(file.content)}' "
        f"content-type={quoteattr(file.mime_type)}/>"
    )
    answer, _before = session.ask("get", asked, to=service)
    put, get = answer.find(f"{{{UPLOAD}}}slot/{{{UPLOAD}}}put"), answer.find(f"{{{UPLOAD}}}slot/{{{UPLOAD}}}get")
    if put is None or get is None:
        raise _refused(answer, file)
    headers = {one.get("name") or "": (one.text or "").replace("\n", "") for one in put.iter(f"{{{UPLOAD}}}header")}
    kept = {name: text for name, text in headers.items() if name.lower() in _HEADERS}
    Network(Reason("The XMPP server"), http).call(
        "PUT",
        _reachable(put.get("url")),
        content=file.content,
        headers={**kept, "Content-Type": file.mime_type},
        repeatable=True,  # what nobody was told of is fetched by nobody
    )
    return _reachable(get.get("url"))


def _reachable(url: str | None) -> str:
    """An address over TLS, or of this very machine."""
    parts = urlsplit(url or "")
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url or ""
    raise PermanentError("The XMPP server takes files without TLS only: send the text alone.")


def _refused(answer: Any, file: OutgoingFile) -> PermanentError | TransientError:
    error = answer.find(f"{{{CLIENT}}}error")
    if error is not None and error.get("type") == "wait":
        return TransientError("The XMPP server takes no more files for a while.")
    return PermanentError(
        "The XMPP server does not take “%(name)s”: it is too large, or of a kind it refuses.", name=file.name
    )
