"""Conversations by fields alone, where no word is asked for: the latest first."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from comptoir.conversations.models import Conversation
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.web.queries.inbox import Position, Reach
from comptoir.web.queries.search.condition import planned_rows, selecting
from comptoir.web.queries.search.filtering import authors_asked_for, conversations_asked_for, span_asked_for
from comptoir.web.queries.search.patience import in_time, row_by_row
from comptoir.web.queries.search.reading import Question

#: So many are taken by whatever index leads to them and put in order; more are read in the order of time.
_FEW = 5000
_LATEST = ("-last_message_at", "-pk")
_SHOWN = (
    "status", "is_public", "subject", "last_message_at", "last_message_text", "account__kind", "assignee__name",
    "identity__name", "identity__handle", "identity__external_id",
)  # fmt: skip


def conversations_found(reach: Reach, asked: Question, after: Position | None, *, most: int) -> Sequence[Conversation]:
    """The first ``most`` after a place. Raises SearchTakesTooLongError."""
    rows = _after(_asked_for(reach, asked), after)
    ids = _newest_of_few(rows, most)
    shown = Conversation.objects.select_related("identity", "account", "assignee").only(*_SHOWN).order_by(*_LATEST)
    if ids is not None:
        return list(shown.filter(pk__in=ids))
    with in_time():
        return list(shown.filter(pk__in=list(rows.order_by(*_LATEST).values_list("pk", flat=True)[:most])))


def _asked_for(reach: Reach, asked: Question) -> ConversationQuerySet:
    rows = conversations_asked_for(reach, asked)
    authors = authors_asked_for(asked)
    if authors is not None:
        rows = rows.filter(identity__in=authors)
    since, until = span_asked_for(asked)
    rows = rows.filter(last_message_at__gte=since) if since else rows
    return rows.filter(last_message_at__lt=until) if until else rows


def _after(rows: ConversationQuerySet, place: Position | None) -> ConversationQuerySet:
    if place is None:
        return rows
    return rows.filter(Q(last_message_at__lte=place.at), Q(last_message_at__lt=place.at) | Q(pk__lt=place.id))


def _newest_of_few(rows: ConversationQuerySet, most: int) -> list[int] | None:
    """The newest, if these are few: an order that is asked for makes the planner read all there is in that order, in
    the hope of meeting some soon.
    """
    few = selecting(rows.values("last_message_at", "pk"))
    with row_by_row() as cursor:
        if planned_rows(cursor, few) > _FEW:
            return None
        cursor.execute(f"{few.sql} LIMIT {_FEW + 1}", few.parameters)
        found = cursor.fetchall()
    return [pk for _at, pk in sorted(found, reverse=True)[:most]] if len(found) <= _FEW else None
