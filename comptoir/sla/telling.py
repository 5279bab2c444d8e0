"""Promises and their due times in words, in the language of whoever asks: ``_`` says a text of ours in it. Pure.

The command line asks without Django, the screens with it; both say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from comptoir.core.reasons import template
from comptoir.sla.cases import Case
from comptoir.sla.clock import Pause
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
#: Of many pauses, the last ones.
_TOLD_PAUSES = 5


def terms(promise: str, target: timedelta | None, working_days: int | None, is_in_working_time: bool, _: Say) -> str:
    """What is promised: « Première réponse sous 4 h ouvrées »."""
    if working_days is not None:
        words = _("one working day") if working_days == 1 else _("{number} working days").format(number=working_days)
    elif is_in_working_time:
        words = _("{duration} of opening hours").format(duration=duration(target or timedelta(0)))
    else:
        words = duration(target or timedelta(0))
    return _(_PROMISES[promise]).format(target=words)


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of an explanation; ``day`` where it is about one day, which can then be drawn beside it."""

    text: str
    day: Counted | None = None


def sentences(case: Case, due: datetime | None, _: Say) -> list[str]:
    """Why a promise is due when it is, day by day."""
    return [step.text for step in steps(case, due, _)]


def steps(case: Case, due: datetime | None, _: Say) -> list[Step]:
    """The same, each sentence with the day that it is about."""
    zone = case.calendar.zone
    counted = counted_time if isinstance(case.target, timedelta) else counted_days
    days = counted(case.calendar, case.start, due, case.pauses)
    told = [Step(_("Begins {instant}.").format(instant=moment(case.start.astimezone(zone), _))), *_told(days, _)]
    told += [Step(text) for text in _told_pauses(case.pauses, zone, _)]
    if due is None:
        told.append(Step(_("Not due while it is paused.")))
    else:
        instant = moment(due.astimezone(zone), _)
        told.append(Step(_("Due {instant} ({zone}).").format(instant=instant, zone=zone.key)))
    return told


def _told_pauses(pauses: Sequence[Pause], zone: ZoneInfo, _: Say) -> Iterator[str]:
    """The last ones, each with when it began and ended."""
    left_out = len(pauses) - _TOLD_PAUSES
    if left_out > 0:
        yield _("{number} earlier pauses were left out.").format(number=left_out)
    for begins, ends in sorted(pauses, key=lambda pause: pause[0])[-_TOLD_PAUSES:]:
        began = moment(begins.astimezone(zone), _)
        if ends is None:
            yield _("Paused since {instant}: not counted.").format(instant=began)
        else:
            ended = moment(ends.astimezone(zone), _)
            yield _("Paused from {begins} to {ends}: not counted.").format(begins=began, ends=ended)


def told_end(at: datetime, _: Say, *, is_abandoned: bool, is_waived: bool) -> str:
    """That a promise ended, in the zone of ``at``: kept or late, or owed no more."""
    if is_waived:
        words = _("No longer owed since {instant}: what the customer wrote calls for no answer.")
    else:
        words = _("No longer owed since {instant}.") if is_abandoned else _("Ended {instant}.")
    return words.format(instant=moment(at, _))


def moment(at: datetime, _: Say) -> str:
    """« ven. 22/05/2026 17:45 », in the instant's own zone."""
    return f"{_date(at.date(), _)} {at:%H:%M:%S}".removesuffix(":00")


def duration(time: timedelta) -> str:
    """« 1 h 30 min »."""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 min"


def _told(days: Sequence[Counted], _: Say) -> list[Step]:
    if len(days) <= _TOLD_FIRST + _TOLD_LAST:
        return [Step(_told_day(day, _), day) for day in days]
    left_out = len(days) - _TOLD_FIRST - _TOLD_LAST
    return [
        *(Step(_told_day(day, _), day) for day in days[:_TOLD_FIRST]),
        Step(_("And so on for {number} days.").format(number=left_out)),
        *(Step(_told_day(day, _), day) for day in days[-_TOLD_LAST:]),
    ]


def _told_day(day: Counted, _: Say) -> str:
    named = _date(day.day, _)
    if day.spans:
        spans = ", ".join(f"{_wall(begins, day.day)}–{_wall(ends, day.day)}" for begins, ends in day.spans)
        told = (
            _("{day}: {duration} ({spans}; the clocks change).")
            if day.is_clock_changed
            else _("{day}: {duration} ({spans}).")
        )
        return told.format(day=named, duration=duration(day.time), spans=spans)
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
