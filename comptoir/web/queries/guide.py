"""How far the counter has been set up: read off what there is, so that it is right however it was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists

from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
from comptoir.events.models import Event
from comptoir.people.models import Agent, Team

STEPS = ("brand", "team", "channel", "hours", "colleague", "test")
#: Kinds of account that need nobody outside: a message to oneself can come in, and its answer go out, at once.
KINDS_TO_TRY = ("chat", "webhook")


@dataclass(frozen=True, slots=True)
class Progress:
    """What is done of the first steps, by name."""

    done: frozenset[str]

    @property
    def left(self) -> int:
        return len(STEPS) - len(self.done)

    @property
    def next(self) -> str:
        return next((step for step in STEPS if step not in self.done), "")


def progress(agent: Agent) -> Progress:
    """What is done, in one query."""
    hours = Event.objects.filter(subject_kind="channelaccount", name="account.hours_changed")
    asked: dict[str, Any] = {
        "brand": Exists(Brand.objects.all()),
        "team": Exists(Team.objects.all()),
        "channel": Exists(ChannelAccount.objects.active()),
        "hours_set": Exists(ChannelAccount.objects.exclude(weekly_hours={})),
        "hours_chosen": Exists(hours),
        "colleague": Exists(Agent.objects.filter(is_active=True).exclude(pk=agent.pk)),
        "test": Exists(Agent.objects.filter(preferences__guide__tested=True)),
    }
    found: dict[str, Any] = dict(Agent.objects.filter(pk=agent.pk).values(**asked).get())
    hours_done = {"hours"} if found.pop("hours_set") or found.pop("hours_chosen") else set()
    return Progress(frozenset(hours_done | {name for name in found if name in STEPS and found[name]}))


def account_to_try() -> ChannelAccount | None:
    """Where a message to oneself can come in."""
    return ChannelAccount.objects.active().filter(kind__in=KINDS_TO_TRY).order_by("pk").first()
