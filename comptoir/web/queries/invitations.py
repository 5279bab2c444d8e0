"""What is known of the way from public to private."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from comptoir.conversations.models import Conversation
from comptoir.delivery.checking import can_answer
from comptoir.desk.models import Invitation
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.web.queries.holdings import Holdings

_MOST = 3


def private_context(conversation: Conversation, agent: Agent, held: Holdings) -> dict[str, Any]:
    """The last invitations, which of them wants a closing word, where this one came from, and what may be offered."""
    invitations: list[Invitation] = []
    came_from = None
    if conversation.is_public and held.has_invitations:
        given_up = Q(sent_at=None, opened_at=None, created_at__lt=Subquery(_newest(conversation)))
        invitations = list(conversation.invitations.exclude(given_up).order_by("-created_at")[:_MOST])
    elif held.was_invited:
        joined = Invitation.objects.filter(joined=conversation)
        came_from = joined.select_related("conversation__account").order_by("pk").first()
    linked = [one.joined_id for one in invitations] + ([came_from.conversation_id] if came_from else [])
    return {
        "invitations": invitations,
        "came_from": came_from,
        "readable": _readable(linked, agent),
        "wants_closing": any(one.solved_at and not one.closed_at for one in invitations),
        "may_invite": conversation.is_public and may(agent, Permission.ANSWER) and can_answer(conversation.account),
        "has_chat": conversation.is_public and held.has_chat,
    }


def _newest(conversation: Conversation) -> QuerySet[Invitation, Any]:
    return conversation.invitations.order_by("-created_at").values("created_at")[:1]


def _readable(linked: Sequence[int | None], agent: Agent) -> set[int]:
    """Those of some conversations that the agent may open."""
    if not any(linked):
        return set()
    seen = Conversation.objects.visible_to(agent).filter(pk__in=[pk for pk in linked if pk])
    return set(seen.values_list("pk", flat=True))
