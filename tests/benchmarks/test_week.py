"""The simulated week runs, small, whoever shares out the work; what the whole one gives is in docs/routing.md."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest

from benchmarks._week.desks import ByHand, InTurn
from benchmarks._week.figures import figures_of
from benchmarks._week.ours import Comptoir
from benchmarks._week.running import Desk, Outcome, Week
from benchmarks._week.staff import hire
from benchmarks._week.world import MONDAY, Drawn, Setting, draw_week

SMALL = Setting(conversations=400)
WAYS = {
    "comptoir": Comptoir,
    "in turn": InTurn,
    "by hand": partial(ByHand, order="shortest"),
}


def drawn() -> list[Drawn]:
    return draw_week(SMALL, random.Random(3))


def run(desk: Callable[[Week], Desk]) -> Outcome:
    return Week(drawn(), hire(SMALL), desk, 3).run()


def test_the_same_seed_draws_the_same_week() -> None:
    assert drawn() == drawn()
    assert {one.at_s < 7 * 86400 for one in drawn()} == {True}


def test_the_week_begins_on_a_monday_at_midnight_in_paris() -> None:
    assert MONDAY.isoformat() == "2026-03-01T23:00:00+00:00"


@pytest.mark.parametrize("name", WAYS)
def test_every_turn_of_every_conversation_is_answered_once_after_it_was_said(name: str) -> None:
    replies = run(WAYS[name]).replies
    wanted = {(one.id, turn) for one in drawn() for turn in range(len(one.turns))}
    assert len(replies) == len(wanted)
    assert {(one.drawn.id, one.turn) for one in replies} == wanted
    assert all(one.since <= one.at for one in replies)


def test_a_quiet_week_keeps_more_promises_with_comptoir_than_in_turn() -> None:
    ours, theirs = figures_of(run(Comptoir)), figures_of(run(InTurn))
    assert ours.kept > theirs.kept
    assert ours.passed_on < theirs.passed_on


def test_nobody_works_more_than_they_are_there() -> None:
    for person in run(Comptoir).people:
        assert 0 < person.busy_s < person.here_s
