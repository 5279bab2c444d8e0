"""The fields of a delivery under whatever names gateways give them: names are compared by letters and digits alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from comptoir.connectors.base import Delivery, PayloadError
from comptoir.connectors.shared.untrusted import load, mapping, mappings, text
from comptoir.connectors.sms.charsets import decoded

_MOST_FIELDS = 2000
_DEEPEST = 6
#: Where gateways wrap what a delivery is about, outermost first.
_WRAPPERS = ("data", "payload", "event", "motext", "mobinary", "momedia", "message", "sms", "results", "messages")
_FORM = re.compile(rb"[^\s={}<>\[\]\"]{1,100}=")


@dataclass(frozen=True, slots=True)
class Fields:
    """One message or receipt, flattened; ``wrapped_in`` are the names it was found under."""

    content: Mapping[str, Any]
    wrapped_in: tuple[str, ...] = ()
    raw: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def any(self, *names: str) -> Any:
        """The first of these fields that is there."""
        return next((self.content[name] for name in names if self.content.get(name) is not None), None)

    def said(self, *names: str) -> str | None:
        """The same, as a text; of a list or an object with a number in it, that."""
        return _plain(self.any(*names))


def _plain(value: object, depth: int = 0) -> str | None:
    if depth > 2:
        return None
    if isinstance(value, list):
        return _plain(value[0], depth + 1) if value else None
    if isinstance(value, dict):
        inner = _flat(value)
        named = (inner[key] for key in ("phonenumber", "number", "address", "msisdn") if key in inner)
        return _plain(next(named, None), depth + 1)
    return text(value)


def read_fields(delivery: Delivery) -> list[Fields]:
    """Each message or receipt of a delivery, JSON (one document, or one a line) or a form. Raises PayloadError."""
    body = delivery.body
    stripped = body.lstrip(b"\xef\xbb\xbf").strip()
    if stripped[:1] in (b"{", b"[") or b"\x00{" in body[:4] or "json" in delivery.content_type:
        return [found for document in _documents(stripped or body) for found in _unwrapped(document, ())]
    if not _FORM.match(stripped):
        raise PayloadError("The body is neither JSON nor a form.")
    return [_form(stripped)]


def _documents(body: bytes) -> list[Any]:
    lines = [line for line in body.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.startswith(b"{") and line.rstrip().endswith(b"}") for line in lines):
        return [_json(line) for line in lines]
    return [_json(body)]


def _json(body: bytes) -> Any:
    """JSON, also of a gateway that writes it in Latin-1."""
    try:
        return load(body)
    except PayloadError:
        if b"\x00" in body or _is_utf8(body):
            raise
        return load(body.decode("cp1252", "replace").encode())


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _form(body: bytes) -> Fields:
    """Fields of a form, their bytes kept: which letters they are, another field may say."""
    try:
        pairs = parse_qsl(
            body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise PayloadError("The body is not a form: %(error)s.", error=str(error)) from error
    raw = {plain_name(key): value.encode("latin-1") for key, value in pairs}
    content: dict[str, Any] = {key: decoded(value) for key, value in raw.items()}
    return Fields(content, raw=raw)


def _unwrapped(content: object, names: tuple[str, ...], depth: int = 0) -> Iterator[Fields]:
    """What stands inside the wrappers of a gateway, with what the wrappers say themselves."""
    if isinstance(content, list):
        for entry in content if depth < _DEEPEST else ():
            yield from _unwrapped(entry, names, depth + 1)
        return
    if not isinstance(content, dict):
        if depth == 0:
            raise PayloadError("The body must be an object or a list of objects.")
        return
    flat = _flat(content)
    enclosed = _enclosed(flat)
    if enclosed is not None and depth < _DEEPEST:
        for found in _unwrapped(enclosed, names, depth + 1):
            yield Fields({"outertimestamp": flat.get("timestamp"), **found.content}, found.wrapped_in)
        return
    for wrapper in _WRAPPERS if depth < _DEEPEST and not _says_itself(flat) else ():
        inside = flat.get(wrapper)
        if mapping(inside) or mappings(inside):
            around = {
                key: value for key, value in flat.items() if key != wrapper and not isinstance(value, dict | list)
            }
            around = {f"{key}" if key in ("type", "eventtype", "time", "description") else f"outer{key}": value
                      for key, value in around.items()}  # fmt: skip
            for found in _unwrapped(inside, (*names, wrapper), depth + 1):
                yield Fields({**around, **found.content}, found.wrapped_in)
            return
    yield Fields(flat, names)


def _enclosed(flat: Mapping[str, Any]) -> object:
    """The JSON that Amazon's notification service holds as a text; None where there is none."""
    written = flat.get("message")
    if flat.get("type") != "Notification" or not isinstance(written, str) or not written.lstrip().startswith("{"):
        return None
    try:
        return load(written.encode("utf-8", "surrogatepass"))
    except PayloadError:
        return None


def _says_itself(flat: Mapping[str, Any]) -> bool:
    """Whether a text and its sender stand here: what lies deeper only describes them."""
    return isinstance(flat.get("text"), str) and flat.get("from") is not None


def _flat(content: Mapping[Any, Any]) -> dict[str, Any]:
    return {plain_name(key): value for key, value in content.items()}


def plain_name(name: object) -> str:
    """A field's name without what gateways write differently: case, dashes, underscores, dots."""
    return re.sub(r"[^a-z0-9]", "", str(name).lower())
