"""Calendar invitations in a few lines that a person can read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from icalendar import Calendar

MAX_CALENDAR_BYTES = 1_000_000
MAX_EVENTS = 5

_METHODS = {
    "REQUEST": "Invitation",
    "CANCEL": "Cancelled",
    "REPLY": "Answer to the invitation",
    "COUNTER": "New time proposed",
    "PUBLISH": "Event",
}
_ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}


def invitation_text(content: bytes) -> str:
    """A summary, empty when the calendar cannot be read or holds no event."""
    if len(content) > MAX_CALENDAR_BYTES:
        return ""
    try:
        calendar: Any = Calendar.from_ical(content)
        method = str(calendar.get("METHOD", "PUBLISH")).upper()
        events = list(calendar.walk("VEVENT"))[:MAX_EVENTS]
        return "\n\n".join(_event_text(event, method) for event in events)
    except Exception:  # noqa: BLE001 - a broken file must not hold up the mail; it stays attached as it came
        return ""


def _event_text(event: Any, method: str) -> str:
    lines = [f"{_METHODS.get(method, 'Event')}: {_plain(event, 'SUMMARY') or '–'}"]
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start:
        lines.append(start + (f" – {end}" if end else ""))
    if _plain(event, "LOCATION"):
        lines.append(_plain(event, "LOCATION"))
    organizer = _mail(event.get("ORGANIZER"))
    if organizer:
        lines.append(organizer)
    if method == "REPLY":
        lines += _answers(event)
    if _plain(event, "DESCRIPTION"):
        lines += ["", _plain(event, "DESCRIPTION")[:2_000]]
    return "\n".join(lines)


def _answers(event: Any) -> list[str]:
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    found = []
    for attendee in attendees[:20]:
        status = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()
        if status in _ANSWERS:
            found.append(f"{_mail(attendee)}: {_ANSWERS[status]}")
    return found


def _plain(event: Any, name: str) -> str:
    return str(event.get(name, "")).strip()


def _mail(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    return text[7:] if text.lower().startswith("mailto:") else text


def _moment(event: Any, name: str) -> str:
    value = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        zone = f" ({value.tzname()})" if value.tzinfo is not None and value.tzname() else ""
        return value.strftime("%Y-%m-%d %H:%M") + zone
    return value.isoformat() if isinstance(value, date) else ""
