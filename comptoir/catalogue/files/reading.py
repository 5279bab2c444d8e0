"""Reading a file of answers, whichever program wrote it; a bad line is told of and the others are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.catalogue.files import foreign, json_lines, markdown, tables
from comptoir.catalogue.files.given import Given, Line, LineRefusedError, Reading

#: What can be read, and what it is called.
SOURCES = {
    "jsonl": gettext_lazy("JSON lines"),
    "csv": gettext_lazy("CSV"),
    "markdown": gettext_lazy("Markdown"),
    "zendesk": gettext_lazy("Zendesk"),
    "chatwoot": gettext_lazy("Chatwoot"),
    "zammad": gettext_lazy("Zammad"),
}
_LARGEST_BYTES = 50 * 1024 * 1024


def read_file(content: bytes, *, name: str) -> Reading:
    """Its lines; twice the same key is told of at the second. Raises LineRefusedError where nothing can be read."""
    if len(content) > _LARGEST_BYTES:
        raise LineRefusedError(_("This file is larger than 50 MB: bring it in in parts."))
    text = _decoded(content)
    if not text.strip():
        raise LineRefusedError(_("There is nothing in this file."))
    source, lines = _read(text, name.lower())
    return Reading(source, list(_once(lines)))


def _decoded(content: bytes) -> str:
    """UTF-8, or what a French Windows writes."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")


def _read(text: str, name: str) -> tuple[str, Iterator[Line]]:
    start = text.lstrip()[:1]
    if start in "{[" and not name.endswith((".md", ".csv")):
        return _json(text)
    if name.endswith((".md", ".markdown")) or (start == "#" and not name.endswith((".csv", ".tsv"))):
        return "markdown", markdown.read(text)
    return _table(text)


def _json(text: str) -> tuple[str, Iterator[Line]]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return "jsonl", json_lines.read(text)
    if isinstance(whole, dict):
        return _json_object(whole)
    items = [one for one in whole if isinstance(one, dict)]
    return _json_list(items) if items and len(items) == len(whole) else ("jsonl", json_lines.read(text))


def _json_object(whole: Mapping[str, Any]) -> tuple[str, Iterator[Line]]:
    for name, read in (("articles", _zendesk_articles), ("macros", _zendesk_macros), ("payload", _chatwoot)):
        if isinstance(whole.get(name), list):
            return read([one for one in whole[name] if isinstance(one, dict)])
    assets = whole.get("assets") if isinstance(whole.get("assets"), dict) else whole
    assert isinstance(assets, Mapping)
    if isinstance(assets.get("KnowledgeBaseAnswerTranslation"), dict):
        return "zammad", foreign.zammad_knowledge(assets)
    if isinstance(assets.get("TextModule"), dict):
        return _zammad_modules([one for one in assets["TextModule"].values() if isinstance(one, dict)])
    return "jsonl", iter([json_lines.line_of(1, whole)])


def _json_list(items: Sequence[Mapping[str, Any]]) -> tuple[str, Iterator[Line]]:
    first = items[0]
    if "short_code" in first:
        return _chatwoot(items)
    if "actions" in first:
        return _zendesk_macros(items)
    if "body" in first and "title" in first:
        return _zendesk_articles(items)
    if "content" in first and "title" in first:
        return _chatwoot(items)
    if "content" in first and "name" in first:
        return _zammad_modules(items)
    return "jsonl", (json_lines.line_of(number, one) for number, one in enumerate(items, start=1))


def _zendesk_articles(items: Sequence[Mapping[str, Any]]) -> tuple[str, Iterator[Line]]:
    return "zendesk", foreign.zendesk_articles(items)


def _zendesk_macros(items: Sequence[Mapping[str, Any]]) -> tuple[str, Iterator[Line]]:
    return "zendesk", foreign.lines_from(enumerate(items, start=1), foreign.zendesk_macro, "title")


def _chatwoot(items: Sequence[Mapping[str, Any]]) -> tuple[str, Iterator[Line]]:
    def given(item: Mapping[str, Any]) -> Given:
        return foreign.chatwoot_canned(item) if "short_code" in item else foreign.chatwoot_article(item)

    name = "short_code" if items and "short_code" in items[0] else "title"
    return "chatwoot", foreign.lines_from(enumerate(items, start=1), given, name)


def _zammad_modules(items: Sequence[Mapping[str, Any]]) -> tuple[str, Iterator[Line]]:
    return "zammad", foreign.lines_from(enumerate(items, start=1), foreign.zammad_module, "name")


def _table(text: str) -> tuple[str, Iterator[Line]]:
    rows = tables.rows_of(text)
    columns = set(rows[0][1]) if rows else set()
    if {"key", "question", "answer"} <= columns:
        return "csv", tables.read(rows)
    ways: Sequence[tuple[set[str], str, Callable[[Mapping[str, Any]], Given], str]] = (
        ({"short_code", "content"}, "chatwoot", foreign.chatwoot_canned, "short_code"),
        ({"name", "keywords", "content"}, "zammad", foreign.zammad_module, "name"),
    )
    for needed, source, given, name in ways:
        if needed <= columns:
            return source, foreign.lines_from(rows, given, name)
    if columns & set(foreign.TITLES) and columns & set(foreign.TEXTS):
        name = next(one for one in foreign.TITLES if one in columns)
        return "csv", foreign.lines_from(rows, foreign.titled, name)
    raise LineRefusedError(
        _("No column of this table holds questions and answers: name them “question” and “answer” (and “key”).")
    )


def _once(lines: Iterator[Line]) -> Iterator[Line]:
    first: dict[str, int] = {}
    for line in lines:
        if line.given is not None and line.given.key in first:
            told = _("The key “%(key)s” stands already on line %(first)s.")
            values = {"key": line.given.key, "first": first[line.given.key]}
            yield Line(line.number, None, told % values, line.shown)
            continue
        if line.given is not None:
            first[line.given.key] = line.number
        yield line
