"""Promises and their due times in words, in the language of whoever asks: ``_`` says a text of ours in it. Pure.

The command line asks without Django, the screens with it; both say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from comptoir.core.reasons import template
from comptoir.sla.cases import Case
from comptoir.sla.explaining import Counted, counted_days, counted_time

Say = Callable[[str], str]

_DAYS = (
    template("Mon {date}"), template("Tue {date}"), template("Wed {date}"), template("Thu {date}"),
    template("Fri {date}"), template("Sat {date}"), template("Sun {date}"),
)  # fmt: skip
_PROMISES = {
    "first_reply": template("First reply within {target}"),
    "next_reply": template("Next reply within {target}"),
    "resolution": template("Resolution within {target}"),
    "hand_off": template("Hand-off accepted within {target}"),
    "consultation": template("Expert’s answer within {target}"),
}
#: Of a long promise the first days are told, and the last.
_TOLD_FIRST, _TOLD_LAST = 8, 3


def terms(promise: str, target: timedelta | None, working_days: int | None, is_in_working_time: bool, _: Say) -> str:
    """What is promised: « Première réponse sous 4 h ouvrées »."""
    if working_days is not None:
        words = _("one working day") if working_days == 1 else _("{number} working days").format(number=working_days)
    elif is_in_working_time:
        words = _("{duration} of opening hours").format(duration=duration(target or timedelta(0)))
    else:
        words = duration(target or timedelta(0))
    return _(_PROMISES[promise]).format(target=words)


def sentences(case: Case, due: datetime | None, _: Say) -> list[str]:
    """Why a promise is due when it is, day by day."""
    zone = case.calendar.zone
    counted = counted_time if isinstance(case.target, timedelta) else counted_days
    days = counted(case.calendar, case.start, due, case.pauses)
    told = [_("Begins {instant}.").format(instant=moment(case.start.astimezone(zone), _)), *_told(days, _)]
    if case.pauses:
        told.append(_("Pauses were left out."))
    if due is None:
        told.append(_("Paused for ever before its time is over: not due."))
    else:
        told.append(_("Due {instant} ({zone}).").format(instant=moment(due.astimezone(zone), _), zone=zone.key))
    return told


def moment(at: datetime, _: Say) -> str:
    """« ven. 22/05/2026 17:45 », in the instant's own zone."""
    return f"{_date(at.date(), _)} {at:%H:%M:%S}".removesuffix(":00")


def duration(time: timedelta) -> str:
    """« 1 h 30 min »."""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 min"


def _told(days: Sequence[Counted], _: Say) -> list[str]:
    if len(days) <= _TOLD_FIRST + _TOLD_LAST:
        return [_told_day(day, _) for day in days]
    left_out = len(days) - _TOLD_FIRST - _TOLD_LAST
    return [
        *(_told_day(day, _) for day in days[:_TOLD_FIRST]),
        _("And so on for {number} days.").format(number=left_out),
        *(_told_day(day, _) for day in days[-_TOLD_LAST:]),
    ]


def _told_day(day: Counted, _: Say) -> str:
    named = _date(day.day, _)
    if day.spans:
        spans = ", ".join(f"{_wall(begins, day.day)}–{_wall(ends, day.day)}" for begins, ends in day.spans)
        return _("{day}: {duration} ({spans}).").format(day=named, duration=duration(day.time), spans=spans)
    if day.is_working_day:
        return _("{day}: a working day.").format(day=named)
    if day.holiday:
        return _("{day}: holiday ({name}).").format(day=named, name=day.holiday)
    if day.is_exception:
        return _("{day}: nothing counted (exceptional hours).").format(day=named)
    return _("{day}: nothing counted.").format(day=named)


def _date(day: date, _: Say) -> str:
    return _(_DAYS[day.weekday()]).format(date=f"{day:%d/%m/%Y}")


def _wall(at: datetime, day: date) -> str:
    return "24:00" if at.date() > day else f"{at:%H:%M:%S}".removesuffix(":00")
