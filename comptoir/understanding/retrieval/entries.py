"""A catalogue as a file: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MAX_TEXT_CHARS = 20_000


class CatalogueError(ValueError):
    """A catalogue that cannot be read: ``template``, an English sentence with ``%(name)s`` blanks, and ``values``."""

    def __init__(self, template: str, **values: str | int) -> None:
        super().__init__(template % values)
        self.template, self.values = template, values


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of the company, and how customers ask for it. ``language`` is an ISO 639-1 code."""

    key: str
    question: str
    phrasings: tuple[str, ...]
    answer: str
    language: str
    bot_may_answer: bool = True


def template(text: str) -> str:
    """Marks a sentence that is translated where it is said."""
    return text


NOT_THERE = template("The catalogue %(file)s cannot be read: %(reason)s.")
NO_OBJECT = template("%(file)s, line %(line)s: this is no JSON object.")
NO_TEXT = template("%(file)s, line %(line)s: “%(field)s” must be a text that is not empty.")
NO_LIST = template("%(file)s, line %(line)s: “phrasings” must be a list of texts.")
NO_CHOICE = template("%(file)s, line %(line)s: “bot_may_answer” must be true or false.")
TWICE = template("%(file)s, line %(line)s: the key “%(key)s” stands already on line %(first)s.")


def read_catalogue(path: Path) -> list[Entry]:
    """The entries of a file, in order; empty lines count for nothing. Raises CatalogueError."""
    try:
        with path.open("rb") as file:
            return list(entries_of(file, path.name))
    except OSError as error:
        raise CatalogueError(NOT_THERE, file=str(path), reason=error.strerror or "?") from None


def entries_of(lines: Iterable[bytes], name: str) -> Iterator[Entry]:
    """One entry for each line that holds something. Raises CatalogueError, which names ``name`` and the line."""
    known: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        written = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not written.strip():
            continue
        entry = _entry(written, name, number)
        if entry.key in known:
            raise CatalogueError(TWICE, file=name, line=number, key=entry.key, first=known[entry.key])
        known[entry.key] = number
        yield entry


def _entry(line: bytes, name: str, number: int) -> Entry:
    try:
        written = json.loads(line)
    except (ValueError, RecursionError):
        written = None
    if not isinstance(written, dict):
        raise CatalogueError(NO_OBJECT, file=name, line=number)
    texts = {field: _text(written, field, name, number) for field in ("key", "question", "answer", "language")}
    phrasings = written.get("phrasings", [])
    if not isinstance(phrasings, list) or not all(isinstance(one, str) for one in phrasings):
        raise CatalogueError(NO_LIST, file=name, line=number)
    may = written.get("bot_may_answer", True)
    if not isinstance(may, bool):
        raise CatalogueError(NO_CHOICE, file=name, line=number)
    given = dict.fromkeys(_clean(one) for one in phrasings)
    return Entry(
        key=texts["key"],
        question=texts["question"],
        phrasings=tuple(one for one in given if one),
        answer=texts["answer"],
        language=texts["language"].lower().partition("-")[0],
        bot_may_answer=may,
    )


def _text(written: dict[str, Any], field: str, name: str, number: int) -> str:
    text = written.get(field)
    if not isinstance(text, str) or not _clean(text):
        raise CatalogueError(NO_TEXT, file=name, line=number, field=field)
    return _clean(text)


def _clean(text: str) -> str:
    """Without halves of characters, which can be written in JSON and nowhere else."""
    return text[:_MAX_TEXT_CHARS].encode("utf-8", "replace").decode().strip()
