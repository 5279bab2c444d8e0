"""The letters of an SMS, in whatever way a gateway hands their bytes on."""

from __future__ import annotations

import re

from comptoir.connectors.shared.untrusted import storable

_NAMES = {
    "utf8": "utf-8", "utf16be": "utf-16-be", "utf16": "utf-16-be", "ucs2": "utf-16-be", "iso106461ucs2": "utf-16-be",
    "utf16le": "utf-16-le", "iso88591": "cp1252", "latin1": "cp1252", "windows1252": "cp1252", "cp1252": "cp1252",
    "iso885915": "iso-8859-15", "usascii": "cp1252",
}  # fmt: skip
#: Data coding schemes (GSM 03.38): 8 is UCS-2; Kannel's `coding` says the same with 2.
_UCS2_CODINGS = frozenset(["2", "8", "ucs2", "unicode", "utf16be", "utf16", "ucs2be"])
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{4})+")


def decoded(content: bytes, charset: str = "", coding: str = "") -> str:
    """The text; lone halves of a pair stay, since the other half may be in the next part. Never fails."""
    known = _NAMES.get(re.sub(r"[^a-z0-9]", "", charset.lower()))
    if known is not None:
        return _read(content, known)
    if content[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return _read(content[2:], "utf-16-be" if content[:2] == b"\xfe\xff" else "utf-16-le")
    if coding.lower() in _UCS2_CODINGS and _HEX.fullmatch(content):
        return _read(bytes.fromhex(content.decode("ascii")), "utf-16-be")
    if _looks_like_utf16(content):
        return _read(content, "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _read(content, "cp1252")


def _read(content: bytes, charset: str) -> str:
    if charset.startswith("utf-16"):
        return content[: len(content) // 2 * 2].decode(charset, "surrogatepass")
    return content.decode(charset, "replace")


def _looks_like_utf16(content: bytes) -> bool:
    """Western letters have a zero byte before each of them."""
    pairs = len(content) // 2
    return pairs > 0 and len(content) % 2 == 0 and content[0::2].count(0) * 2 > pairs and content[1::2].count(0) == 0


def readable(text: str) -> str:
    """What is shown and kept: pairs are joined, zero bytes dropped."""
    return storable(text)
