"""A piece of HTML, as networks keep posts and comments, as the text that a person reads.

Mail, with its quotations and histories, has its own reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

_MOST_CHARS = 500_000
#: Elements whose content nobody sees.
_SKIPPED = frozenset(
    ["head", "script", "style", "template", "object", "svg", "math", "audio", "video", "iframe", "select"]
)
#: Elements that begin on a line of their own, and those with a blank line around them.
_BLOCKS = frozenset(
    ["address", "article", "aside", "body", "dd", "details", "div", "dt", "figcaption", "figure", "footer", "form",
     "header", "html", "li", "main", "nav", "section", "summary", "table", "tbody", "tfoot", "thead", "tr"]
)  # fmt: skip
_SPACED = frozenset(["blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "ul"])
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LONGEST_PICTOGRAM = 40  # ":slightly_smiling_face:"


def html_to_text(source: str, *, without: Callable[[Any], bool] | None = None) -> str:
    """The text without markup, its lines kept, its entities resolved. What is no HTML stays as it is; never fails.

    ``without`` says of an element whether it is left out, such as the words of others that a post quotes.
    """
    if "<" not in source and "&" not in source:
        return source.strip()
    root = _parsed(source[:_MOST_CHARS])
    if root is None:
        return ""
    writer = _Writer()
    skipped: Any = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if skipped is not None and not (event == "end" and element is skipped):
            continue
        if event == "start":
            skipped = element if element.tag in _SKIPPED or (without is not None and without(element)) else None
            if skipped is None:
                writer.open(element)
            continue
        if event == "end" and skipped is None:
            writer.close(element.tag)
        skipped = None
        if element.tail and element is not root:
            writer.write(element.tail)
    return writer.finished()


def _parsed(source: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", recover=True, huge_tree=False, no_network=True)
    content = source.replace("\x00", "").encode("utf-8", "replace")
    try:
        return html.document_fromstring(content, parser=parser) if content.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


class _Writer:
    """Lines with HTML's rules for white space."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._preformatted = 0
        self._wants_blank = False

    def open(self, element: Any) -> None:
        tag = element.tag
        self._separate(tag)
        if tag == "br":
            self._end_line(always=True)
        elif tag == "li":
            self.write("- ")
        elif tag in ("td", "th") and self._line:
            self.write(" ")
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "img" and _is_pictogram(element):
            self.write(element.get("alt"))
        if element.text and tag != "br":
            self.write(element.text)

    def close(self, tag: str) -> None:
        if tag == "pre":
            self._preformatted -= 1
        self._separate(tag)

    def write(self, text: str) -> None:
        if self._preformatted:
            first, *others = text.split("\n")
            self._add(first)
            for other in others:
                self._end_line(always=True)
                self._add(other)
            return
        text = _SPACES.sub(" ", text)
        self._add(text.lstrip(" ") if not self._line or self._line[-1].endswith(" ") else text)

    def finished(self) -> str:
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).replace("\u00a0", " ").strip()

    def _separate(self, tag: str) -> None:
        if tag in _BLOCKS or tag in _SPACED:
            self._end_line()
            self._wants_blank = self._wants_blank or tag in _SPACED

    def _add(self, text: str) -> None:
        if not text:
            return
        if self._wants_blank and self._lines and self._lines[-1]:
            self._lines.append("")
        self._wants_blank = False
        self._line.append(text)

    def _end_line(self, *, always: bool = False) -> None:
        content = "".join(self._line)
        self._line = []
        if content.strip() or always:
            self._lines.append(content.rstrip())


def _is_pictogram(element: Any) -> bool:
    """An emoji drawn as a picture, as forums and blogs do; not a photograph with its description."""
    alt = element.get("alt") or ""
    drawn = "emoji" in (element.get("class") or "") or "smiley" in (element.get("class") or "")
    is_sign = len(alt) <= 8 and not alt.isascii() and not any(letter.isalnum() for letter in alt)
    return bool(alt) and len(alt) <= _LONGEST_PICTOGRAM and (drawn or is_sign)
