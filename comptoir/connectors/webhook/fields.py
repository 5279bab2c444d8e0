"""Reading the fields of a payload that a stranger wrote: each read gives the right type or names the wrong field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from comptoir.connectors.base import PayloadError
from comptoir.core.reasons import Reason

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Below each bound an epoch is in that unit: seconds until the year 5138, and so on. Microseconds in one such unit.
_EPOCH_UNITS = ((10**11, 1_000_000), (10**14, 1_000), (10**17, 1))
_TRUNCATED = 40
MAX_ID_CHARS = 500


def storable(text: str) -> str:
    """A text without NUL and lone surrogates, which no database keeps."""
    if text.isascii() and "\x00" not in text:  # most ids and dates
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


class Fields:
    """One object of a payload; ``path`` says where it stands, for the reasons we give."""

    def __init__(self, content: Mapping[str, Any], path: str = "") -> None:
        self._content = content
        self._path = path

    def where(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def wrong(self, name: str, wanted: Reason) -> PayloadError:
        """The error for one field; what was there is quoted, cut short."""
        found = json.dumps(self._content.get(name), default=str, ensure_ascii=False)
        shown = found if len(found) <= _TRUNCATED else f"{found[:_TRUNCATED]}…"
        return PayloadError(
            "“%(field)s” must be %(wanted)s, not %(found)s.", field=self.where(name), wanted=wanted, found=shown
        )

    def said(self) -> Iterator[str]:
        """The names of all that say something, as they come."""
        return (name for name, found in self._content.items() if found is not None)

    def raw(self, name: str) -> Any:
        return self._content.get(name)

    def text(self, name: str) -> str | None:
        """A string, storable; None where absent."""
        found = self._content.get(name)
        if found is None:
            return None
        if not isinstance(found, str):
            raise self.wrong(name, Reason("a text"))
        return storable(found)

    def identifier(self, name: str) -> str | None:
        """An id: a text, or a whole number of any size, which keeps all its digits."""
        found = self._content.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | str):
            raise self.wrong(name, Reason("a text or a whole number"))
        written = storable(found) if isinstance(found, str) else str(found)
        if len(written) > MAX_ID_CHARS:
            raise self.wrong(name, Reason("at most %(most)s characters", most=MAX_ID_CHARS))
        return written or None

    def flag(self, name: str) -> bool:
        found = self._content.get(name)
        if found is None:
            return False
        if not isinstance(found, bool):
            raise self.wrong(name, Reason("true or false"))
        return found

    def number(self, name: str) -> float | None:
        found = self._content.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | Decimal) or not -(10**15) < found < 10**15:
            raise self.wrong(name, Reason("a number"))
        return float(found)

    def count(self, name: str) -> int | None:
        found = self._content.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 2**63:
            raise self.wrong(name, Reason("a whole number, not negative"))
        return found

    def choice(self, name: str, allowed: frozenset[str]) -> str | None:
        found = self._content.get(name)
        if found is None:
            return None
        if not isinstance(found, str) or found not in allowed:
            raise self.wrong(name, Reason("one of %(allowed)s", allowed=", ".join(sorted(allowed))))
        return found

    def nested(self, name: str) -> Fields | None:
        found = self._content.get(name)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise self.wrong(name, Reason("an object"))
        return Fields(found, self.where(name))

    def items(self, name: str) -> list[Any]:
        found = self._content.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise self.wrong(name, Reason("a list"))
        return found

    def objects(self, name: str) -> list[Fields]:
        found = self.items(name)
        for position, item in enumerate(found):
            if not isinstance(item, dict):
                raise PayloadError("“%(field)s” must be an object.", field=f"{self.where(name)}[{position}]")
        return [Fields(item, f"{self.where(name)}[{position}]") for position, item in enumerate(found)]

    def instant(self, name: str) -> datetime | None:
        """An instant: ISO 8601 (UTC where it names no offset), or an epoch in s, ms or µs, as number or text."""
        found = self._content.get(name)
        if found is None:
            return None
        moment = _from_text(found) if isinstance(found, str) else _from_epoch(found)
        if moment is None:
            raise self.wrong(
                name, Reason("an instant (ISO 8601, or an epoch in seconds, milliseconds or microseconds)")
            )
        return moment


def _from_text(found: str) -> datetime | None:
    written = found.strip()
    try:
        return _from_epoch(Decimal(written)) if _is_plain_number(written) else _aware(datetime.fromisoformat(written))
    except (ValueError, OverflowError):
        return None


def _is_plain_number(written: str) -> bool:
    whole, _point, fraction = written.lstrip("-").partition(".")
    # Eight digits may be a date of the basic format (20260122): as an epoch they would be a day of 1970.
    return len(whole) > 8 and whole.isascii() and whole.isdigit() and (not fraction or fraction.isdigit())


def _aware(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    aware.astimezone(UTC)  # an instant that no other zone can write is none: OverflowError
    return aware


def _from_epoch(found: Any) -> datetime | None:
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        return None
    unit = next((unit for bound, unit in _EPOCH_UNITS if -bound < found < bound), None)
    if unit is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(found * unit))
    except OverflowError:
        return None


def load(body: bytes) -> Any:
    """Decode JSON without losing a digit. Raises PayloadError with the place where it breaks."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except json.JSONDecodeError as error:
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


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON number")
