"""Header values: encoded words, parameters, addresses and message ids."""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from email.utils import getaddresses
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

from comptoir.connectors.email.charsets import clean, decode

#: Lower-case name to raw values, in their order.
Headers = dict[str, list[bytes]]

MAX_ADDRESSES = 200
#: One mailbox is never longer; nothing but a list of them is looked at beyond it.
_MAX_MAILBOX_CHARS = 2_000
_MAX_HEADER_BYTES = 64_000
_REMEMBERED_BYTES = 100
#: A word ends where the next one begins, closed or not: no character is read twice.
_ENCODED_WORD = re.compile(r"=\?([^?\s]*)\?([bBqQ])\?([^?=]*+(?:(?:\?(?!=)|=(?!\?[^?\s]{1,40}\?[bBqQ]\?))[^?=]*+)*)\?=")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_QUOTED = re.compile(rb"=([0-9A-Fa-f]{2})")
_SPACES = re.compile(r"\s+")
_FOLD = re.compile(rb"\r?\n[ \t]*")
_PARAMETER = re.compile(
    r"(?<![\w!#$%&'+.^`{|}~-])([\w!#$%&'+.^`{|}~-]++(?:\*\d{0,6}+\*?)?)\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*)\"?|([^;]*))",
    re.DOTALL,
)
_CONTINUED = re.compile(r"([^*]+)\*(\d{1,6})?(\*?)$")
_SIMPLE_ADDRESS = re.compile(
    r'^\s*+(?:"((?:[^"\\<>]|\\.)*)"\s*+|([^"<>,;()@:\\]*+))<\s*+([^<>\s"(),;:]+@[^<>\s"(),;:@]+)\s*+>\s*+$'
)
_BARE_ADDRESS = re.compile(r'^\s*+([^<>\s"(),;:@]++@[^<>\s"(),;:@]++)\s*+$')
_ADDRESS_INSIDE = re.compile(r'(?<![^<>\s"(),;:@])<?\s*+([^<>\s"(),;:@]+@[^<>\s"(),;:@]+)')
_INSIDE_ANGLES = re.compile(r"<[^<>]{1,500}>")
_ROUTE = re.compile(r"<\s*@[^<>:]{1,255}:")
_ANGLED = re.compile(r"(?<![^<>])([^<>]*+)<\s*+([^<>\s]+@[^<>\s@]+)\s*+>")
_ENCODED_RUN = re.compile(rf"{_ENCODED_WORD.pattern}(?:\s*{_ENCODED_WORD.pattern})*")
_MESSAGE_ID = re.compile(r"<([^<>]+)>")
_COMMENT = re.compile(r"\([^()]*\)")


def first(headers: Headers, name: str) -> bytes:
    values = headers.get(name)
    return values[0][:_MAX_HEADER_BYTES] if values else b""


def header_text(headers: Headers, name: str) -> str:
    """The first header of that name as one line of text; empty when absent."""
    raw = first(headers, name)
    return unencoded(_raw_text(raw)) if raw else ""


def raw_header(headers: Headers, name: str) -> str:
    """All headers of that name, unfolded, encoded words left as they are."""
    return " ".join(_raw_text(value[:_MAX_HEADER_BYTES]) for value in headers.get(name, ()))


def _raw_text(raw: bytes) -> str:
    if b"\n" in raw:
        raw = _FOLD.sub(b" ", raw)
    return decode(raw)


def unencoded(text: str) -> str:
    """Text with its RFC 2047 words read, in one line."""
    if "=?" in text:
        text = _words_read(text)
        if "=?" in text and _ENCODED_WORD.search(text):  # encoded twice by a gateway
            text = _words_read(text)
        text = clean(text)
    return " ".join(text.split())


def _words_read(text: str) -> str:
    """Neighbours of one charset are joined before decoding: a character may be cut between them."""
    out: list[str] = []
    pending, charset, position = b"", "", 0
    for word in _ENCODED_WORD.finditer(text):
        between = text[position : word.start()]
        label, raw = word.group(1).partition("*")[0], _word_bytes(word.group(2), word.group(3))
        if pending and not between.strip() and label.lower() == charset.lower():
            pending += raw
        else:
            if pending:
                out.append(decode(pending, charset))
            out.append(between if between.strip() or not pending else "")
            pending, charset = raw, label
        position = word.end()
    if pending:
        out.append(decode(pending, charset))
    out.append(text[position:])
    return "".join(out)


