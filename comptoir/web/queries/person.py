"""What is known of the person one speaks with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from comptoir.contacts.models import ContactIdentity, ContactMerge
from comptoir.conversations.models import Conversation, Draft, Note
from comptoir.core.clock import now
from comptoir.desk.contact_suggestions import Suggestion, likely_same
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import GRANTS, Permission, may
from comptoir.sla.models import SLAClock
from comptoir.web.forms.customers import CustomerForm

_MOST_OTHERS = 20
_MOST_NOTES = 5
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
    form: CustomerForm
    present: datetime


def person_seen(conversation: Conversation, agent: Agent, *, form: CustomerForm | None = None) -> PersonSeen:
    """For the pane beside the exchange; ``form`` is one that was refused."""
    readable = Conversation.objects.visible_to(agent)
    contact = conversation.contact
    found = readable.filter(contact_id=contact.pk).exclude(pk=conversation.pk)
    others = list(found.select_related("account").order_by("-last_message_at")[:_MOST_OTHERS])
    notes = Note.objects.filter(conversation__in=[one.pk for one in others]).select_related("agent")
    identities = list(contact.identities.order_by("channel", "id")[:_MOST_COMPARED])
    suggested = likely_same(contact, identities) if may(agent, Permission.ANSWER) else []
    known = readable.filter(contact__in=[one.contact.pk for one in suggested]).values_list("contact", flat=True)
    known_ids = set(known) if suggested else set()
    return PersonSeen(
        identities=identities[:_MOST_OTHERS],
        others=others,
        notes=list(notes.order_by("-created_at")[:_MOST_NOTES]) if others else [],
        clocks=list(conversation.clocks.select_related("policy").order_by("-started_at")[:3]),
        suggestions=[one for one in suggested if one.contact.pk in known_ids],
        merges=list(contact.merges.filter(undone_at=None).select_related("gone", "by").order_by("-at")[:5]),
        form=form or CustomerForm(contact=contact),
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
