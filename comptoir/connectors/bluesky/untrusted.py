"""JSON that strangers wrote, read without trusting its shape: what is not as expected is absent, never an exception."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_AT_URI = re.compile(r"at://(?P<repo>[^/?#]+)/(?P<collection>[^/?#]+)/(?P<rkey>[^/?#]+)")
_INSTANT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,](?P<fraction>\d+))?"
    r"\s*(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?"
)


def mapping(value: object) -> Mapping[str, Any]:
    """The object itself, or an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: object) -> str | None:
    """A string that can be stored: half surrogate pairs are replaced, NULs dropped. Numbers are taken for ids."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        return None
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value.replace("\x00", "")


def name(value: object) -> str | None:
    """A string where an empty one says as little as none."""
    return text(value) or None


def whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def instant(value: object) -> datetime | None:
    """An ISO 8601 instant as clients write it: any number of decimals, with or without a zone (then UTC)."""
    found = _INSTANT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    zone = found["zone"] or "+00:00"
    micros = ((found["fraction"] or "") + "000000")[:6]
    seconds = found["time"] if found["time"].count(":") == 2 else found["time"] + ":00"
    try:
        written = f"{found['day']}T{seconds}.{micros}{'+00:00' if zone in 'Zz' else zone}"
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def instant_of_micros(value: object) -> datetime | None:
    """Microseconds since 1970, as the streams count them."""
    micros = whole(value)
    if micros is None:
        return None
    try:
        return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000)
    except (ValueError, OverflowError, OSError):
        return None


def at_uri_parts(uri: str | None) -> tuple[str, str, str] | None:
    """(repository, collection, record key) of an at:// address, None if it is not one of a record."""
    found = _AT_URI.fullmatch(uri or "")
    return (found["repo"], found["collection"], found["rkey"]) if found else None


def repository_of(uri: str | None) -> str | None:
    parts = at_uri_parts(uri)
    return parts[0] if parts else None
