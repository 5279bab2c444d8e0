"""What comes in during the week, drawn once for a seed: it is the same for every way of sharing it out.

Assumptions, ours, chosen so that 20,000 conversations take about three quarters of the hours of thirty people. Five
channels: public comments and private messages come at any hour, mostly in the morning and in the evening, mails by day,
chats and calls while the counter is open (Monday to Saturday, 08:00 to 20:00). A conversation is turns: the customer
says something, an agent works on it, the customer takes some time. Work is log-normal (σ 0.6), as handling times were
found to be by Brown et al., *Statistical Analysis of a Telephone Call Center*, JASA 100, 2005. On the day of the strike
four times as many ask where their parcel is.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: Monday, 2 March 2026, midnight in Paris. Seconds of the simulation are counted from here.
MONDAY = datetime(2026, 3, 1, 23, tzinfo=UTC)
HOUR, DAY = 3600.0, 86400.0
ZONE = "Europe/Paris"
OPENS, CLOSES = 8, 20
OPENING = {day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
STRIKE_DAY = 2  # Wednesday

_SIGMA = 0.6
_DAYS = (1.15, 1.0, 1.0, 1.0, 0.95, 0.7, 0.45)
_ANY_HOUR = (3, 2, 1, 1, 1, 2, 4, 8, 12, 15, 16, 15, 14, 13, 12, 12, 12, 13, 15, 16, 17, 15, 10, 6)
_BY_DAY = (1, 1, 1, 1, 1, 2, 5, 10, 17, 20, 20, 17, 12, 15, 17, 17, 15, 12, 9, 7, 6, 5, 3, 2)
_WHILE_OPEN = (0,) * 8 + (8, 12, 14, 13, 9, 9, 12, 12, 12, 12, 10, 7) + (0,) * 4
_LANGUAGES = {"fr": 0.66, "en": 0.13, "es": 0.08, "de": 0.08, "it": 0.05}
_COMES_AGAIN, _VIP = 0.12, 0.03


@dataclass(frozen=True, slots=True)
class Channel:
    """``share`` of all conversations; work in seconds, of the first turn and of later ones, of which there are
    ``more`` on average; ``gap_s`` is what the customer takes between two. ``is_live``: they stay and wait.
    """

    share: float
    promise: timedelta
    hours: tuple[int, ...]
    first_s: float
    later_s: float = 0.0
    more: float = 0.0
    gap_s: float = 0.0
    is_public: bool = False
    is_live: bool = False


#: What is promised of each is for any customer's turn, in opening hours.
CHANNELS: Mapping[str, Channel] = {
    "facebook": Channel(0.42, timedelta(minutes=30), _ANY_HOUR, 55, 42, 0.2, HOUR, is_public=True),
    "whatsapp": Channel(0.22, timedelta(hours=1), _ANY_HOUR, 72, 51, 0.8, 600),
    "email": Channel(0.20, timedelta(hours=4), _BY_DAY, 145, 102, 0.25, 5 * HOUR),
    "chat": Channel(0.10, timedelta(minutes=1), _WHILE_OPEN, 21, 38, 4.0, 45, is_live=True),
    "phone": Channel(0.06, timedelta(minutes=1), _WHILE_OPEN, 204, is_live=True),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """``needs`` is the level without which an agent passes it on (0: anybody can); ``words`` is what rules look for."""

    share: float
    needs: int
    words: str


TOPICS: Mapping[str, Topic] = {
    "delivery": Topic(0.30, 0, "livraison"),
    "returns": Topic(0.18, 0, "retour"),
    "billing": Topic(0.16, 1, "facture"),
    "account": Topic(0.18, 1, "mot de passe"),
    "technical": Topic(0.18, 2, "panne"),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One conversation: when it begins (``at_s``), and its turns, each with its work and what the customer then takes
    before the next. ``says_topic``: its words tell what it is about.
    """

    id: int
    at_s: float
    contact: int
    channel: str
    topic: str
    language: str
    is_vip: bool
    says_topic: bool
    turns: tuple[tuple[float, float], ...]

    @property
    def is_live(self) -> bool:
        return CHANNELS[self.channel].is_live

    @property
    def text(self) -> str:
        """What rules read."""
        about = f"à propos de : {TOPICS[self.topic].words}" if self.says_topic else "j'ai un souci"
        return f"Bonjour, {about}. Merci de me répondre."


@dataclass(frozen=True, slots=True)
class Setting:
    """What is changed of the week to see how much hangs on it. ``recognised`` is how often words tell the topic."""

    name: str = "the week"
    conversations: int = 20_000
    strike: float = 4.0
    recognised: float = 0.85
    everybody_can_all: bool = False
    effort: float = 1.0


def at_instant_of(second: float) -> datetime:
    """A second of the simulation as an instant."""
    return MONDAY + timedelta(seconds=second)


def draw_week(setting: Setting, chance: random.Random) -> list[Drawn]:
    """All conversations of the week, in order."""
    cells, weights = _cells(setting)
    picked = sorted(
        (day * DAY + (hour + chance.random()) * HOUR, channel, topic)
        for day, hour, channel, topic in chance.choices(cells, weights, k=setting.conversations)
    )
    people = itertools.count(1)
    known: list[int] = []
    drawn = []
    for number, (at, channel, topic) in enumerate(picked, start=1):
        comes_again = bool(known) and chance.random() < _COMES_AGAIN
        contact = chance.choice(known) if comes_again else next(people)
        known.append(contact)
        drawn.append(
            Drawn(
                id=number, at_s=at, contact=contact, channel=channel, topic=topic,
                language=chance.choices(list(_LANGUAGES), list(_LANGUAGES.values()))[0],
                is_vip=chance.random() < _VIP, says_topic=chance.random() < setting.recognised,
                turns=_turns(CHANNELS[channel], setting.effort, chance),
            )
        )  # fmt: skip
    return drawn


def _cells(setting: Setting) -> tuple[list[tuple[int, int, str, str]], list[float]]:
    """Each hour of each day, channel and topic, with how much of the week falls there."""
    cells, weights = [], []
    for (day, share), hour, (name, channel), (topic, about) in itertools.product(
        enumerate(_DAYS), range(24), CHANNELS.items(), TOPICS.items()
    ):
        is_closed = channel.is_live and day == 6
        hours = channel.hours[hour] / sum(channel.hours)
        weight = 0.0 if is_closed else share * hours * channel.share * about.share
        if day == STRIKE_DAY and topic == "delivery" and hour >= 6:
            weight *= setting.strike
        cells.append((day, hour, name, topic))
        weights.append(weight)
    return cells, weights


def _turns(channel: Channel, effort: float, chance: random.Random) -> tuple[tuple[float, float], ...]:
    turns = [(_work(channel.first_s * effort, chance), 0.0)]
    while channel.more and chance.random() < channel.more / (1 + channel.more):
        turns[-1] = (turns[-1][0], chance.expovariate(1 / channel.gap_s))
        turns.append((_work(channel.later_s * effort, chance), 0.0))
    return tuple(turns)


def _work(mean_s: float, chance: random.Random) -> float:
    return chance.lognormvariate(math.log(mean_s) - _SIGMA**2 / 2, _SIGMA)
