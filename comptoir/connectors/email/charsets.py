"""Bytes to text, whatever the label says: labels in mail are missing, invented or wrong."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from charset_normalizer import from_bytes

#: Labels Python does not know, or whose everyday meaning is wider than the standard's.
_MEANT = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "ansi_x3.110-1983": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "ks_c_5601-1989": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "big5": "cp950",
    "x-big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "mac": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
}
_WESTERN = {"cp1252", "iso8859-15", "cp1254", "mac_roman", "cp850", "cp437"}
#: Here plain ASCII bytes do not stand for themselves.
_STATEFUL = re.compile(r"utf[-_]?(?:7|16|32)|iso-?2022|hz|utf-?16|ucs")
_LABEL = re.compile(r"[a-z0-9][a-z0-9._:+-]*")
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\ue00f\ufeff\ud800-\udfff]")
#: Control characters that nobody types: Windows' quotation marks and signs, numbered as they are there.
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_MISNUMBERED = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0) if code != 0x85}
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_SAMPLE_BYTES = 4_000
#: Few enough to be quick. Western European stands for Central European too: one of them has to.
_GUESSABLE = ["cp1252", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"]
_GUESSABLE += ["gb18030", "big5", "cp932", "euc_jp", "cp949", "cp866"]


def _western(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 among those that are: somebody pasted Windows text."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("comptoir_western", _western)


@lru_cache(maxsize=512)
def codec_name(label: str | None) -> str | None:
    """The Python codec that a label means; None when it means nothing."""
    if not label:
        return None
    found = _LABEL.search(label.lower().replace("charset=", ""))
    if found is None:
        return None
    name = found.group().rstrip("._:+-")
    name = _MEANT.get(name, name)
    for candidate in (name, re.sub(r"^(?:x-|win-|windows)(?=\d)", "cp", name), name.removeprefix("x-")):
        try:
            return codecs.lookup(candidate).name if _is_text(candidate) else None
        except LookupError:
            continue
    return None


def _is_text(name: str) -> bool:
    """Codecs such as base64 or zip turn bytes into bytes: never for a label from outside."""
    return bool(getattr(codecs.lookup(name), "_is_text_encoding", True)) and name not in (
        "unicode_escape",
        "raw_unicode_escape",
        "idna",
    )


def decode(raw: bytes, label: str | None = None) -> str:
    """Read bytes as text and clean it; never fails."""
    if raw.isascii() and b"\x1b" not in raw and (label is None or not _is_stateful(label)):
        return _lines_ended(raw.translate(None, _CONTROLS).decode("ascii"))
    return clean(_decoded(raw, codec_name(label)))


@lru_cache(maxsize=512)
def _is_stateful(label: str) -> bool:
    return bool(_STATEFUL.search(label.lower()))


def clean(text: str) -> str:
    """Without control characters, lone surrogates and the marks this package keeps for itself; LF line ends."""
    if _C1.search(text):
        text = text.translate(_MISNUMBERED)
    return _UNWANTED.sub("", _lines_ended(text))


def _lines_ended(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decoded(raw: bytes, codec: str | None) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if codec is None and b"\x1b$" in raw:
        codec = "iso2022_jp_ext"
    if codec is None or codec in _WESTERN or codec == "utf-8":
        text = _strict(raw, "utf-8")
        if text is not None:
            return _repaired(text)
    if codec is not None and codec != "utf-8":
        text = _strict(raw, codec)
        if text is not None:
            return text
        if codec in _WESTERN:  # a few byte values mean nothing in cp1252: keep the rest
            return raw.decode(codec, "replace")
        return _strict(raw, "utf-8") or raw.decode(codec, "replace")
    return _guessed(raw, codec)


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _guessed(raw: bytes, codec: str | None) -> str:
    """No usable label: UTF-8 with few faults, else what statistics say, else Western European."""
    text = raw.decode("utf-8", "replace")
    faults, wide = text.count("\ufffd"), sum(1 for char in text[:_SAMPLE_BYTES] if char > "\x7f")
    if faults and faults * 3 <= wide:
        return raw.decode("utf-8", "comptoir_western")
    if len(raw) >= 24 and codec is None:
        best = from_bytes(raw[:_SAMPLE_BYTES], cp_isolation=_GUESSABLE, enable_fallback=False).best()
        if best is not None and best.encoding:
            return raw.decode(best.encoding, "replace")
    return raw.decode("cp1252", "replace")


def _repaired(text: str) -> str:
    """Undo UTF-8 that was taken for Latin-1 and encoded once more, only where the whole text agrees."""
    if not _MOJIBAKE.search(text):
        return text
    for codec in ("cp1252", "latin-1"):
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return text
