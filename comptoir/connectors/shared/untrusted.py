"""Payloads that strangers wrote, read without trusting their shape: what is not as expected is absent, never an error.

Only a payload that cannot be read at all raises PayloadError, in `load`, `load_object` and `load_form`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl

from comptoir.connectors.base import PayloadError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Below each bound an epoch is in that unit: seconds until the year 5138, and so on. Microseconds in one such unit.
_EPOCH_UNITS = ((10**11, 1_000_000), (10**14, 1_000), (10**17, 1))
_INSTANT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,](?P<fraction>\d+))?"
    r"\s*(?P<zone>[Zz]|UTC|[+-]\d{2}:?(?:\d{2})?)?)?"
)
_NUMBER = re.compile(r"-?\d{9,20}(?:\.\d+)?")
_BLANK = re.compile(r"[ \t\r\n]*")
_MOST_FIELDS = 2000


def load(body: bytes) -> Any:
    """Decode JSON without losing a digit: fractions are Decimals. Several objects, one after another as streams and
    exports write them, make a list. Raises PayloadError, which says where it breaks.
    """
    try:
        return json.loads(body, parse_float=Decimal)
    except json.JSONDecodeError as error:
        following = _following(error) if error.msg == "Extra data" else None
        if following is not None:
            return following
        raise PayloadError(
            "The body is not JSON: %(error)s (line %(line)s, column %(column)s).",
            error=error.msg,
            line=error.lineno,
            column=error.colno,
        ) from error
    except UnicodeDecodeError as error:
        raise PayloadError("The body is not UTF-8: byte %(byte)s cannot be read.", byte=error.start) from error
    except (ValueError, ArithmeticError) as error:
        raise PayloadError("The body is not JSON: %(error)s.", error=str(error)) from error
    except RecursionError as error:
        raise PayloadError("The body is nested too deeply to be read.") from error


def _following(error: json.JSONDecodeError) -> list[Any] | None:
    """Every document of a text that goes on after its first; None where what follows is no object or list."""
    written, decoder = error.doc, json.JSONDecoder(parse_float=Decimal)
    found: list[Any] = []
    at = _blank_end(written, 0)
    while at < len(written):
        if written[at] not in "{[":
            return None
        try:
            document, at = decoder.raw_decode(written, at)
        except (ValueError, ArithmeticError, RecursionError):
            return None
        found.append(document)
        at = _blank_end(written, at)
    return found


def _blank_end(written: str, start: int) -> int:
    found = _BLANK.match(written, start)
    return start if found is None else found.end()


def load_object(body: bytes) -> Mapping[str, Any]:
    """Decode a JSON object. Raises PayloadError."""
    content = load(body)
    if not isinstance(content, dict):
        raise PayloadError("The body must be an object.")
    return content


def load_form(body: bytes) -> Mapping[str, str]:
    """Decode a form; of a field that comes twice, the last one counts. Raises PayloadError."""
    try:
        written = body.decode("utf-8", "replace").rstrip("\r\n")  # files end in a line break, forms never do
        pairs = parse_qsl(written, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise PayloadError("The body is not a form: %(error)s.", error=str(error)) from error
    return {name: storable(text) for name, text in pairs}


def storable(text: str) -> str:
    """A text that can be stored: surrogate pairs are joined, lone halves replaced, NULs dropped."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\x00", "")


def mapping(value: object) -> Mapping[str, Any]:
    """The object itself, or an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """The list itself, or an empty one where there is none."""
    return value if isinstance(value, list) else []


def mappings(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; what is none is left out."""
    return [one for one in items(value) if isinstance(one, dict)]


def inside(value: object, *path: str | int) -> Any:
    """What stands at a path of names and positions; None where it breaks off."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def text(value: object) -> str | None:
    """A string that can be stored; a whole number is taken for one (ids come as both)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**40 else None
    return storable(value) if isinstance(value, str) else None


def name(value: object) -> str | None:
    """A string where an empty one says as little as none: ids, handles, names."""
    return text(value) or None


def whole(value: object) -> int | None:
    """A whole number of 64 bits, also written as a text (ids of X and Discord are), or with a fraction of zero."""
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"-?[0-9]{1,19}", value) else None
    if isinstance(value, Decimal) and value.is_finite() and -(10**18) < value < 10**18 and value == int(value):
        return int(value)  # compared as it is: arithmetic on one with a huge exponent raises
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def number(value: object) -> float | None:
    """A number, also written as a text."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(?:\.\d{1,15})?", value):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, Decimal) and not value.is_finite():  # which cannot even be compared
        return None
    return float(value) if -(10**15) < value < 10**15 else None


def flag(value: object) -> bool:
    """Whether something is said to be so: true, 1, "true" or "1"."""
    return value is True or (whole(value) if isinstance(value, Decimal) else value) in (1, "1", "true", "True")


def instant(value: object) -> datetime | None:
    """An instant: ISO 8601 as clients write it (any decimals, with or without a zone, then UTC; of a day alone, its
    beginning), a date of an e-mail or a feed, or an epoch in seconds, milliseconds or microseconds, as a number or a
    text.
    """
    if isinstance(value, str):
        written = value.strip()[:64]
        return _of_epoch(Decimal(written)) if _NUMBER.fullmatch(written) else _of_iso(written) or _of_mail(written)
    return _of_epoch(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def _of_iso(written: str) -> datetime | None:
    found = _INSTANT.fullmatch(written)
    if found is None:
        return None
    zone = found["zone"] or "+00:00"
    zone = "+00:00" if zone in ("Z", "z", "UTC") else zone if len(zone) > 3 else f"{zone}:00"
    micros = ((found["fraction"] or "") + "000000")[:6]
    time = found["time"] or "00:00"
    seconds = time if time.count(":") == 2 else f"{time}:00"
    try:
        return datetime.fromisoformat(f"{found['day']}T{seconds}.{micros}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _of_mail(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _of_epoch(value: float | Decimal) -> datetime | None:
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    unit = next((unit for bound, unit in _EPOCH_UNITS if -bound < value < bound), None)
    if unit is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(value * unit))
    except (OverflowError, ValueError):
        return None
