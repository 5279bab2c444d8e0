"""What came of a week: first replies in minutes of opening hours, promises kept, how evenly people worked."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks._week.running import Desk, Outcome, Reply, Week
from benchmarks._week.staff import hire
from benchmarks._week.world import OPENING, ZONE, Setting, at_instant_of, draw_week
from comptoir.sla.clock import time_run
from comptoir.sla.opening import plain_calendar

# Two-sided 95 % of Student's t, by how many weeks were run less one.
_STUDENT = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 7: 2.36, 8: 2.31, 9: 2.26}


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run. ``kept`` is the share of all promises, in percent; ``uneven`` the standard deviation between agents
    of the share of their time at work, in points; ``in_hand`` how much more waits with one who is there than with
    another, on average.
    """

    median_min: float
    p95_min: float
    kept: float
    kept_first: float
    live_kept: float
    uneven: float
    in_hand: float
    passed_on: int
    longest_h: float


def run_week(setting: Setting, desk: Callable[[Week], Desk], seed: int) -> Figures:
    """One week of a setting, shared out by one way."""
    drawn = draw_week(setting, random.Random(seed))
    return figures_of(Week(drawn, hire(setting), desk, seed).run())


def figures_of(outcome: Outcome) -> Figures:
    """The figures of a run."""
    calendar = plain_calendar(ZONE, OPENING)
    firsts = [one for one in outcome.replies if one.turn == 0]
    waits = sorted(
        time_run(calendar, at_instant_of(one.since), at_instant_of(one.at)).total_seconds() / 60 for one in firsts
    )
    busy = [100 * one.busy_s / one.here_s for one in outcome.people]
    return Figures(
        median_min=statistics.median(waits),
        p95_min=waits[int(0.95 * len(waits))],
        kept=_kept(outcome.replies),
        kept_first=_kept(firsts),
        live_kept=_kept([one for one in firsts if one.drawn.is_live]),
        uneven=statistics.pstdev(busy),
        in_hand=statistics.fmean(most - least for least, most in outcome.in_hand),
        passed_on=outcome.passed_on,
        longest_h=waits[-1] / 60,
    )


def _kept(replies: Sequence[Reply]) -> float:
    return 100 * sum(one.at <= one.due for one in replies) / max(1, len(replies))


def interval(values: Iterable[float]) -> tuple[float, float]:
    """The mean, and how far from it the true one may be, at 95 %."""
    found = list(values)
    mean = statistics.fmean(found)
    if len(found) < 2:
        return mean, float("nan")
    return mean, _STUDENT.get(len(found) - 1, 2.0) * statistics.stdev(found) / len(found) ** 0.5
