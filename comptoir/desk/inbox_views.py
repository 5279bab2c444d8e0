"""Saved filters of the inbox: one's own, and those of everybody.

A view is kept for whoever made it. Sharing it makes it everybody's; whoever may share views may also change, rename and
delete the shared ones. Nothing is lost with a view but the view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from comptoir.core.lines import on_one_line
from comptoir.desk.errors import EmptyTextError, NameTakenError, NotYoursError
from comptoir.desk.models import InboxView
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

MAX_NAME_CHARS = 60


@transaction.atomic
def save_inbox_view(
    *, name: str, filters: Mapping[str, Sequence[str]], sort: str, by: Agent, is_shared: bool = False
) -> InboxView:
    """Keep filters under a name, for oneself or for everybody.

    Raises EmptyTextError, NameTakenError, and NotYoursError for somebody who may not share.
    """
    if is_shared:
        _require_sharing(by)
    view = InboxView(
        name=_name(name),
        owner=None if is_shared else by,
        filters={question: list(words) for question, words in filters.items()},
        sort=sort,
    )
    _keep(view)
    record("inbox_view.saved", subject=view, by=Actor("agent", by.pk), title=view.name, is_shared=is_shared)
    return view


@transaction.atomic
def change_inbox_view(view_id: int, *, filters: Mapping[str, Sequence[str]], sort: str, by: Agent) -> InboxView:
    """Have the view show something else. Raises InboxView.DoesNotExist, NotYoursError."""
    view = _theirs(view_id, by)
    view.filters, view.sort = {question: list(words) for question, words in filters.items()}, sort
    view.save(update_fields=["filters", "sort"])
    record("inbox_view.changed", subject=view, by=Actor("agent", by.pk))
    return view


@transaction.atomic
def rename_inbox_view(view_id: int, *, name: str, by: Agent) -> InboxView:
    """Raises InboxView.DoesNotExist, NotYoursError, EmptyTextError, NameTakenError."""
    view = _theirs(view_id, by)
    former, view.name = view.name, _name(name)
    if former != view.name:
        _keep(view)
        record("inbox_view.renamed", subject=view, by=Actor("agent", by.pk), former=former, title=view.name)
    return view


@transaction.atomic
def share_inbox_view(view_id: int, *, is_shared: bool, by: Agent) -> InboxView:
    """Make it everybody's, or one's own again. Raises InboxView.DoesNotExist, NotYoursError, NameTakenError."""
    view = _theirs(view_id, by)
    _require_sharing(by)
    if (view.owner_id is None) == is_shared:
        return view
    view.owner = None if is_shared else by
    _keep(view)
    record("inbox_view.shared" if is_shared else "inbox_view.withdrawn", subject=view, by=Actor("agent", by.pk))
    return view


@transaction.atomic
def delete_inbox_view(view_id: int, *, by: Agent) -> None:
    """Forget it. Raises InboxView.DoesNotExist, NotYoursError."""
    view = _theirs(view_id, by)
    record("inbox_view.deleted", subject=view, by=Actor("agent", by.pk), title=view.name)
    view.delete()


def may_change(view: InboxView, agent: Agent) -> bool:
    """Whether the view is theirs to change: their own, or a shared one if they may share."""
    return view.owner_id == agent.pk or (view.owner_id is None and may(agent, Permission.SHARE_VIEWS))


def _theirs(view_id: int, by: Agent) -> InboxView:
    view = InboxView.objects.select_for_update().get(pk=view_id)
    if view.owner_id not in (None, by.pk):
        raise InboxView.DoesNotExist  # another's own: it is not for them to know that there is one
    if not may_change(view, by):
        raise NotYoursError
    return view


def _require_sharing(by: Agent) -> None:
    if not may(by, Permission.SHARE_VIEWS):
        raise NotYoursError


def _name(name: str) -> str:
    words = on_one_line(name)[:MAX_NAME_CHARS].strip()
    if not words:
        raise EmptyTextError
    return words


def _keep(view: InboxView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise NameTakenError(view.name) from error
