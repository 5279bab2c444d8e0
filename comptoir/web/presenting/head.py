"""What the head of an open conversation is given: whose it is, and what can be done to it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from comptoir.automations.queries import macros_for
from comptoir.conversations.models import Conversation, Priority
from comptoir.core.clock import now
from comptoir.delivery.handover import holder_of
from comptoir.desk.snoozing import snooze_ends
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission, may
from comptoir.routing.assigning.queue import place_in_queue
from comptoir.web.presenting.routing import priority_words
from comptoir.web.queries.holdings import Holdings
from comptoir.web.queries.person import teams_to_choose, who_may_answer
from comptoir.web.queries.tags import tags_on
from comptoir.web.requests import AgentRequest

#: What the screen does once a conversation is resolved; an agent's own choice, kept in their preferences.
AFTER_RESOLVING = ("next", "stay", "list")
AFTER_RESOLVING_LABELS: dict[str, str | Promise] = {
    "next": gettext_lazy("Open the next conversation"),
    "stay": gettext_lazy("Stay here"),
    "list": gettext_lazy("Go back to the list"),
}

_END_LABELS: dict[str, str | Promise] = {
    "hour": gettext_lazy("In an hour"),
    "tomorrow": gettext_lazy("Tomorrow morning"),
    "monday": pgettext_lazy("snooze", "Monday morning"),
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody the conversation can be given to, told from others of the same name."""

    agent: Agent
    teams: str
    #: The address, where two have one name.
    email: str


@dataclass(frozen=True, slots=True)
class SnoozeEnd:
    """One moment at which it may come back."""

    name: str
    label: str | Promise
    at: datetime


def head_context(request: AgentRequest, conversation: Conversation, held: Holdings) -> dict[str, Any]:
    """Who owns it, when it may come back, and what else can be done; whom it can be given to and the macros come when
    their menus are opened.
    """
    return {
        "conversation": conversation,
        "holder": holder_of(conversation),
        "tags": tags_on(conversation, held),
        "is_followed": held.is_followed,
        "has_telephone": held.has_telephone,
        "priorities": Priority.choices,
        "presses": priority_words(held.priority),
        "place": place_in_queue(conversation.pk, now()) if held.is_queued else None,
        "snooze_ends": _snooze_ends(conversation) if may(request.agent, Permission.RESOLVE) else [],
        "time_zone": timezone.get_current_timezone_name(),
        "after_resolving": after_resolving(request.agent),
        "after_resolving_labels": AFTER_RESOLVING_LABELS,
    }


def receivers_context(conversation: Conversation) -> dict[str, Any]:
    """Whom the conversation can be given to."""
    teams = list(teams_to_choose())
    return {"conversation": conversation, "colleagues": _colleagues(conversation, teams), "teams": teams}


def macros_context(request: AgentRequest, conversation: Conversation) -> dict[str, Any]:
    """The macros that can be run on it; the key has one press of a button run it once."""
    return {"conversation": conversation, "macros": list(macros_for(request.agent)), "run_key": uuid.uuid4()}


def after_resolving(agent: Agent) -> str:
    """The agent's choice; the next conversation where they made none."""
    chosen = agent.preferences.get("after_resolving", "")
    return chosen if chosen in AFTER_RESOLVING else AFTER_RESOLVING[0]


def _colleagues(conversation: Conversation, teams: Sequence[Team]) -> list[Colleague]:
    """``teams`` are all there are, by name: so are those of each colleague."""
    rows = who_may_answer(conversation).select_related("user").only("name", "availability", "user__email")
    found = list(rows)
    of_agent = Agent.teams.through.objects.filter(agent__in=[one.pk for one in found])
    members = set(of_agent.values_list("agent_id", "team_id"))
    named = Counter(one.name for one in found)
    return [
        Colleague(
            agent=one,
            teams=", ".join(team.name for team in teams if (one.pk, team.pk) in members),
            email=one.user.email if named[one.name] > 1 else "",
        )
        for one in found
    ]


def _snooze_ends(conversation: Conversation) -> list[SnoozeEnd]:
    ends = snooze_ends(conversation.account, now())
    return [SnoozeEnd(name, _END_LABELS[name], at) for name, at in ends.items()]
