"""Makes up a week of conversations out of week.toml: the same ones every time, ending when one looks.

Nothing here touches the database: what was said, by whom, and what the agents did about it, with its instant.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

_SCRIPT = Path(__file__).with_name("week.toml")
CONVERSATIONS = 340
DAYS = 7
#: The last hours belong to the morning that is told beside this week.
_ENDS_BEFORE = timedelta(hours=8)
#: How busy each hour of the day is, in the brand's zone: nobody at night, a wave at noon and one in the evening.
_HOURS = (1, 0, 0, 0, 0, 0, 1, 3, 6, 9, 11, 10, 12, 9, 8, 8, 8, 9, 11, 10, 8, 6, 4, 2)
#: Monday is heavy, the end of the week light.
_DAYS = {0: 1.3, 5: 0.8, 6: 0.5}
#: After how many minutes people are answered, from and to.
_ANSWERED_AFTER = {"chat": (1, 7), "bluesky": (8, 260), "email": (25, 560), "webhook": (60, 900)}
_NO_ANSWER, _LATE, _GOES_ON, _COMES_BACK = 0.05, 0.05, 0.65, 0.12


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    name: str
    handle: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, by them or by the agent with that place in the team."""

    at: datetime
    text: str
    key: str
    by_agent: int | None = None


@dataclass(slots=True)
class Story:
    """One conversation: where, who, what was said, and what the agents did about it."""

    brand: str
    channel: str
    person: Person
    thread: str
    post: str
    topic: Mapping[str, Any]
    language: str
    lines: list[Line] = field(default_factory=list)
    stars: int | None = None
    resolved_at: datetime | None = None
    asks_expert: bool = False

    @property
    def answer(self) -> Line | None:
        """Our first word."""
        return next((line for line in self.lines if line.by_agent is not None), None)

    @property
    def is_public(self) -> bool:
        return self.channel in ("bluesky", "webhook")


def week_of_stories(present: datetime) -> list[Story]:
    """The conversations of the days before ``present``, oldest first; the same ones whenever it is."""
    stories = sorted(_stories(tomllib.loads(_SCRIPT.read_text()), present), key=lambda story: story.lines[0].at)
    for story in stories:
        _stop(story, present)
    return stories


def posts(present: datetime) -> Iterator[tuple[str, str, str, datetime]]:
    """What the brands published: brand, key, text and instant."""
    for number, post in enumerate(tomllib.loads(_SCRIPT.read_text())["post"]):
        yield post["brand"], post["key"], post["text"], present - timedelta(days=DAYS - number)


def _stories(script: Mapping[str, Any], present: datetime) -> Iterator[Story]:
    chance = Random("comptoir")  # noqa: S311  # the same week every time is what it is for
    topics: Sequence[Mapping[str, Any]] = script["topic"]
    people: list[Person] = []
    for number in range(CONVERSATIONS):
        topic = chance.choices(topics, [one["weight"] for one in topics])[0]
        if not people or chance.random() > _COMES_BACK:
            people.append(_person(script, chance, number))
            person = people[-1]
        else:
            person = chance.choice(people)
        yield _story(script, topic, person, chance, number, _instant(chance, present))


def _person(script: Mapping[str, Any], chance: Random, number: int) -> Person:
    name = f"{chance.choice(script['first_names'])} {chance.choice(script['last_names'])}"
    plain = name.lower().replace(" ", ".").translate(str.maketrans("éèêëïîàçôû", "eeeeiiacou"))
    return Person(name, f"{plain}.{number}")


def _instant(chance: Random, present: datetime) -> datetime:
    """An instant of the week that is likely for somebody to write."""
    days = [present - timedelta(days=ago) for ago in range(DAYS)]
    day = chance.choices(days, [_DAYS.get(one.weekday(), 1.0) for one in days])[0]
    hour = chance.choices(range(24), _HOURS)[0]
    at = day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60), microsecond=0)
    return at if at <= present - _ENDS_BEFORE else at - timedelta(days=DAYS)


def _story(
    script: Mapping[str, Any], topic: Mapping[str, Any], person: Person, chance: Random, number: int, at: datetime
) -> Story:
    channel = chance.choice(topic["channels"])
    values = {
        "city": chance.choice(script["cities"]),
        "day": chance.choice(script["days"]),
        "order": f"ML-{chance.randrange(20_000, 49_999)}",
        "name": person.first_name,
    }
    values["thing"] = chance.choice(topic["things"]).format(**values)
    on_post = channel == "bluesky" and "posts" in topic
    post = chance.choice(topic["posts"]) if on_post else ""
    story = Story(
        topic["brand"], channel, person, f"week-{number}", post, {**topic, "values": values},
        topic.get("language", "fr"), asks_expert=bool(topic.get("expert")) and chance.random() < 0.5,
    )  # fmt: skip
    if topic.get("review") and channel == "webhook":
        story.stars = chance.choice((1, 2, 4, 5, 5))
    _tell(story, topic, values, chance, at)
    return story


def _stop(story: Story, present: datetime) -> None:
    """What would be said later has not been said."""
    story.lines = [line for line in story.lines if line.at <= present]
    if story.resolved_at and story.resolved_at > present:
        story.resolved_at = None


def _tell(story: Story, topic: Mapping[str, Any], values: Mapping[str, str], chance: Random, at: datetime) -> None:
    agent = chance.randrange(100)

    def say(when: datetime, texts: Sequence[str], by_agent: int | None = None) -> datetime:
        text = chance.choice(texts).format(**values)
        text = text[:1].upper() + text[1:]
        story.lines.append(Line(when, text, f"{story.thread}-{len(story.lines)}", by_agent))
        return when

    at = say(at, topic["say"])
    if chance.random() < topic.get("no_answer", _NO_ANSWER):
        if not topic.get("angry"):  # a kind word is read and closed; an unanswered complaint stays
            story.resolved_at = at + timedelta(minutes=chance.randint(20, 300))
        return
    first, last = _ANSWERED_AFTER[story.channel]
    wait = timedelta(minutes=chance.randint(first, last))
    at = say(
        at + (timedelta(hours=chance.randint(25, 40)) if chance.random() < _LATE else wait), topic["answer"], agent
    )
    if topic["then"] and chance.random() < _GOES_ON:
        at = say(at + timedelta(minutes=chance.randint(2, 240)), topic["then"])
    if chance.random() < 0.9:
        story.resolved_at = at + timedelta(minutes=chance.randint(1, 90))
