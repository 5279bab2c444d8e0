"""A simulated week: 20,000 conversations over five channels, thirty agents with shifts and skills, a day of strike.

The same weeks are shared out by Comptoir (its own rules, choice of agent and clocks: see `_week/ours.py`), in turn, and
by hand from one list in three orders; what is assumed of customers, agents and of the other ways stands in `_week`. No
database is needed. Three weeks are drawn, the rest is one week each of other settings, to see where it matters.

`python -m benchmarks week`; COMPTOIR_WEEK_SEEDS runs more weeks, or fewer.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from benchmarks._ground import verdict

if TYPE_CHECKING:
    from benchmarks._week.desks import Order
    from benchmarks._week.figures import Figures
    from benchmarks._week.running import Desk, Week
    from benchmarks._week.world import Setting

_OURS, _TURN = "Comptoir", "in turn"
_HANDS = ("by hand, oldest", "by hand, newest", "by hand, shortest")
_PAGES = ", page by page"
_HEAD = "first reply, minutes (median, p95), promises kept %, of calls and chats %, uneven ± points, in hand, passed on"
_ASIDE = (_OURS, _TURN, _HANDS[1])


def main() -> bool:
    """Print every way's figures, then where Comptoir stands beside the others; whether the floors are reached."""
    _set_up()
    from benchmarks._week.world import Setting

    seeds = range(1, int(os.environ.get("COMPTOIR_WEEK_SEEDS", "3")) + 1)
    print(_HEAD)
    found = {name: _weeks(Setting(), name, desk, seeds) for name, desk in _ways().items()}
    holds = _beside(found)
    for setting in _settings():
        print(f"{setting.name}:")
        for name in _ASIDE:
            _weeks(setting, name, _ways()[name], seeds[:1])
    return all(holds)


def _set_up() -> None:
    """Django's settings, for the product's models: rows are made, none is read or written."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
    if not apps.ready:
        django.setup()


def _ways() -> Mapping[str, Callable[[Week], Desk]]:
    from benchmarks._week.desks import ByHand, InTurn
    from benchmarks._week.ours import Comptoir

    orders: tuple[Order, ...] = ("oldest", "newest", "shortest")
    hands = dict(zip(_HANDS, orders, strict=True))
    return {
        _OURS: Comptoir,
        _TURN: InTurn,
        **{name: partial(ByHand, order=order) for name, order in hands.items()},
        **{name + _PAGES: partial(ByHand, order=order, turns_pages=True) for name, order in hands.items()},
    }


def _settings() -> Sequence[Setting]:
    from benchmarks._week.world import Setting

    return (
        Setting("no strike", conversations=17_500, strike=1.0),
        Setting("a tenth more to do", effort=1.1),
        Setting("everybody can do everything", everybody_can_all=True),
        Setting("words tell the topic of half only", recognised=0.5),
    )


def _weeks(setting: Setting, name: str, desk: Callable[[Week], Desk], seeds: Sequence[int]) -> list[Figures]:
    from benchmarks._week.figures import run_week

    found = [run_week(setting, desk, seed) for seed in seeds]
    _tell(name, found)
    return found


def _tell(name: str, found: Sequence[Figures]) -> None:
    from benchmarks._week.figures import interval

    def told(field: str, form: str = ".1f") -> str:
        mean, about = interval(getattr(one, field) for one in found)
        return f"{mean:{form}}" + (f" ±{about:{form}}" if len(found) > 1 else "")

    print(
        f"  {name:29} {told('median_min'):>12} {told('p95_min', '.0f'):>9}  {told('kept'):>10}"
        f"  {told('live_kept'):>10}  {told('uneven'):>9}  {told('in_hand'):>9}  {told('passed_on', '.0f'):>9}"
        f"  longest {told('longest_h')} h",
        flush=True,
    )


def _beside(found: Mapping[str, Sequence[Figures]]) -> list[bool]:
    """The floors: of promises kept by the week that is worst for us, of the others by the median of the weeks."""
    ours, turn = found[_OURS], found[_TURN]
    holds = [
        verdict("points more of promises kept than in turn", _gained(ours, turn), 15),
        verdict("median first reply, of that in turn", _part("median_min", ours, turn), 0.5, at_most=True),
        verdict("p95 of first replies, of that in turn", _part("p95_min", ours, turn), 0.8, at_most=True),
        verdict("unevenness between agents, of that in turn", _part("uneven", ours, turn), 1, at_most=True),
    ]
    holds += [verdict(f"points more of promises kept than {name}", _gained(ours, found[name]), 4) for name in _HANDS]
    for name in _HANDS:
        gained = _gained(ours, found[name + _PAGES])
        holds.append(verdict(f"points more of promises kept than {name}{_PAGES}", gained, 4))
    newest = found["by hand, newest"]
    holds.append(verdict("longest wait, of that by hand, newest", _part("longest_h", ours, newest), 0.6, at_most=True))
    return holds


def _gained(ours: Sequence[Figures], theirs: Sequence[Figures]) -> float:
    return min(one.kept - other.kept for one, other in zip(ours, theirs, strict=True))


def _part(field: str, ours: Sequence[Figures], theirs: Sequence[Figures]) -> float:
    """The median of the weeks' ratios."""
    return statistics.median(
        getattr(one, field) / getattr(other, field) for one, other in zip(ours, theirs, strict=True)
    )


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
