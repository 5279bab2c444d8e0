"""Small charts of one bar a day, as figures that a template draws. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

_WIDTH, _HEIGHT, _GAP = 720.0, 120.0, 0.2


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: where its bar stands, and what the table says of it."""

    day: date
    text: str
    address: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its words: ``summary`` is what a screen reader says for it, the bars are its table too."""

    key: str
    title: str
    summary: str
    most: str
    first: str
    last: str
    bars: Sequence[Bar]


def day_chart(
    key: str,
    title: str,
    days: Sequence[tuple[date, int | None, str]],
    says: Callable[[int], str],
    names: Callable[[date], str],
) -> Chart:
    """Bars from nought up to the largest; a day without a value has none."""
    values = [value for _day, value, _address in days if value is not None]
    most = max(values, default=0)
    step = _WIDTH / max(1, len(days))
    bars = []
    for number, (day, value, address) in enumerate(days):
        height = _HEIGHT * (value or 0) / most if most else 0.0
        place = (number * step + step * _GAP / 2, _HEIGHT - height, step * (1 - _GAP), height)
        x, y, width, tall = (f"{length:.1f}" for length in place)
        bars.append(Bar(day, "–" if value is None else says(value), address if value else "", x, y, width, tall))
    return Chart(
        key, title, _summary(values, says), says(most) if values else "",
        names(days[0][0]) if days else "", names(days[-1][0]) if days else "", bars,
    )  # fmt: skip


def _summary(values: Sequence[int], says: Callable[[int], str]) -> str:
    if not values:
        return _("Nothing to show.")
    return _("From %(least)s to %(most)s; last %(last)s.") % {
        "least": says(min(values)), "most": says(max(values)), "last": says(values[-1]),
    }  # fmt: skip
