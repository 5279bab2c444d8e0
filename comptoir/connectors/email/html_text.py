"""HTML mail as the text a person reads, its quotations marked the way plain text marks them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

from comptoir.connectors.email.html_history import MAX_STYLE_CHARS, first_text, history_mark, is_cited
from comptoir.connectors.email.reply_words import ATTRIBUTION_MARK, CUT_MARK

MAX_HTML_CHARS = 2_000_000
MAX_TEXT_CHARS = 400_000
MAX_QUOTE_DEPTH = 50

#: Elements whose content nobody sees.
_SKIPPED = frozenset(
    """head style script title meta link template object embed svg math map audio video iframe select option datalist
    noframes""".split()  # noqa: SIM905 - a list of sixty quoted words reads worse
)
_BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody tfoot thead tr
    ul""".split()  # noqa: SIM905 - likewise
)
#: Blocks with a blank line around them.
_SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "dl"])
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:\.\d+)?(?:px|pt|em|%)?\s*(?:;|!|$)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_NO_MARGIN = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0", re.IGNORECASE)
_SPACE_RUN = re.compile(r"[ \t\r\n\f]+")


_NOTHING = " \n>" + CUT_MARK + ATTRIBUTION_MARK


class _Writer:
    """Text with HTML's rules for white space, and a ``> `` before each line of a quotation."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.depth = 0
        self.preformatted = 0
        self.blank_depth: int | None = None
        self.size = 0

    def text(self, text: str) -> None:
        if self.preformatted:
            first, *others = text.split("\n")
            self._add(first)
            for other in others:
                self.end_line(always=True)
                self._add(other)
            return
        text = _SPACE_RUN.sub(" ", text)
        if not self.line or self.line[-1].endswith((" ", "\t")):
            text = text.lstrip(" ")
        self._add(text)

    def _add(self, text: str) -> None:
        if not text:
            return
        if self.blank_depth is not None:
            if self.lines and self.lines[-1].strip("> "):
                self.lines.append(_prefix(min(self.blank_depth, self.depth)).rstrip())
            self.blank_depth = None
        self.line.append(text)
        self.size += len(text)

    def mark(self, mark: str) -> None:
        self._add(mark)

    def want_blank(self) -> None:
        """A blank line before whatever comes next, quoted only if both sides are."""
        self.blank_depth = self.depth if self.blank_depth is None else min(self.blank_depth, self.depth)

    def end_line(self, *, always: bool = False) -> None:
        content = "".join(self.line).rstrip(" \t")
        self.line = []
        if content or always:
            content = content if self.preformatted else content.lstrip("\u00a0 ")
            self.lines.append((_prefix(self.depth) + content).rstrip())

    def finished(self) -> str:
        self.end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n").replace("\u00a0", " ")


def _prefix(depth: int) -> str:
    return ">" * min(depth, MAX_QUOTE_DEPTH) + " " if depth else ""


def html_to_text(source: str, *, with_image_texts: bool = False) -> str:
    """The text, with marks where history begins (see `quotes.split_reply`). Never fails on any input."""
    root = _parsed(source[:MAX_HTML_CHARS])
    if root is None:
        return ""
    text = _written(root, with_image_texts).finished()
    if not with_image_texts and "alt=" in source and not text.strip(_NOTHING):
        return html_to_text(source, with_image_texts=True)
    return text


def _written(root: Any, with_image_texts: bool) -> _Writer:
    writer = _Writer()
    skipped: Any = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if skipped is not None:
            if event != "end" or element is not skipped:
                continue
            skipped = None
        elif event == "start":
            if _is_skipped(element):
                skipped = element
            else:
                _open(writer, element, with_image_texts)
            continue
        elif event == "end":
            _close(writer, element)
        if element.tail and element is not root:
            writer.text(element.tail)
        if writer.size > MAX_TEXT_CHARS:
            break
    return writer


def _parsed(source: str) -> Any:
    source = source.replace("\x00", "")
    if not source.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", recover=True, huge_tree=True, no_network=True, remove_blank_text=False)
    try:
        return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _is_skipped(element: Any) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or tag in _SKIPPED:
        return True
    attributes: Mapping[str, str] = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return bool(style) and bool(_HIDDEN_STYLE.search((style or "")[:MAX_STYLE_CHARS])) and tag not in ("html", "body")


def _open(writer: _Writer, element: Any, with_image_texts: bool) -> None:
    tag = element.tag
    if tag in _BLOCKS:
        writer.end_line()
        if tag in _SPACED and not _is_tight(element):
            writer.want_blank()
    if element.attrib:
        _mark_history(writer, element)
    if tag == "img":
        _write_image(writer, element, with_image_texts)
    else:
        _begin(writer, element, tag)
    if is_cited(element):
        writer.end_line()
        writer.depth += 1
    if element.text and tag not in ("br", "img"):
        writer.text(element.text)


def _begin(writer: _Writer, element: Any, tag: str) -> None:
    """What an element itself puts on the page."""
    if tag == "br":
        writer.end_line(always=True)
    elif tag == "li":
        writer.text(_bullet(element))
    elif tag in ("td", "th") and writer.line:
        writer.text(" ")
    elif tag == "pre":
        writer.preformatted += 1


def _mark_history(writer: _Writer, element: Any) -> None:
    mark = history_mark(element)
    if mark is None:
        return
    writer.end_line()
    writer.mark(CUT_MARK if mark == "cut" else ATTRIBUTION_MARK)
    if mark == "cut":
        writer.end_line()


def _close(writer: _Writer, element: Any) -> None:
    tag = element.tag
    if tag == "a":
        _write_address(writer, element)
    if tag == "pre":
        writer.preformatted -= 1
    if is_cited(element):
        writer.end_line()
        writer.depth = max(0, writer.depth - 1)
    if tag in _BLOCKS:
        writer.end_line()
        if tag in _SPACED and not _is_tight(element):
            writer.want_blank()


def _is_tight(element: Any) -> bool:
    """Paragraphs that are drawn without space around them, as Outlook's are."""
    if element.tag in ("ul", "ol"):
        parent = element.getparent()
        return parent is not None and parent.tag == "li"
    return "mso" in element.get("class", "").lower() or bool(
        _NO_MARGIN.search(element.get("style", "")[:MAX_STYLE_CHARS])
    )


def _bullet(element: Any) -> str:
    parent = element.getparent()
    if parent is not None and parent.tag == "ol":
        position = sum(1 for _ in element.itersiblings("li", preceding=True)) + 1 if len(parent) < 500 else 0
        return f"{position}. " if position else "- "
    return "- "


def _write_address(writer: _Writer, element: Any) -> None:
    """A link's target behind its text, where the text does not say it."""
    target = element.get("href", "").strip()
    if not target.lower().startswith(("http://", "https://")) or len(target) > 500:
        return
    shown = first_text(element, 2_000).strip()
    bare = re.sub(r"^https?://(?:www\.)?|/$", "", target, flags=re.IGNORECASE)
    if (
        shown
        and bare.split("?")[0].lower() not in shown.lower()
        and not shown.lower().startswith(("http://", "https://", "www."))
    ):
        writer.text(f" ({target})")


def _write_image(writer: _Writer, element: Any, with_image_texts: bool) -> None:
    alt = element.get("alt", "").strip()
    if alt and len(alt) <= 8 and not alt.isascii() and not any(char.isalnum() for char in alt):
        writer.text(alt)  # an emoji drawn as a picture
    elif alt and with_image_texts:
        writer.text(f"[{alt}] ")
