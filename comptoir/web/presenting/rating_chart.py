"""An account's rating over time, as figures that a template draws. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from comptoir.channels.models import Figure

_WIDTH, _HEIGHT = 720.0, 120.0
#: The worst that anybody can give, on every network that has ratings.
_WORST = 1.0


@dataclass(frozen=True, slots=True)
class Rated:
    """The rating as it stood on a day."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class RatingChart:
    """A line from the oldest to the newest, ``points`` for SVG; ``summary`` is what a screen reader says for it."""

    summary: str
    points: str
    stands: Sequence[Rated]


def rating_chart(ratings: Sequence[Figure]) -> RatingChart | None:
    """The line of ``ratings``, the oldest first; None where there are fewer than two, which make no line."""
    if len(ratings) < 2:
        return None
    first, last = ratings[0], ratings[-1]
    span = (last.measured_on - first.measured_on).days
    places = [((one.measured_on - first.measured_on).days / span, _depth(one)) for one in ratings]
    said = {"first": _said(first), "last": _said(last), "best": number_format(first.best or 5, 0)}
    return RatingChart(
        _("From %(first)s to %(last)s, out of %(best)s.") % said,
        " ".join(f"{_WIDTH * x:.1f},{_HEIGHT * y:.1f}" for x, y in places),
        [Rated(one.measured_on, _said(one)) for one in ratings],
    )


def _depth(rating: Figure) -> float:
    """How far below the best it is: 0 the best, 1 the worst."""
    best = rating.best or 5.0
    return min(max((best - rating.value) / (best - _WORST), 0.0), 1.0)


def _said(rating: Figure) -> str:
    return number_format(rating.value, 1)
