"""The Date header, in any of the forms that programs write."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan janv janvier januar january enero gennaio januari janeiro ene gen",
            "feb fev fevr fév févr février februar february febrero febbraio februari fevereiro",
            "mar mars märz mär mrt march marzo maart março maa",
            "apr avr avril april abril aprile abr",
            "may mai mei mayo maggio maio maj mag",
            "jun juin juni june junio giugno junho giu",
            "jul juil juillet juli july julio luglio julho lug",
            "aug août aou aoû august agosto ago augustus augusti",
            "sep sept septembre september septiembre settembre setembro set",
            "oct octobre oktober october octubre ottobre outubro okt ott out",
            "nov novembre november noviembre novembro",
            "dec déc décembre dezember december diciembre dicembre dezembro dez dic",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES_BY_HOURS = {
    0: ("UT", "UTC", "GMT", "Z", "WET"),
    1: ("BST", "WEST", "CET", "MET"),
    2: ("CEST", "MEST", "MESZ", "EET"),
    3: ("EEST", "MSK"),
    9: ("JST", "KST"),
    -4: ("EDT",),
    -5: ("EST", "CDT"),
    -6: ("CST", "MDT"),
    -7: ("MST", "PDT"),
    -8: ("PST",),
}
_ZONES = {name: hours for hours, names in _ZONES_BY_HOURS.items() for name in names}
_COMMENT = re.compile(r"\([^()]*\)")
_DAY_FIRST = re.compile(
    r"(?<![\d:.])(\d{1,2})[\s.,-]+([^\W\d_]{3,12})[\s.,-]+(\d{4}"
    r"|\d{2})(?!\d)[\s,]*(?:(\d{1,2})\s*[:.h]\s*(\d{2})(?:\s*[:.]\s*(\d{2}))?)?(.*)",
    re.DOTALL,
)
_MONTH_FIRST = re.compile(
    r"([^\W\d_]{3,12})[\s.]+(\d{1,2})(?:,\s*|\s+)(?:(\d{4})[\s,]+)?(\d{1,2}):(\d{2})(?::(\d{2}))?(.*)", re.DOTALL
)
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(.*)", re.DOTALL)
_OFFSET = re.compile(r"([+-])\s?(\d{2}):?(\d{2})(?!\d)")
_HALF = re.compile(r"\s*([AaPp])\.?[Mm]\b")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")


def read_date(value: str) -> datetime | None:
    """An aware datetime, or None where there is none to read. Without a zone it is taken as UTC."""
    if not value:
        return None
    text = _COMMENT.sub(" ", value)[:200]
    found = _DAY_FIRST.search(text)
    if found:
        day, month, year, hour, minute, second, rest = found.groups()
        return _made(year, _month(month), day, hour, minute, second, rest)
    found = _ISO.search(text)
    if found:
        year, number, day, hour, minute, second, rest = found.groups()
        return _made(year, int(number), day, hour, minute, second, rest)
    found = _MONTH_FIRST.search(text)
    if found:
        month, day, year, hour, minute, second, rest = found.groups()
        if year is None:
            late = _YEAR.search(_OFFSET.sub(" ", rest))
            year = late.group(1) if late else None
        return _made(year, _month(month), day, hour, minute, second, rest) if year else None
    return None


def _month(name: str) -> int | None:
    name = name.lower()
    return _MONTHS.get(name) or _MONTHS.get(name[:3])


def _made(
    year: str, month: int | None, day: str, hour: str | None, minute: str | None, second: str | None, rest: str
) -> datetime | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    hours = int(hour or 0)
    half = _HALF.match(rest)
    if half:
        hours = hours % 12 + (12 if half.group(1) in "pP" else 0)
    try:
        moment = datetime(number, month or 0, int(day), hours % 24, int(minute or 0), tzinfo=_zone(rest))
        moment += timedelta(seconds=min(int(second or 0), 59), days=hours // 24)
        moment.astimezone(UTC)  # at the edges of time this cannot be told
    except (ValueError, OverflowError):
        return None
    return moment


def _zone(rest: str) -> timezone:
    found = _OFFSET.search(rest[:40])
    if found:
        minutes = int(found.group(2)) * 60 + int(found.group(3))
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=minutes if found.group(1) == "+" else -minutes))
        return UTC
    for word in re.findall(r"[A-Z]+", rest[:40].upper()):
        if word in _ZONES:
            return timezone(timedelta(hours=_ZONES[word])) if _ZONES[word] else UTC
    return UTC
