"""Markdown: one heading an entry.

    # Où est mon colis ? {#ou-est-mon-colis}

    - language: fr
    - topics: livraison, suivi

    ## Phrasings

    - il est où mon colis

    ## Answer (fr)

    Bonjour {first_name}, …

Everything but the heading and a text under it may be missing: then the text is the answer, and the key is made of the
heading. Headings below the entries' that are none of ours belong to the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from comptoir.catalogue.content import Variant
from comptoir.catalogue.editing import key_from
from comptoir.catalogue.files.given import Given, Line, LineRefusedError, day_of, text_of, uses_of

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_KEY = re.compile(r"\s*\{#((?:(?!\{#).)+)\}$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_META = re.compile(r"^-\s+([a-z_]+):\s*(.*)$")
_ANSWER = re.compile(r"^(?:answer|réponse|reponse)\s*(?:\(([^)]*)\))?$", re.IGNORECASE)
_PHRASINGS = re.compile(r"^(?:phrasings|formulations)$", re.IGNORECASE)
_FIELDS = {"language", "topics", "brand", "uses", "valid_from", "valid_until", "owner", "review_on"}
#: A line of an answer that would be read as structure has a backslash before it.
_STRUCTURE = re.compile(r"^(?=\\*[ \t]*(?:#{1,6}\s|```|~~~))", re.MULTILINE)
_ESCAPED = re.compile(r"^\\(?=\\*[ \t]*(?:#{1,6}\s|```|~~~))", re.MULTILINE)
_BULLET = re.compile(r"^\s*[-*+]\s+")


@dataclass
class _Part:
    """What stands under one heading."""

    number: int
    title: str
    lines: list[str] = field(default_factory=list)


def read(text: str) -> Iterator[Line]:
    """One line for each heading of the entries' level."""
    lines = text.replace("\r\n", "\n").split("\n")
    level = _level(lines)
    if level is None:
        yield Line(1, None, _("There is no heading in this file: each entry begins with “# its question”."))
        return
    for part in _parts(lines, level):
        if not part.title:
            if any(one.strip() for one in part.lines):
                yield Line(part.number, None, _("This stands before the first heading."), _start(part.lines))
            continue
        yield _line(part, level)


def _start(lines: Sequence[str]) -> str:
    return next((one for one in lines if one.strip()), "")[:120]


