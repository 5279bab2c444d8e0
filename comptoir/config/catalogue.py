"""Translations: reading .po files, merging them into one, compiling it; without the programs of gettext."""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HEADER = (
    "Content-Type: text/plain; charset=UTF-8\\n",
    "Content-Transfer-Encoding: 8bit\\n",
    "Language: fr\\n",
    "Plural-Forms: nplurals=2; plural=(n > 1);\\n",
)
_MO_MAGIC = 0x950412DE


class CatalogueError(Exception):
    """A translation file that cannot be read, or two that disagree; the text says where."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What is translated: a text, with its plural and the context that tells two equal ones apart."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass(slots=True)
class Entry:
    """One translation; ``forms`` has one text, or one for each number."""

    key: Key
    forms: list[str]
    is_fuzzy: bool = False
    where: str = ""


@dataclass(slots=True)
class _Reading:
    """An entry while its lines are read."""

    parts: dict[str, str] = field(default_factory=dict)
    current: str = ""
    is_fuzzy: bool = False
    line: int = 0

    def entry(self, path: Path) -> Entry | None:
        if not self.parts.get("msgid"):
            return None  # the header, or nothing
        key = Key(self.parts["msgid"], self.parts.get("msgid_plural", ""), self.parts.get("msgctxt", ""))
        forms = [text for name, text in self.parts.items() if name.startswith("msgstr")]
        return Entry(key, forms, self.is_fuzzy, f"{path.name}:{self.line}")


def read_po(path: Path) -> Iterator[Entry]:
    """The entries of a .po file. Raises CatalogueError."""
    reading = _Reading()
    for number, raw in enumerate([*path.read_text("utf-8").split("\n"), ""], 1):
        line = raw.strip()
        starts_new = (
            not line or line.startswith("#") or (line.startswith(("msgctxt", "msgid ")) and _has_msgstr(reading))
        )
        if starts_new and _has_msgstr(reading):
            entry = reading.entry(path)
            reading = _Reading()
            if entry is not None:
                yield entry
        if line.startswith("#,") and "fuzzy" in line:
            reading.is_fuzzy = True
        elif line and not line.startswith("#"):
            _take(reading, line, path, number)


def _has_msgstr(reading: _Reading) -> bool:
    return any(name.startswith("msgstr") for name in reading.parts)


def _take(reading: _Reading, line: str, path: Path, number: int) -> None:
    keyword, quoted = ("", line) if line.startswith('"') else (line.partition(" ")[0], line.partition(" ")[2].strip())
    try:
        text = ast.literal_eval(quoted)
    except (ValueError, SyntaxError):
        raise CatalogueError(f"{path}, line {number}: not a quoted text: {quoted[:60]}") from None
    if keyword:
        reading.current = keyword
        reading.line = reading.line or number
        reading.parts[keyword] = text
    elif reading.current:
        reading.parts[reading.current] += text


def merge(paths: Iterable[Path]) -> dict[Key, Entry]:
    """The entries of several files. Raises CatalogueError when two translate the same text differently."""
    merged: dict[Key, Entry] = {}
    conflicts: list[str] = []
    for path in paths:
        for entry in read_po(path):
            former = merged.setdefault(entry.key, entry)
            if former.forms != entry.forms:
                conflicts.append(
                    f"{former.where} and {entry.where} differ on “{entry.key.text}”: {former.forms} and {entry.forms}"
                )
    if conflicts:
        raise CatalogueError("\n".join(conflicts))
    return merged


def is_translated(entry: Entry) -> bool:
    """Whether every form has a text that somebody stands by."""
    return (
        not entry.is_fuzzy
        and bool(entry.forms)
        and all(entry.forms)
        and (len(entry.forms) == 2 or not entry.key.plural)
    )


def written_po(entries: Iterable[Entry]) -> str:
    """A .po file with these entries, in the order of their texts."""
    blocks = ['msgid ""\nmsgstr ""\n' + "".join(f'"{line}"\n' for line in HEADER)]
    for entry in sorted(entries, key=lambda one: one.key):
        key = entry.key
        lines = [f"msgctxt {_quoted(key.context)}"] if key.context else []
        lines.append(f"msgid {_quoted(key.text)}")
        if key.plural:
            lines.append(f"msgid_plural {_quoted(key.plural)}")
            lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(entry.forms)]
        else:
            lines.append(f"msgstr {_quoted(entry.forms[0])}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r")
    return '"' + escaped.replace("\n", "\\n") + '"'


def compiled_mo(entries: Iterable[Entry]) -> bytes:
    """The same as a .mo file, which programs read."""
    pairs = [(b"", "".join(HEADER).replace("\\n", "\n").encode())]
    for entry in entries:
        key = entry.key
        source = f"{key.context}\x04{key.text}" if key.context else key.text
        pairs.append(((f"{source}\0{key.plural}" if key.plural else source).encode(), "\0".join(entry.forms).encode()))
    pairs.sort()
    count = len(pairs)
    sources_at, targets_at = 28, 28 + 8 * count
    offset = 28 + 16 * count
    tables: list[bytes] = []
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), offset))
            offset += len(pair[column]) + 1
    texts = b"".join(pair[column] + b"\0" for column in (0, 1) for pair in pairs)
    return struct.pack("<7I", _MO_MAGIC, 0, count, sources_at, targets_at, 0, offset) + b"".join(tables) + texts


def compile_if_older(po: Path) -> bool:
    """Compile a .po file beside itself unless that was done since it last changed; whether it was."""
    mo = po.with_suffix(".mo")
    if not po.exists() or (mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime):
        return False
    beside = mo.with_suffix(".mo.new")
    beside.write_bytes(compiled_mo(read_po(po)))
    beside.replace(mo)
    return True
