"""Teams and rules that a small company starts with: at one press, and as if somebody had written them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comptoir.conversations.models import Priority
from comptoir.events.record import SYSTEM, Actor
from comptoir.people.actions import create_team
from comptoir.people.models import Agent, Team
from comptoir.routing.arranging import Way, arrange_team
from comptoir.routing.models import RoutingRule, Strategy, TeamRouting
from comptoir.routing.rules import Terms, create_rule

_ROLES = {
    Team.Purpose.SERVICE: (Agent.Role.AGENT, Agent.Role.SUPERVISOR),
    Team.Purpose.EXPERTISE: (Agent.Role.EXPERT,),
    Team.Purpose.MARKETING: (Agent.Role.COMMUNITY_MANAGER,),
}
_PRESS_WORDS = (
    "journaliste", "journalistes", "service presse", "attaché de presse", "la presse", "reportage", "interview",
    "la rédaction", "journalist", "press office", "the press", "newsroom", "reporter",
)  # fmt: skip
_MATTERS = ("complaint", "request", "question")


@transaction.atomic
def ship(*, by: Actor = SYSTEM) -> Mapping[str, Team]:
    """Have a team for each purpose, and the default rules where there are none yet; twice is no more than once."""
    teams = {purpose: _team(purpose, by) for purpose in Team.Purpose.values}
    _arrange(teams[Team.Purpose.SERVICE], by)
    if not RoutingRule.objects.exists():
        for terms in shipped_rules(teams[Team.Purpose.SERVICE], teams[Team.Purpose.MARKETING]):
            create_rule(terms, by=by)
    return teams


def _team(purpose: str, by: Actor) -> Team:
    """The first of that purpose; a new one is of those whose role it is and who are in no team."""
    found = Team.objects.filter(purpose=purpose).order_by("pk").first()
    if found is not None:
        return found
    names = {
        "service": _("Customer service"), "expertise": _("Experts"), "marketing": _("Communication"),
    }  # fmt: skip
    roles = _ROLES[Team.Purpose(purpose)]
    members = Agent.objects.filter(is_active=True, teams=None, role__in=roles)
    return create_team(name=_free_name(names[purpose]), purpose=purpose, agents=list(members), by=by)


def _free_name(name: str) -> str:
    taken = set(Team.objects.values_list("name", flat=True))
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


def _arrange(service: Team, by: Actor) -> None:
    """The service gives out its work by load, unless somebody has said how."""
    if TeamRouting.objects.filter(pk=service.pk).exists():
        return
    way = Way(
        strategy=Strategy.LEAST_LOAD,
        same_agent_within=timedelta(days=7),
        overflow_after=timedelta(minutes=30),
        returns_after=timedelta(minutes=15),
    )
    arrange_team(service.pk, way, by=by)


def shipped_rules(service: Team, marketing: Team) -> Sequence[Terms]:
    """In order: what only raises or tags goes first and goes on; then where a message belongs."""
    to_service = {"kind": "team", "among": [str(service.pk)]}
    to_marketing = {"kind": "team", "among": [str(marketing.pk)]}
    high = {"kind": "priority", "among": [str(Priority.HIGH.value)]}
    return (
        Terms([{"kind": "vip", "among": []}], [high], goes_on=True),
        Terms(
            [{"kind": "urgency", "among": ["3"]}],
            [{"kind": "priority", "among": [str(Priority.URGENT.value)]}], goes_on=True,
        ),
        Terms(
            [{"kind": "text", "among": list(_PRESS_WORDS)}],
            [to_marketing, high, {"kind": "tags", "among": [pgettext("tag", "press")]}],
        ),
        Terms(
            [{"kind": "rating", "among": ["2"]}],
            [to_service, high, {"kind": "tags", "among": [pgettext("tag", "bad review")]}],
        ),
        Terms(
            [{"kind": "intent", "among": ["purchase_intent"]}],
            [to_service, {"kind": "tags", "among": [pgettext("tag", "purchase")]}],
        ),
        Terms([{"kind": "under_our_post", "among": []}, {"kind": "intent", "among": list(_MATTERS)}], [to_service]),
    )  # fmt: skip
