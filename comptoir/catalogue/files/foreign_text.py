"""Texts of other programs: their HTML as text, their placeholders as ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

from comptoir.catalogue.files.given import LineRefusedError, storable
from comptoir.connectors.shared.html_text import html_to_text

#: What each program writes for what we fill in. Zendesk's and Chatwoot's are Liquid, Zammad's are its own.
_OURS: Mapping[str, str] = {
    "ticket.requester.first_name": "first_name",
    "ticket.requester.name": "name",
    "current_user.name": "agent_name",
    "current_user.first_name": "agent_name",
    "ticket.brand.name": "brand",
    "contact.first_name": "first_name",
    "contact.name": "name",
    "agent.name": "agent_name",
    "agent.first_name": "agent_name",
    "ticket.customer.firstname": "first_name",
    "ticket.customer.fullname": "name",
    "user.firstname": "agent_name",
    "user.fullname": "agent_name",
}
_THEIRS = re.compile(r"\{\{\s*([^{}|]+?)\s*(?:\|[^{}]*)?\}\}|#\{\s*([^{}]+?)\s*\}")
_TAG = re.compile(r"<[a-zA-Z!/][^>]*>")
_MOST_CHARS = 500_000


def our_text(written: str) -> str:
    """Plain text with our placeholders; what a link leads to stands behind its words. Raises LineRefusedError."""
    text = storable(written)
    plain = html_to_text(_with_addresses(text)) if _TAG.search(text) else text.strip()
    return _THEIRS.sub(_ours, plain)


def _ours(found: re.Match[str]) -> str:
    name = (found[1] or found[2]).strip()
    if name not in _OURS:
        told = _("It is filled in with “%(name)s”, which we do not know: write in the file what stands there.")
        raise LineRefusedError(told % {"name": name[:80]})
    return f"{{{_OURS[name]}}}"


def _with_addresses(source: str) -> str:
    """Each link's address behind its words, where they are not the address itself."""
    try:
        root = html.fragment_fromstring(source[:_MOST_CHARS], create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return source
    for link in root.iter("a"):
        address = link.get("href") or ""
        said = link.text_content().strip()
        if address.startswith(("http://", "https://", "mailto:")) and said and said not in address:
            link.tail = f" ({address.removeprefix('mailto:')}){link.tail or ''}"
    return str(etree.tostring(root, encoding="unicode", method="html"))
