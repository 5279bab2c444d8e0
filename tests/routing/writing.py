"""Rules and teams for tests, with what each test does not care about filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.analysis.models import ContactReason, MessageAnalysis, MessageTopic, MessageToRead
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.people.models import Agent, AgentSkill, Skill, Team
from comptoir.routing.facts import Facts
from comptoir.routing.models import RoutingRule, TeamRouting
from comptoir.routing.rules import Terms, create_rule
from tests.factories import make_agent

#: A Monday, 11:00 in Paris.
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


def condition(kind: str, *among: object, unless: bool = False) -> dict[str, Any]:
    return {"kind": kind, "among": [str(one) for one in among]} | ({"not": True} if unless else {})


def effect(kind: str, *among: object) -> dict[str, Any]:
    return {"kind": kind, "among": [str(one) for one in among]}


def rule(conditions: Sequence[dict[str, Any]], *effects: dict[str, Any], goes_on: bool = False) -> RoutingRule:
    return create_rule(Terms(conditions, effects, goes_on))


def facts(text: str = "Bonjour", **fields: Any) -> Facts:
    """A private e-mail of somebody unknown."""
    defaults: dict[str, Any] = {
        "conversation_id": 1, "message_id": 1, "account_id": 1, "channel": "email", "brand_id": 1, "is_public": False,
        "language": "fr", "tags": frozenset(), "rating": None, "is_returning": False, "at": MONDAY,
    }  # fmt: skip
    return Facts(text=text, **defaults | fields)


def gives_out(team: Team, strategy: str = "least_load", **fields: Any) -> TeamRouting:
    """Have a team give out its work; nobody knows a customer, nothing overflows unless told."""
    defaults: dict[str, Any] = {"same_agent_within": None, "overflow_after": None, "returns_after": timedelta(0)}
    return TeamRouting.objects.update_or_create(team=team, defaults=defaults | {"strategy": strategy} | fields)[0]


def member(team: Team, name: str = "Awa Diop", *, capacity: int = 10, **fields: Any) -> Agent:
    """Somebody of the team who is there."""
    agent = make_agent(teams=[team], name=name)
    Agent.objects.filter(pk=agent.pk).update(capacity_points=capacity, **fields)
    agent.refresh_from_db()
    return agent


def can(agent: Agent, name: str, *, kind: str = "topic", level: int = 2) -> Skill:
    skill, _made = Skill.objects.get_or_create(kind=kind, name=name)
    AgentSkill.objects.create(agent=agent, skill=skill, level=level)
    return skill


def read_about(message: Message, reason: ContactReason) -> None:
    """What analysis writes once it has read a message."""
    analysis, _is_new = MessageAnalysis.objects.update_or_create(
        message=message,
        defaults={
            "form": "full", "heads": "1", "read_at": now(), "language": "fr", "sentiment": "neutral",
            "sentiment_score": 0, "sentiment_confidence": 1, "intent": "question", "intent_confidence": 1,
            "needs_answer": True, "urgency": 0, "toxicity": 0, "spam": 0,
        },
    )  # fmt: skip
    MessageTopic.objects.update_or_create(analysis=analysis, defaults={"reason": reason, "confidence": 0.9})
    MessageToRead.objects.filter(message=message).delete()
