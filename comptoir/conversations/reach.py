"""What an agent may read beyond what is theirs: conversations about which their team, or they, are asked something, and
those that they handed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Consultation, Conversation, Following, HandOff, JoinedConversation, Matter
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

_MOST_KEPT = 5000


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


def kept_by(agent: Agent) -> ConversationQuerySet:
    """What they handed over and another team accepted, until they follow it no longer.

    They go on reading what becomes of it. Whoever is shown the account no more (another brand's, or reserved for other
    teams by now) reads nothing of it either.
    """
    if not may(agent, Permission.READ_CONVERSATIONS):
        return Conversation.objects.none()
    kept = Following.objects.filter(agent=agent, keeps_reading=True).values("conversation")
    hidden = ChannelAccount.objects.hidden_from(agent).order_by().values("pk")
    return Conversation.objects.filter(pk__in=kept).exclude(account__in=hidden)


def looked_on_by(agent: Agent) -> ConversationQuerySet:
    """What they may read though it need not be theirs to act on: what is asked of them, and what they handed over."""
    asked, kept = asked_of(agent).order_by().values("pk"), kept_by(agent).order_by().values("pk")
    return Conversation.objects.filter(Q(pk__in=asked) | Q(pk__in=kept))


def kept_ids(agent: Agent) -> Sequence[int]:
    """The ids of what they handed over, of much the newest: few, and the planner can weigh them. One cheap query."""
    return list(kept_by(agent).order_by("-pk").values_list("pk", flat=True)[:_MOST_KEPT])


def found_by(agent: Agent) -> ConversationQuerySet:
    """What is visible to them, and what they handed over: where they look for something, they find that too."""
    sees_all = agent.role == Agent.Role.ADMINISTRATOR
    return Conversation.objects.visible_to(agent, besides=() if sees_all else kept_ids(agent))


def readable_by(agent: Agent) -> ConversationQuerySet:
    """All that they may read. For conversations that are named: a list of millions is made of `visible_to` alone."""
    visible = Conversation.objects.visible_to(agent).order_by().values("pk")
    return Conversation.objects.filter(Q(pk__in=visible) | Q(pk__in=looked_on_by(agent).order_by().values("pk")))


def hand_offs_of(agent: Agent) -> QuerySet[HandOff]:
    """Those about what the agent may read, and those that their teams were offered: once decided, no longer where its
    account is hidden from them, unless it was they who decided. What is asked may name the customer.
    """
    readable = readable_by(agent).order_by().values("pk")
    hidden = ChannelAccount.objects.hidden_from(agent).order_by().values("pk")
    decided = Q(ended_by=agent) | Q(answered_by=agent) | ~Q(conversation__account__in=hidden)
    asked = Q(to_team__in=agent.teams.all()) & (Q(state=HandOff.State.OFFERED) | decided)
    return HandOff.objects.filter(asked | Q(conversation__in=readable))


def consultations_of(agent: Agent) -> QuerySet[Consultation]:
    """The questions about what is the agent's to act on, and those that are put to them."""
    visible = Conversation.objects.visible_to(agent).order_by().values("pk")
    return Consultation.objects.filter(Q(conversation__in=visible) | Q(expert=agent))


def matters_of(agent: Agent) -> QuerySet[Matter]:
    """Those with a conversation that the agent may read, and their own."""
    visible = Conversation.objects.visible_to(agent).order_by().values("pk")
    joined = JoinedConversation.objects.filter(conversation__in=visible).values("matter")
    return Matter.objects.filter(Q(pk__in=joined) | Q(owner=agent))
