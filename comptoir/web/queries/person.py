"""What is known of the person one speaks with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from comptoir.contacts.models import ContactIdentity, ContactMerge
from comptoir.conversations.models import Conversation, Note
from comptoir.core.clock import now
from comptoir.desk.contact_suggestions import Suggestion, likely_same
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import GRANTS, Permission, may
from comptoir.sla.models import SLAClock
from comptoir.web.queries.holdings import Holdings

_MOST_OTHERS = 20
_MOST_NOTES = 5
_MOST_CLOCKS = 3
_MOST_MERGES = 5
_MOST_COMPARED = 50


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """The person's names, their other exchanges that the agent may read, and what was promised in this one."""

    identities: Sequence[ContactIdentity]
    others: Sequence[Conversation]
    notes: Sequence[Note]
    clocks: Sequence[SLAClock]
    suggestions: Sequence[Suggestion]
    merges: Sequence[ContactMerge]
    present: datetime


def person_seen(conversation: Conversation, agent: Agent, held: Holdings) -> PersonSeen:
    """For the pane beside the exchange."""
    contact = conversation.contact
    others = _others(conversation, agent) if held.has_others else []
    notes = Note.objects.filter(conversation__in=[one.pk for one in others]).select_related("agent")
    clocks = conversation.clocks.told().select_related("policy").order_by("-started_at")
    merges = contact.merges.filter(undone_at=None).select_related("gone", "by").order_by("-at")
    identities = list(contact.identities.order_by("channel", "id")[:_MOST_COMPARED])
    suggested = (
        likely_same(contact, identities, has_invitations=held.has_taken_invitations, has_links=held.has_links)
        if may(agent, Permission.ANSWER)
        else []
    )
    return PersonSeen(
        identities=identities[:_MOST_OTHERS],
        others=others,
        notes=list(notes.order_by("-created_at")[:_MOST_NOTES]) if others else [],
        clocks=list(clocks[:_MOST_CLOCKS]) if held.has_clocks else [],
        suggestions=_known(suggested, agent),
        merges=list(merges[:_MOST_MERGES]) if held.has_merges else [],
        present=now(),
    )


def _others(conversation: Conversation, agent: Agent) -> Sequence[Conversation]:
    """The person's other exchanges, the last one first; what was merged into another is read there."""
    theirs = Conversation.objects.visible_to(agent).filter(contact_id=conversation.contact_id, merged_into=None)
    found = theirs.exclude(pk=conversation.pk)
    return list(found.select_related("account").order_by("-last_message_at")[:_MOST_OTHERS])


def _known(suggested: Sequence[Suggestion], agent: Agent) -> Sequence[Suggestion]:
    """Those with a conversation that the agent may read."""
    if not suggested:
        return []
    readable = Conversation.objects.visible_to(agent).filter(contact__in=[one.contact.pk for one in suggested])
    known = set(readable.values_list("contact", flat=True))
    return [one for one in suggested if one.contact.pk in known]


def who_may_answer(conversation: Conversation) -> QuerySet[Agent]:
    """Agents whom the conversation can be given to: those of its team who answer, and those who see every team."""
    answering = [role for role, granted in GRANTS.items() if Permission.ANSWER in granted]
    everywhere = [role for role in answering if Permission.SEE_EVERY_TEAM in GRANTS[role]]
    able = Agent.objects.filter(is_active=True, role__in=answering)
    return (able.filter(teams=conversation.team) | able.filter(role__in=everywhere)).distinct().order_by("name")


def teams_to_choose() -> QuerySet[Team]:
    return Team.objects.order_by("name")
