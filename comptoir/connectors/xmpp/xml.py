"""XML that strangers wrote, read without following what it refers to."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from comptoir.connectors.base import PayloadError

_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]{0,200}\?>")
_STREAM = re.compile(rb"</?stream:stream\b[^>]{0,2000}>")
_HEAD = b"<all xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"


def stanzas_of(body: bytes) -> list[Any]:
    """The stanzas of a text: one, several, or those of a recorded stream. Raises PayloadError."""
    plain = _STREAM.sub(b"", _DECLARATION.sub(b"", body.lstrip(b"\xef\xbb\xbf"))).replace(b"\x00", b"")
    if not plain.lstrip().startswith(b"<"):
        raise PayloadError("The body is not XML.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_HEAD + plain + b"</all>", parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PayloadError("The body is not XML: %(error)s.", error=str(error)[:200]) from error
    found = [one for one in root if isinstance(one.tag, str)]
    if not found:
        raise PayloadError("The body has no stanza.")
    return found


def one_element(text: str) -> Any:
    """One element that the server sent. Raises PayloadError."""
    return stanzas_of(text.encode("utf-8", "replace"))[0]


def as_text(element: Any) -> str:
    """An element as it is kept."""
    return str(etree.tostring(element, encoding="unicode"))
