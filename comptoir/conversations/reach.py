"""What an agent may read beyond what is theirs: conversations about which their team, or they, are asked something."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from comptoir.conversations.models import Consultation, Conversation, HandOff, JoinedConversation, Matter
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may


def asked_of(agent: Agent) -> ConversationQuerySet:
    """What is offered to a team of theirs, and what they are consulted about, until that is decided.

    It is theirs to read, so that they can decide; to act on it they must have accepted it.
    """
    if not may(agent, Permission.READ_CONVERSATIONS):
        return Conversation.objects.none()
    offered = HandOff.objects.offered().filter(to_team__in=agent.teams.all())
    asked = Consultation.objects.open().filter(expert=agent)
    return Conversation.objects.filter(
        Q(pk__in=offered.values("conversation")) | Q(pk__in=asked.values("conversation"))
    )


def readable_by(agent: Agent) -> ConversationQuerySet:
    """What is visible to them, and what is asked of them. For conversations that are named: a list of millions is made
    of `visible_to` alone.
    """
    visible = Conversation.objects.visible_to(agent).order_by().values("pk")
    return Conversation.objects.filter(Q(pk__in=visible) | Q(pk__in=asked_of(agent).order_by().values("pk")))


def hand_offs_of(agent: Agent) -> QuerySet[HandOff]:
    """Those about what the agent may read, and those that their teams were offered."""
    readable = readable_by(agent).order_by().values("pk")
    return HandOff.objects.filter(Q(to_team__in=agent.teams.all()) | Q(conversation__in=readable))


def consultations_of(agent: Agent) -> QuerySet[Consultation]:
    """The questions about what is the agent's to act on, and those that are put to them."""
    visible = Conversation.objects.visible_to(agent).order_by().values("pk")
    return Consultation.objects.filter(Q(conversation__in=visible) | Q(expert=agent))


def matters_of(agent: Agent) -> QuerySet[Matter]:
    """Those with a conversation that the agent may read, and their own."""
    visible = Conversation.objects.visible_to(agent).order_by().values("pk")
    joined = JoinedConversation.objects.filter(conversation__in=visible).values("matter")
    return Matter.objects.filter(Q(pk__in=joined) | Q(owner=agent))