def _word_bytes(kind: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if kind in "bB":
        raw = _NOT_BASE64.sub(b"", raw)
        raw = raw[:-1] if len(raw) % 4 == 1 else raw
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    return _QUOTED.sub(lambda found: bytes([int(found.group(1), 16)]), raw.replace(b"_", b" "))


def parameters(raw: bytes) -> tuple[str, Mapping[str, str]]:
    """A value such as ``text/plain; charset=x`` as its lower-case head and its parameters (RFC 2231 read)."""
    return _short_parameters(raw) if len(raw) <= _REMEMBERED_BYTES else _parameters(raw)


@lru_cache(maxsize=256)
def _short_parameters(raw: bytes) -> tuple[str, Mapping[str, str]]:
    """The same few stand in nearly every mail."""
    return _parameters(raw)


def _parameters(raw: bytes) -> tuple[str, Mapping[str, str]]:
    text = _raw_text(raw)
    head, _, rest = text.partition(";")
    if not rest and "=" in head:  # the semicolon was forgotten
        head, _, rest = head.strip().partition(" ")
    head = _SPACES.sub("", _COMMENT.sub("", head)).lower().strip("\"'")
    found: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(rest):
        name = match.group(1).lower()
        value = (
            match.group(2).replace('\\"', '"').replace("\\\\", "\\")
            if match.group(2) is not None
            else match.group(3).strip()
        )
        extended = _CONTINUED.match(name)
        if extended is None:
            found.setdefault(
                name,
                value.split()[0] if name in ("boundary", "charset") and match.group(2) is None and value else value,
            )
        else:
            number = int(extended.group(2) or 0)
            pieces.setdefault(extended.group(1), []).append(
                (number, bool(extended.group(3)) or extended.group(2) is None, value)
            )
    for name, parts in pieces.items():
        found[name] = _joined(parts)
    return head, MappingProxyType(found)


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    """RFC 2231: numbered pieces, some percent-encoded, the charset in the first."""
    raw, charset = b"", ""
    for position, (_, is_encoded, value) in enumerate(sorted(parts, key=lambda piece: piece[0])):
        if is_encoded:
            if position == 0 and value.count("'") >= 2:
                charset, _, value = value.split("'", 2)
            raw += unquote_to_bytes(value)
        else:
            raw += value.encode("utf-8", "replace")
    return decode(raw, charset or None)


def filename(value: str | None) -> str | None:
    """A file's name as people see it, without any path."""
    if not value:
        return None
    name = unencoded(value)
    if "''" in name and "%" in name:  # RFC 2231 in a plain parameter
        charset, _, rest = name.partition("''")
        name = decode(unquote_to_bytes(rest), charset)
    name = _SPACES.sub(" ", re.split(r"[/\\]", name)[-1]).strip(" '\"")
    return name[-255:] or None


def addresses(headers: Headers, *names: str) -> list[tuple[str, str]]:
    """(display name, address) of every mailbox in the headers named."""
    found: list[tuple[str, str]] = []
    for name in names:
        for raw in headers.get(name, ()):
            found.extend(_mailboxes(_raw_text(raw[:_MAX_HEADER_BYTES])))
    return found[:MAX_ADDRESSES]


def _mailboxes(text: str) -> list[tuple[str, str]]:
    is_short = len(text) <= _MAX_MAILBOX_CHARS
    simple = _SIMPLE_ADDRESS.match(text) if is_short else None
    if simple:
        name = simple.group(1) if simple.group(1) is not None else simple.group(2)
        return [(_display_name(name), simple.group(3))]
    bare = _BARE_ADDRESS.match(text) if is_short else None
    if bare:
        return [("", bare.group(1))]
    text = _ROUTE.sub("<", text[:20_000])
    if "(" in text:
        text = _INSIDE_ANGLES.sub(lambda found: _COMMENT.sub("", found.group()), text)
    if text.count("(") > 50:  # comments in comments are only ever an attack
        text = text.replace("(", " ").replace(")", " ")
    if text.count(":") > 50:  # and so are groups in groups
        text = text.replace(":", " ")
    found = []
    # What an encoded word hides may hold a comma or an at sign: it is read here, but kept in quotes.
    for name, address in getaddresses([_words_quoted(text)]):
        address = address if address.startswith('"') else _SPACES.sub("", address)
        if "@" in address and not address.startswith("@"):
            found.append((_display_name(name), address))
    if len(found) <= 1 or "," not in text:
        return _single(text, found)
    return found


def _single(text: str, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """One mailbox that follows no rule: the address in angle brackets, else the first that looks like one."""
    text = text[:_MAX_MAILBOX_CHARS]
    plain = unencoded(text)
    angled = _ANGLED.findall(plain)
    if len(angled) == 1 and (not found or found[0][1] != angled[0][1]):
        return [(_display_name(angled[0][0]), angled[0][1])]
    written = _SPACES.sub("", _COMMENT.sub("", text))
    if found and (len(found) > 1 or found[0][1] in plain or (found[0][1] in written and "<" in written)):
        return found
    inside = _ADDRESS_INSIDE.search(plain)
    if inside:
        return [(_display_name(plain[: inside.start()]) if inside.start() else "", inside.group(1))]
    return found


def _words_quoted(text: str) -> str:
    """Encoded words read, each run of them as one quoted string, unless they stand in quotes already."""
    if "=?" not in text:
        return text

    def quote(run: re.Match[str]) -> str:
        read = unencoded(run.group()).replace("\\", "").replace('"', "")
        return read if text.count('"', 0, run.start()) % 2 else f'"{read}"'

    return _ENCODED_RUN.sub(quote, text)


def _display_name(name: str) -> str:
    name = unencoded(name.replace('\\"', '"').replace("\\\\", "\\"))
    name = name.strip(" \"'") if name[:1] in "\"' " or name[-1:] in "\"' " else name
    return name[:300]


def message_ids(text: str) -> list[str]:
    """Every message id of a header, in order, with its angle brackets."""
    ids = [f"<{_SPACES.sub('', _COMMENT.sub('', inner))}>" for inner in _MESSAGE_ID.findall(text)]
    if not ids:
        ids = [word for word in text.replace(",", " ").split() if "@" in word] or (
            [text.strip()] if text.strip() and " " not in text.strip() else []
        )
    return [one[:998] for one in dict.fromkeys(ids) if one != "<>"]
