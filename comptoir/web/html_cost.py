"""Whether a stranger's HTML is cheap enough to be cleaned: parsers take quadratic time on some of it.

One linear pass that never thinks a page shallower than the parser will: a tag closes only the one opened last, and
what is read differently in one place than in another is taken for the worst.
"""

from __future__ import annotations

import re

MOST_CHARS = 1_000_000
MOST_DEPTH = 1_000
MOST_ATTRIBUTES = 500
#: The sum, over all tags, of how deep each is: what the parser's searches upwards come to.
_MOST_STEPS = 2_000_000
_SMALL = 2_000
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_CLOSED_BY_THEIR_LIKE = frozenset({"p", "li", "dd", "dt"})
_RAW = frozenset({"style", "script", "title", "textarea"})
#: Whether a parser reads tags within or after these depends on where they stand.
_AMBIGUOUS = re.compile(
    r"<(?:svg|math|select|template|noscript|xmp|iframe|noembed|noframes|frameset|plaintext|!\[CDATA\[)", re.IGNORECASE
)
_MARK = re.compile(r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|[!?]|/[^a-zA-Z>]|(/?)([a-zA-Z][^ \t\n\f\r/>]*))", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"[ \t\n\f\r/]*+[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    r"""(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"[^"]*+"|'[^']*+'|(?=>)|[^ \t\n\f\r>"'][^ \t\n\f\r>]*+))?"""
)
_TAG_END = re.compile(r"[ \t\n\f\r/]*+>")


def is_too_costly(html: str) -> bool:
    """Whether cleaning it could take seconds."""
    if len(html) > MOST_CHARS or (html.count("<") > _SMALL and _AMBIGUOUS.search(html)):
        return True
    opened: list[str] = []
    at = steps = 0
    while mark := _MARK.search(html, at):
        at, name = mark.end(), (mark[2] or "").lower()
        if not name:
            at = at if mark[0].startswith("<!--") else html.find(">", at - 1) + 1 or len(html)
            continue
        end = _end_of_tag(html, at)
        if end is None:
            return True
        if end == len(html) + 1:
            break
        at = end
        if name in _RAW and not mark[1]:
            at = _end_of_raw(html, name, at)
            continue
        _step(opened, name, closes=bool(mark[1]))
        steps += len(opened)
        if len(opened) > MOST_DEPTH or steps > _MOST_STEPS:
            return True
    return False


def _end_of_tag(html: str, at: int) -> int | None:
    """Where the tag whose name ends ``at`` ends; beyond the text when it never does, None with too many attributes."""
    for _attribute in range(MOST_ATTRIBUTES):
        end = _TAG_END.match(html, at)
        if end:
            return end.end()
        attribute = _ATTRIBUTE.match(html, at)
        if attribute is None:
            return len(html) + 1
        at = attribute.end()
    return None


def _end_of_raw(html: str, name: str, at: int) -> int:
    end = re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE).search(html, at)
    return end.start() if end else len(html)


def _step(opened: list[str], name: str, *, closes: bool) -> None:
    """Take one tag into account."""
    if not closes:
        is_next = bool(opened) and opened[-1] == name and name in _CLOSED_BY_THEIR_LIKE
        if name not in _VOID and not is_next:
            opened.append(name)
        return
    while opened and opened[-1] != name and opened[-1] in _CLOSED_BY_THEIR_LIKE and opened[-2:-1] == [name]:
        opened.pop()
    if opened and opened[-1] == name:
        opened.pop()
