"""What is known of the person one speaks with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation, Draft
from comptoir.core.clock import now
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import GRANTS, Permission
from comptoir.sla.models import SLAClock

_MOST_OTHERS = 20


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """The person's names, their other exchanges that the agent may read, and what was promised in this one."""

    identities: Sequence[ContactIdentity]
    others: Sequence[Conversation]
    clocks: Sequence[SLAClock]
    present: datetime


def person_seen(conversation: Conversation, agent: Agent) -> PersonSeen:
    """For the pane beside the exchange."""
    others = (
        Conversation.objects.visible_to(agent).filter(contact_id=conversation.contact_id).exclude(pk=conversation.pk)
    )
    return PersonSeen(
        identities=list(conversation.contact.identities.order_by("channel", "id")[:_MOST_OTHERS]),
        others=list(others.select_related("account").distinct().order_by("-last_message_at")[:_MOST_OTHERS]),
        clocks=list(conversation.clocks.select_related("policy").order_by("-started_at")[:3]),
        present=now(),
    )


def who_may_answer(conversation: Conversation) -> QuerySet[Agent]:
    """Agents whom the conversation can be given to: those of its team who answer, and those who see every team."""
    answering = [role for role, granted in GRANTS.items() if Permission.ANSWER in granted]
    everywhere = [role for role in answering if Permission.SEE_EVERY_TEAM in GRANTS[role]]
    able = Agent.objects.filter(is_active=True, role__in=answering)
    return (able.filter(teams=conversation.team) | able.filter(role__in=everywhere)).distinct().order_by("name")


def teams_to_choose() -> QuerySet[Team]:
    return Team.objects.order_by("name")


def others_drafts(conversation: Conversation, agent: Agent) -> QuerySet[Draft]:
    """What colleagues have begun to write here."""
    return conversation.drafts.exclude(agent=agent).select_related("agent").order_by("-updated_at")
