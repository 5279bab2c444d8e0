"""The fields of a question as conditions on conversations and on what was written in them.

Teams, accounts, tags and agents are looked up first and named by their ids: the planner knows how much of a table an id
stands for, and nothing of what a question inside a question answers.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.utils import timezone

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.registry import connector_classes
from comptoir.conversations.models import Conversation, SearchSubject, Tag
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.conversations.search_words import folded, subject_words
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.web.queries.inbox import Reach
from comptoir.web.queries.search.people import identities_named
from comptoir.web.queries.search.reading import ME, NOBODY, Question
from comptoir.web.queries.search.seeing import visible_conversations

_MOST_IDENTITIES = 500


def conversations_asked_for(reach: Reach, asked: Question) -> ConversationQuerySet:
    """Those that the agent may see and that fit the fields; spam only where it is asked for."""
    rows = visible_conversations(reach)
    states = asked.of_field("is")
    rows = rows if "spam" in states else rows.filter(is_spam=False)
    for state in states:
        rows = rows.filter(_state(state))
    for condition in _accounts(asked):
        accounts = ChannelAccount.objects.filter(condition)
        rows = rows.filter(account__in=list(accounts.order_by().values_list("pk", flat=True)))
    for given in asked.of_field("tag"):
        tags = list(Tag.objects.filter(name__iexact=given).order_by().values_list("pk", flat=True))
        tagged = Conversation.tags.through.objects.filter(tag__in=tags)
        rows = rows.filter(pk__in=tagged.values("conversation_id"))
    for given in asked.of_field("subject"):
        rows = rows.filter(pk__in=SearchSubject.objects.filter(_begun(given)).values("conversation_id"))
    for given in asked.of_field("assignee"):
        rows = rows.filter(_owner(reach.agent, given))
    return rows


def sees_all(reach: Reach, asked: Question) -> bool:
    """Whether neither their reach nor a field keeps anything but spam from them."""
    return not (asked.fields or reach.hidden) and may(reach.agent, Permission.SEE_EVERY_TEAM)


def authors_asked_for(asked: Question) -> list[int] | None:
    """The identities that `from:` names; None where nobody is named."""
    named = asked.of_field("from")
    return identities_named(" ".join(named), limit=_MOST_IDENTITIES) if named else None


def span_asked_for(asked: Question) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the day « after » names, until the beginning of the one « before » names."""
    return _midnight(asked.after), _midnight(asked.before)


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _begun(given: str) -> Q:
    """Each word asked for begins a word of the subject, with its accents or without."""
    words = " & ".join(f"'{word}':*" for word in subject_words(given))
    return Q(words=SearchQuery(words, search_type="raw", config="simple")) if words else Q(pk=None)


def _state(state: str) -> Q:
    if state in Conversation.Status.values:
        return Q(status=state)
    return {
        "public": Q(is_public=True),
        "private": Q(is_public=False),
        "spam": Q(is_spam=True),
        "waiting": Q(waiting_since__isnull=False),
    }.get(state, Q())


def _accounts(asked: Question) -> list[Q]:
    kinds = [Q(kind__in=_kinds(given)) for given in asked.of_field("channel")]
    return kinds + [Q(name__icontains=given) | Q(own_id__iexact=given) for given in asked.of_field("in")]


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
    if plain in NOBODY:
        return Q(assignee=None)
    return Q(assignee__in=list(Agent.objects.filter(name__icontains=given).order_by().values_list("pk", flat=True)))
