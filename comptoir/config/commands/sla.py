"""`comptoir sla due`: when a promise is due, and why; one JSON line in, one out, nothing stored, Django not loaded."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from comptoir.config.language import _, gettext_noop
from comptoir.core.reasons import said
from comptoir.sla.cases import Case, CaseError, case_from
from comptoir.sla.clock import NeverDueError, due_after, due_after_working_days
from comptoir.sla.explaining import Counted, counted_days, counted_time

_DAYS = (
    gettext_noop("Mon {date}"), gettext_noop("Tue {date}"), gettext_noop("Wed {date}"), gettext_noop("Thu {date}"),
    gettext_noop("Fri {date}"), gettext_noop("Sat {date}"), gettext_noop("Sun {date}"),
)  # fmt: skip
#: Of a long promise the first days are told, and the last.
_TOLD_FIRST, _TOLD_LAST = 8, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the one thing one can ask."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    due = names.add_parser("due", help=_("say when each promise read from the standard input is due, and why"))
    due.add_argument("--json", action="store_true", help=_("one JSON object for each"))


def run(options: argparse.Namespace) -> int:
    """Answer line by line; 1 where one of them could not be understood."""
    failed = False
    for line in sys.stdin.buffer:
        answer = _answered(line)
        failed |= "error" in answer
        text = json.dumps(answer, ensure_ascii=False) if options.json else _in_words(answer)
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()
    return 1 if failed else 0


def _answered(line: bytes) -> dict[str, Any]:
    try:
        case = case_from(json.loads(line))
        due = _due(case)
    except CaseError as error:
        return {"error": said(error.reason, _)}
    except NeverDueError:
        return {"error": _("The counter does not open often enough for this promise ever to be due.")}
    except (ValueError, RecursionError):  # neither JSON nor UTF-8
        return {"error": _("The line is no JSON object.")}
    zone = case.calendar.zone
    return {
        "due_at": due.astimezone(zone).isoformat() if due else None,
        "explanation": _explanation(case, due),
    }


def _in_words(answer: dict[str, Any]) -> str:
    return str(answer.get("error") or answer["explanation"])


def _due(case: Case) -> datetime | None:
    if isinstance(case.target, timedelta):
        return due_after(case.calendar, case.start, case.target, case.pauses)
    return due_after_working_days(case.calendar, case.start, case.target, case.pauses)


def _explanation(case: Case, due: datetime | None) -> str:
    zone = case.calendar.zone
    start = case.start.astimezone(zone)
    counted = counted_time if isinstance(case.target, timedelta) else counted_days
    days = counted(case.calendar, case.start, due, case.pauses)
    sentences = [_("Begins {instant}.").format(instant=_moment(start)), *_told(days)]
    if case.pauses:
        sentences.append(_("Pauses were left out."))
    if due is None:
        sentences.append(_("Paused for ever before its time is over: not due."))
    else:
        sentences.append(_("Due {instant} ({zone}).").format(instant=_moment(due.astimezone(zone)), zone=zone.key))
    return " ".join(sentences)


def _told(days: Sequence[Counted]) -> list[str]:
    if len(days) <= _TOLD_FIRST + _TOLD_LAST:
        return [_told_day(day) for day in days]
    left_out = len(days) - _TOLD_FIRST - _TOLD_LAST
    return [
        *(_told_day(day) for day in days[:_TOLD_FIRST]),
        _("And so on for {number} days.").format(number=left_out),
        *(_told_day(day) for day in days[-_TOLD_LAST:]),
    ]


def _told_day(day: Counted) -> str:
    named = _date(day.day)
    if day.spans:
        spans = ", ".join(f"{_wall(begins, day.day)}–{_wall(ends, day.day)}" for begins, ends in day.spans)
        return _("{day}: {duration} ({spans}).").format(day=named, duration=_duration(day.time), spans=spans)
    if day.is_working_day:
        return _("{day}: a working day.").format(day=named)
    if day.holiday:
        return _("{day}: holiday ({name}).").format(day=named, name=day.holiday)
    if day.is_exception:
        return _("{day}: nothing counted (exceptional hours).").format(day=named)
    return _("{day}: nothing counted.").format(day=named)


def _moment(at: datetime) -> str:
    return f"{_date(at.date())} {at:%H:%M:%S}".removesuffix(":00")


def _date(day: date) -> str:
    return _(_DAYS[day.weekday()]).format(date=f"{day:%d/%m/%Y}")


def _wall(at: datetime, day: date) -> str:
    return "24:00" if at.date() > day else f"{at:%H:%M:%S}".removesuffix(":00")


def _duration(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 min"
