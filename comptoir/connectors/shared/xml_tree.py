"""XML that strangers wrote: parsed without entities of their own, without the network, without trees that never end."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from comptoir.connectors.base import PayloadError
from comptoir.core.reasons import Reason

_MOST_BYTES = 10 * 1024 * 1024
_BLANKS = re.compile(rb"\A\s+(?=<)")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")


def parse_xml(body: bytes) -> Any:
    """The root element; what is slightly wrong is mended. Raises PayloadError where it is no XML at all.

    Entities that a document declares itself are not resolved, files and addresses that it names are not fetched.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_pis=True,
        remove_comments=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(_mended(body[:_MOST_BYTES]), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise PayloadError("The body is not XML: %(error)s.", error=str(error)[:200].rstrip(".")) from error
    if root is None:
        raise PayloadError("The body is not XML: %(error)s.", error=Reason("it has no element"))
    return root


def _mended(body: bytes) -> bytes:
    """Without blanks before the declaration; letters of Windows where UTF-8 is claimed, or meant, and is not."""
    start = _BLANKS.sub(b"", body[:1000], count=1)
    body = start + body[1000:]
    declared = _ENCODING.search(start[:200])
    if not start.startswith(b"<") or (declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")):
        return body
    try:
        body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace").encode()
    return body


def local_name(element: Any) -> str:
    """The name of an element without its namespace, declared or not; empty for what is no element."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1] if isinstance(tag, str) else ""


def namespace(element: Any) -> str:
    """The namespace of an element; empty where it has none."""
    tag = element.tag
    return tag[1:].split("}", 1)[0] if isinstance(tag, str) and tag.startswith("{") else ""
