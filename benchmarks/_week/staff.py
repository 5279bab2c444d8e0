"""Who is there, what they can do, and how long they take for it: the same thirty people in every week.

Thirty-five hours each in five days, early, between or late, an hour off at noon and a quarter of an hour in each half
day. All speak French, more than half of them English, a quarter each of the other languages; what needs knowledge about
half of them know, at three levels. Who cannot do something passes it on to a colleague who is there and can: that costs
the time of reading it and of finding them. Where nobody is there who can, it is done with a translation and by asking
around, in twice the time. Whoever knows the customer already is a little quicker.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks._week.world import TOPICS, ZONE, Drawn, Setting
from comptoir.core.hours import DAYS
from comptoir.people.models import Agent, AgentSkill

AGENTS = 30
CAPACITY_POINTS = 10
READING_S, FINDING_S = 40.0, 60.0  # before passing on: of the agent's own time, then until a colleague has it
# To find back into what was put aside: some seconds (Altmann, Trafton, *Task Interruption*, CogSci 2004).
RESUMING_S = 8.0
NEXT_S = 4.0  # from one conversation to the next of one's own list
NOTICED_S = 10.0  # until something new is noticed by somebody who has nothing to do

BASIC, GOOD, EXPERT = AgentSkill.Level
_SHIFTS = (
    (["08:00", "12:00"], ["13:00", "16:00"]),
    (["12:00", "15:30"], ["16:30", "20:00"]),
    (["08:00", "11:30"], ["12:30", "16:00"]),
    (["09:30", "13:00"], ["14:00", "17:30"]),
    (["13:00", "16:30"], ["17:00", "20:30"]),
)
_BY_LEVEL = {0: 2.0, BASIC: 1.25, GOOD: 1.0, EXPERT: 0.85}
_UNKNOWN_LANGUAGE, _KNOWN_CUSTOMER = 2.0, 0.85
_LANGUAGE_SPEAKERS = {"en": 17, "es": 8, "de": 8, "it": 7}
_KNOWERS = {"billing": 15, "account": 16, "technical": 16}


@dataclass(slots=True)
class Person:
    """One agent: ``row`` is the product's own, never saved, so that the product says whether they are there."""

    id: int
    row: Agent
    levels: dict[str, int]
    eagerness: float
    busy_s: float = 0.0
    here_s: float = 0.0
    breaks: list[tuple[int, int]] = field(default_factory=list)

    def is_here(self, at: datetime) -> bool:
        return self.row.presence(at) == Agent.Availability.AVAILABLE

    def can(self, one: Drawn) -> bool:
        """Whether they would not pass it on."""
        return self.speaks(one.language) and self.level_in(one) > 0

    def speaks(self, language: str) -> bool:
        return language == "fr" or language in self.levels

    def level_in(self, one: Drawn) -> int:
        return self.levels.get(one.topic, 0) if TOPICS[one.topic].needs else GOOD

    def work_s(self, one: Drawn, turn: int, *, knows_customer: bool) -> float:
        """Seconds that they need for one turn."""
        factor = _BY_LEVEL[self.level_in(one)]
        factor *= 1.0 if self.speaks(one.language) else _UNKNOWN_LANGUAGE
        factor *= _KNOWN_CUSTOMER if knows_customer else 1.0
        return one.turns[turn][0] * factor


def hire(setting: Setting) -> list[Person]:
    """Everybody, the same every time."""
    chance = random.Random(30)
    people = [_person(number, chance) for number in range(AGENTS)]
    for name, count in (_LANGUAGE_SPEAKERS | _KNOWERS).items():
        for place, one in enumerate(chance.sample(people, count)):
            one.levels[name] = (GOOD, EXPERT, GOOD, BASIC)[place % 4]
    if setting.everybody_can_all:
        for one in people:
            one.levels |= dict.fromkeys(_LANGUAGE_SPEAKERS | _KNOWERS, GOOD)
    return people


def _person(number: int, chance: random.Random) -> Person:
    works_on_saturday = number % 5 < 3
    off = (number + number // 5) % 5 if works_on_saturday else 5
    days = [day for place, day in enumerate(DAYS[:6]) if place != off]
    shift = _SHIFTS[number % len(_SHIFTS)]
    hours = {day: [list(span) for span in shift] for day in days}
    row = Agent(id=number + 1, name=f"Agent {number + 1}", working_hours=hours, time_zone=ZONE)
    breaks = [(_minutes(span[0]) + 90 + 5 * (number % 6), 15) for span in shift]
    return Person(number + 1, row, {}, eagerness=chance.uniform(0.5, 2.0), breaks=breaks)


def _minutes(wall: str) -> int:
    hours, minutes = wall.split(":")
    return int(hours) * 60 + int(minutes)
