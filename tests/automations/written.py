"""Automations for tests, and the worker's part of them done at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.running import run_next
from comptoir.automations.writing import Terms, create_automation
from comptoir.core.clock import at_instant, now
from comptoir.events.models import Event
from comptoir.events.record import SYSTEM, Actor
from comptoir.people.models import Agent
from comptoir.reactions import REACTIONS

RELANCE = "Relance"
_FOLLOWERS = (
    "automations", "writers of automations", "hours of automations", "notifications", "webhooks", "notices",
)  # fmt: skip


def terms(
    trigger: str, *acts: dict[str, Any], conditions: Sequence[dict[str, Any]] = (), name: str = RELANCE,
    among: Sequence[str] = (), after: timedelta | None = None, is_in_working_time: bool = False, **limits: int,
) -> Terms:  # fmt: skip
    """Unchecked; a trigger of time takes ``after``."""
    when: dict[str, Any] = {"kind": trigger, "among": list(among), "is_in_working_time": is_in_working_time}
    if after is not None:
        when["after_minutes"] = int(after / timedelta(minutes=1))
    return Terms(name, when, conditions, acts, **limits)


def automation(
    trigger: str, *acts: dict[str, Any], since: datetime | None = None, writer: Agent | None = None, by: Actor = SYSTEM,
    **more: Any,
) -> Automation:  # fmt: skip
    """One in force, since an hour ago unless told otherwise."""
    with at_instant(since or now() - timedelta(hours=1)):
        return create_automation(terms(trigger, *acts, **more), is_active=True, writer=writer, by=by)


def tag(name: str = "vu") -> dict[str, Any]:
    return {"act": "tag", "name": name}


def follow() -> None:
    """Let everything react to what happened and was not reacted to yet."""
    seen = set(AutomationRun.objects.values_list("event_id", flat=True))
    events = [one for one in Event.objects.order_by("pk") if one.pk not in seen]
    for reaction in REACTIONS:
        if reaction.name in _FOLLOWERS and (wanted := reaction.wanted(events)):
            reaction.react(wanted)


def run_all() -> None:
    while run_next():
        pass


def settle(rounds: int = 8) -> None:
    """Follow and run until nothing comes of it any more."""
    for _round in range(rounds):
        follow()
        run_all()


def ended() -> list[tuple[str, str]]:
    """What became of each run, the oldest first, with its reason."""
    return [(one.state, str(one.reason)) for one in AutomationRun.objects.order_by("pk")]
