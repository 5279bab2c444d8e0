"""Which elements of an HTML mail are quoted history, by the marks that mail programs leave on them."""

from __future__ import annotations

import re
from typing import Any, Literal

MAX_STYLE_CHARS = 2_000
_OUTLOOK_RULE = re.compile(
    r"border\s*:\s*none\s*;\s*border-top\s*:\s*solid\s+#?(?:[0-9a-z]+)\s+[\d.]+p[tx]", re.IGNORECASE
)
_CITED_STYLE = re.compile(r"border-left\s*:\s*(?:[^;]{0,80}?\b)?(?:solid|[1-9]\d*px)", re.IGNORECASE)
_HEADER_START = re.compile(r"\s*[^\W\d][^:<]{1,24}\s?:")
#: From here to the end of the mail.
_CUT_IDS = {
    "appendonsend",
    "divrplyfwdmsg",
    "mail-editor-reference-message-container",
    "outlookmessageheader",
    "stopspelling",
    "x_divrplyfwdmsg",
    "x_stopspelling",
}
_CUT_CLASSES = {
    "outlookmessageheader",
    "tutanota_quote",
    "yahoo_quoted",
    "ymail_android_quote",
    "zm_quote",
    "zmail_extra",
}
_CITE_CLASSES = {
    "blockquote",
    "cite",
    "gmail_quote",
    "mail_quote",
    "moz-cite",
    "protonmail_quote",
    "quote",
    "yahoo_quoted",
    "zimbra_quote",
}
_ATTRIBUTION_CLASSES = {"gmail_attr", "gmail_extra_attr", "moz-cite-prefix", "moz-email-headers-table"}


def history_mark(element: Any) -> Literal["cut", "attribution"] | None:
    """Whether history begins at this element, or the line that introduces a quotation."""
    names = element.get("class", "").lower().split()
    if element.get("id", "").lower() in _CUT_IDS or not _CUT_CLASSES.isdisjoint(names) or _is_outlook_rule(element):
        return "cut"
    return "attribution" if not _ATTRIBUTION_CLASSES.isdisjoint(names) else None


def is_cited(element: Any) -> bool:
    """A quotation of earlier mail; a blockquote that a person made by hand is theirs."""
    tag = element.tag
    if tag not in ("blockquote", "div"):
        return False
    names = set(element.get("class", "").lower().split())
    if tag == "div":
        return bool(names & {"protonmail_quote", "moz-forward-container"}) and not len(element.findall("blockquote"))
    if element.get("type", "").lower() == "cite" or element.get("cite") or names & _CITE_CLASSES:
        return True
    if _CITED_STYLE.search(element.get("style", "")[:MAX_STYLE_CHARS]) or any("quote" in name for name in names):
        return True
    return _follows_colon(element)


def _follows_colon(element: Any) -> bool:
    """A blockquote right under a line that ends in a colon is quoted mail, whoever wrote the program."""
    previous = element.getprevious()
    parent = element.getparent()
    before = (previous.tail or "") if previous is not None else (parent.text or "" if parent is not None else "")
    while previous is not None and not before.strip():
        if isinstance(previous.tag, str) and previous.tag != "br":
            before = _last_text(previous)
            break
        previous = previous.getprevious()
        if previous is not None:
            before = previous.tail or ""
        elif parent is not None:
            before = parent.text or ""
    return before.rstrip().endswith(":")


def _last_text(element: Any) -> str:
    """The text of a short line; nobody introduces a quotation with pages."""
    text = first_text(element, 2_000)
    return text if len(element) < 50 and len(text) < 2_000 else ""


def _is_outlook_rule(element: Any) -> bool:
    """Outlook draws a line above the headers of the mail it quotes."""
    style = element.get("style", "")[:MAX_STYLE_CHARS]
    if not style or element.tag != "div" or not _OUTLOOK_RULE.search(style):
        return False
    return bool(_HEADER_START.match(first_text(element, 200)))


def first_text(element: Any, chars: int) -> str:
    """The first characters inside an element, without reading all of what it holds."""
    pieces: list[str] = []
    for piece in element.itertext():
        pieces.append(piece)
        chars -= len(piece)
        if chars <= 0 or len(pieces) > 100:
            break
    return "".join(pieces)[: chars if chars < 0 else None]
