"""What an agent may see, in ids that the planner can weigh and in the words of the indexes."""

from __future__ import annotations

from django.db.models import Q

from comptoir.conversations.models import Conversation
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.conversations.reach import kept_ids
from comptoir.people.permissions import Permission, may
from comptoir.web.queries.inbox import Reach

#: True of every conversation: only a condition that says what an index of teams is limited to lets it be used.
_ANY_STATE = (
    Q(is_spam=False, status__in=["open", "pending"])
    | Q(is_spam=False, status="snoozed")
    | Q(is_spam=False, status="resolved")
    | Q(is_spam=True)
)


def visible_conversations(reach: Reach) -> ConversationQuerySet:
    """The same conversations as `found_by`: a test holds them together."""
    rows, agent = Conversation.objects.all(), reach.agent
    if not may(agent, Permission.READ_CONVERSATIONS):
        return rows.none()
    shown = Q()
    if not may(agent, Permission.SEE_EVERY_TEAM):
        shown &= Q(team__in=[team for team in reach.teams if team is not None]) & _ANY_STATE
    if reach.hidden:
        shown &= ~Q(account__in=reach.hidden)
    if not shown:
        return rows
    kept = kept_ids(agent)
    return rows.filter(shown | Q(assignee=agent) | Q(pk__in=kept) if kept else shown | Q(assignee=agent))