def _headings(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Place, level and words of each heading; what is fenced has none."""
    is_fenced = False
    for place, line in enumerate(lines):
        if _FENCE.match(line):
            is_fenced = not is_fenced
        found = None if is_fenced else _HEADING.match(line)
        if found:
            yield place, len(found[1]), found[2]


def _level(lines: Sequence[str]) -> int | None:
    """The entries' level: the highest of several headings; a single one above the others is the file's title."""
    levels = [level for _place, level, _title in _headings(lines)]
    if not levels:
        return None
    highest = min(levels)
    marked = [level for _place, level, title in _headings(lines) if _KEY.search(title)]
    if marked:
        return min(marked)
    ours = [title for _place, level, title in _headings(lines) if level > highest]
    are_parts = all(_ANSWER.match(title) or _PHRASINGS.match(title) for title in ours)
    return highest if levels.count(highest) > 1 or are_parts else min(level for level in levels if level > highest)


def _parts(lines: Sequence[str], level: int) -> Iterator[_Part]:
    heads = {place: title for place, found, title in _headings(lines) if found == level}
    part = _Part(1, "")
    for place, line in enumerate(lines):
        if place in heads:
            yield part
            part = _Part(place + 1, heads[place])
        elif _above(line, level):
            continue
        else:
            part.lines.append(line)
    yield part


def _above(line: str, level: int) -> bool:
    """A chapter's title: the entries under it have their own."""
    found = _HEADING.match(line)
    return bool(found and len(found[1]) < level)


def _line(part: _Part, level: int) -> Line:
    marked = _KEY.search(part.title)
    question = _KEY.sub("", part.title)
    try:
        fields = {"question": question, **_fields(part, level)}
        return Line(part.number, Given(marked[1] if marked else key_from(question), fields), shown=question[:120])
    except LineRefusedError as error:
        return Line(part.number, None, str(error), question[:120])


def _fields(part: _Part, level: int) -> dict[str, Any]:
    sections = list(_sections(part.lines, level))
    fields = _meta(sections[0].lines)
    variants: list[Variant] = []
    rest = list(sections[0].lines)
    for section in sections[1:]:
        if _PHRASINGS.match(section.title):
            said = [_BULLET.sub("", one).strip() for one in section.lines]
            fields["phrasings"] = tuple(one for one in said if one)
        elif found := _ANSWER.match(section.title):
            variants.append(_variant(found[1] or "", "\n".join(section.lines), fields.get("language", "")))
        else:
            rest += ["#" * (level + 1) + f" {section.title}", *section.lines]
    if variants:
        fields["variants"] = tuple(variants)
    else:
        fields["answer"] = text_of("\n".join(rest), _("answer"))
    return fields


def _sections(lines: Sequence[str], level: int) -> Iterator[_Part]:
    heads = {place: title for place, _found, title in _headings(lines)}
    section = _Part(0, "")
    for place, line in enumerate(lines):
        title = heads.get(place, "")
        if title and (_ANSWER.match(title) or _PHRASINGS.match(title)):
            yield section
            section = _Part(place, title)
        else:
            section.lines.append(line)
    yield section


def _meta(lines: list[str]) -> dict[str, Any]:
    """The fields at the top, which are taken out of ``lines``."""
    fields: dict[str, Any] = {}
    while lines and (not lines[0].strip() or ((found := _META.match(lines[0])) and found[1] in _FIELDS)):
        line = lines.pop(0)
        if not line.strip():
            if fields:
                break
            continue
        found = _META.match(line)
        assert found is not None
        fields |= _field(found[1], found[2].strip())
    return fields


def _field(name: str, written: str) -> dict[str, Any]:
    if name == "uses":
        return {"uses": uses_of(written)}
    if name == "topics":
        return {"topics": tuple(one.strip() for one in written.split(",") if one.strip())}
    if name in ("valid_from", "valid_until"):
        return {f"{name}_on": day_of(written, name)}
    return {name: day_of(written, name) if name == "review_on" else written}


def _variant(said: str, text: str, language: str) -> Variant:
    """« fr, email, formal, public » in any order: the first that is none of the others is the language or channel."""
    words = [one.strip() for one in said.split(",") if one.strip()]
    link = next((one for one in words if one.startswith(("https://", "http://"))), "")
    words = [one.lower() for one in words if one != link]
    register = next((one for one in words if one in ("formal", "familiar")), "")
    visibility = next((one for one in words if one in ("public", "private")), "")
    others = [one for one in words if one not in (register, visibility)]
    code = others.pop(0) if others and len(others[0]) == 2 else language
    channel = others[0] if others else ""
    answer, written = text_of(_ESCAPED.sub("", text), "answer"), text_of(code, "language")
    return Variant(answer, written, channel, register, visibility, link=_unescaped_link(link))


def write(entries: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Key and fields (as `json_lines` names them) of each entry."""
    for key, one in entries:
        yield f"# {one['question']} {{#{key}}}\n\n"
        for name in ("language", "topics", "brand", "uses", "valid_from", "valid_until", "owner", "review_on"):
            said = one.get(name)
            if said:
                yield f"- {name}: {', '.join(said) if isinstance(said, list) else said}\n"
        yield "\n## Phrasings\n\n" + "".join(f"- {text}\n" for text in one["phrasings"])
        for answer in one["answers"]:
            words = [answer["language"], *(answer.get(name, "") for name in ("channel", "register", "visibility"))]
            words.append(_escaped_link(answer.get("link", "")))
            yield f"\n## Answer ({', '.join(word for word in words if word)})\n\n{_escaped(answer['text'])}\n"
        yield "\n"


def _escaped(text: str) -> str:
    return _STRUCTURE.sub(r"\\", text)


#: What would end a heading's parentheses, or part them, inside a link.
_IN_LINKS: dict[str, str | int | None] = {",": "%2C", "(": "%28", ")": "%29"}


def _escaped_link(link: str) -> str:
    return link.translate(str.maketrans(_IN_LINKS))


def _unescaped_link(link: str) -> str:
    for sign, code in _IN_LINKS.items():
        link = link.replace(str(code), sign)
    return link
