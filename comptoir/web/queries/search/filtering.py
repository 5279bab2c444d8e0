"""The fields of a question as conditions on conversations and on what was written in them."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from comptoir.connectors.registry import connector_classes
from comptoir.conversations.models import Conversation
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.conversations.search_words import folded
from comptoir.people.models import Agent
from comptoir.web.queries.search.people import identities_named
from comptoir.web.queries.search.reading import ME, NOBODY, Question

_MOST_IDENTITIES = 500


def conversations_asked_for(agent: Agent, asked: Question) -> ConversationQuerySet:
    """Those the agent may see that fit the fields; spam only where it is asked for."""
    rows = Conversation.objects.visible_to(agent)
    states = asked.of_field("is")
    rows = rows if "spam" in states else rows.filter(is_spam=False)
    for state in states:
        rows = rows.filter(_state(state))
    for given in asked.of_field("channel"):
        rows = rows.filter(account__kind__in=_kinds(given))
    for given in asked.of_field("in"):
        rows = rows.filter(Q(account__name__icontains=given) | Q(account__own_id__iexact=given))
    for given in asked.of_field("tag"):
        rows = rows.filter(tags__name__iexact=given)
    for given in asked.of_field("assignee"):
        rows = rows.filter(_owner(agent, given))
    return rows


def authors_asked_for(asked: Question) -> list[int] | None:
    """The identities that `from:` names; None where nobody is named."""
    named = asked.of_field("from")
    return identities_named(" ".join(named), limit=_MOST_IDENTITIES) if named else None


def span_asked_for(asked: Question) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the day « after » names, until the beginning of the one « before » names."""
    return _midnight(asked.after), _midnight(asked.before)


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _state(state: str) -> Q:
    if state in Conversation.Status.values:
        return Q(status=state)
    return {
        "public": Q(is_public=True),
        "private": Q(is_public=False),
        "spam": Q(is_spam=True),
        "waiting": Q(waiting_since__isnull=False),
    }.get(state, Q())


def _kinds(given: str) -> list[str]:
    """The kinds of channel whose name begins with what was typed."""
    plain = _plain(given)
    wanted = {"mail": "email", "courriel": "email", "tchat": "chat"}.get(plain, plain)
    known = connector_classes()
    return [
        kind for kind, one in known.items() if _plain(kind).startswith(wanted) or _plain(one.label).startswith(wanted)
    ]


def _plain(name: str) -> str:
    return folded(name).replace("-", "").replace(" ", "")


def _owner(agent: Agent, given: str) -> Q:
    plain = folded(given)
    if plain in ME:
        return Q(assignee=agent)
    return Q(assignee=None) if plain in NOBODY else Q(assignee__name__icontains=given)
