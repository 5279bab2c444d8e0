"""One act on many conversations: asked for once, done one by one in the background, and undone as far as it can be.

Each conversation is a row that says what it was like before. The act on it and that row are one transaction: a worker
that dies leaves the rest to the next one, which does none of it twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import translation

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.desk.acts import NEEDS, perform
from comptoir.desk.errors import DeskError, NothingChosenError, UnseenError
from comptoir.desk.models import BulkAct, BulkChange
from comptoir.desk.restoring import moment_of, restore
from comptoir.people.models import Agent
from comptoir.people.permissions import may

#: More than this at once is no clean-up any more, but a mistake.
MOST = 10_000
#: For how long what was done is shown again to somebody who comes back to the list.
REMEMBERED = timedelta(minutes=10)
_WRITTEN_AT_ONCE = 1000
_UNDER_WAY = (BulkAct.State.WAITING, BulkAct.State.RUNNING)


@transaction.atomic
def start_bulk(
    conversation_ids: Sequence[int], *, act: str, arguments: Mapping[str, Any], by: Agent, key: uuid.UUID
) -> BulkAct:
    """Ask for ``act`` on conversations that the agent may see, up to MOST. The same ``key`` asks for it once.

    Raises NothingChosenError.
    """
    if earlier := BulkAct.objects.filter(key=key, agent=by).first():
        return earlier
    seen = Conversation.objects.visible_to(by).filter(pk__in=conversation_ids[:MOST])
    ids = sorted(set(seen.values_list("pk", flat=True)))
    if not ids:
        raise NothingChosenError
    bulk, is_new = BulkAct.objects.get_or_create(
        key=key, defaults={"agent": by, "act": act, "arguments": dict(arguments), "total": len(ids)}
    )
    if is_new:
        changes = (BulkChange(bulk_act=bulk, conversation_id=pk) for pk in ids)
        BulkChange.objects.bulk_create(changes, batch_size=_WRITTEN_AT_ONCE)
        defer("desk.bulk", bulk_act_id=bulk.pk)
    return bulk


@transaction.atomic
def undo_bulk(bulk_act_id: int, *, by: Agent) -> BulkAct:
    """Ask for it to be undone, where it is done and nobody has asked before."""
    bulk = BulkAct.objects.select_for_update().get(pk=bulk_act_id, agent=by)
    if bulk.state == BulkAct.State.DONE:
        bulk.state, bulk.ended_at = BulkAct.State.UNDOING, None
        bulk.save(update_fields=["state", "ended_at"])
        defer("desk.bulk", bulk_act_id=bulk.pk)
    return bulk


def remembered_bulk(agent: Agent) -> BulkAct | None:
    """What the agent asked for last, if that was not long ago."""
    return BulkAct.objects.filter(agent=agent, created_at__gt=now() - REMEMBERED).order_by("-id").first()


def go_on(bulk_act_id: int, *, most: int) -> bool:
    """Do, or undo, up to ``most`` of it; whether anything may be left."""
    bulk = BulkAct.objects.select_related("agent").get(pk=bulk_act_id)
    is_undoing = bulk.state == BulkAct.State.UNDOING
    if not is_undoing and bulk.state not in _UNDER_WAY:
        return False
    BulkAct.objects.filter(pk=bulk.pk, state=BulkAct.State.WAITING).update(state=BulkAct.State.RUNNING)
    step = _undo_next if is_undoing else _do_next
    with translation.override(bulk.agent.language):
        for _number in range(most):
            if not step(bulk):
                _end(bulk, is_undoing=is_undoing)
                return False
    return True


def _end(bulk: BulkAct, *, is_undoing: bool) -> None:
    """It has ended, unless another worker still holds a piece of it: that one ends it."""
    left = _to_undo(bulk) if is_undoing else _to_do(bulk)
    if not left.exists():
        former = [BulkAct.State.UNDOING] if is_undoing else _UNDER_WAY
        state = BulkAct.State.UNDONE if is_undoing else BulkAct.State.DONE
        BulkAct.objects.filter(pk=bulk.pk, state__in=former).update(state=state, ended_at=now())


def _to_do(bulk: BulkAct) -> Any:
    return bulk.changes.filter(before__isnull=True, refusal="").order_by("id")


def _to_undo(bulk: BulkAct) -> Any:
    return bulk.changes.filter(before__isnull=False, is_undone=False, refusal="").order_by("id")


@transaction.atomic
def _do_next(bulk: BulkAct) -> bool:
    """The next one; False when none is left for this worker."""
    change = _to_do(bulk).select_for_update(skip_locked=True).first()
    if change is None:
        return False
    with_before: dict[str, Any] = {}

    def do() -> None:
        conversation = _seen(bulk, change)
        with_before["was"] = moment_of(conversation)
        perform(bulk.act, conversation.pk, bulk.arguments, bulk.agent)
        with_before["left"] = moment_of(Conversation.objects.get(pk=conversation.pk))

    change.refusal = _refusal(do)
    change.before = None if change.refusal else with_before
    change.save(update_fields=["before", "refusal"])
    return True


@transaction.atomic
def _undo_next(bulk: BulkAct) -> bool:
    change = _to_undo(bulk).select_for_update(skip_locked=True).first()
    if change is None:
        return False

    def undo() -> None:
        conversation = _seen(bulk, change)
        restore(conversation.pk, bulk.act, was=change.before["was"], left=change.before["left"], by=bulk.agent)

    change.refusal = _refusal(undo)
    change.is_undone = not change.refusal
    change.save(update_fields=["is_undone", "refusal"])
    return True


def _seen(bulk: BulkAct, change: BulkChange) -> Conversation:
    """The conversation, held. Raises UnseenError for one that the agent may not act on any more."""
    seen = Conversation.objects.visible_to(bulk.agent).filter(pk=change.conversation_id)
    if not may(bulk.agent, NEEDS[bulk.act]) or not seen.exists():
        raise UnseenError
    return Conversation.objects.select_for_update().get(pk=change.conversation_id)


def _refusal(act: Callable[[], None]) -> str:
    """Why not, in the agent's words; empty where it was done."""
    try:
        with transaction.atomic():
            act()
    except DeskError as error:
        return str(error)
    return ""


def how_far(bulk: BulkAct) -> dict[str, int]:
    """How many are done, undone, refused when it was done, and left as they are by now when it was undone."""
    return bulk.changes.aggregate(
        done=Count("pk", filter=Q(before__isnull=False)),
        undone=Count("pk", filter=Q(is_undone=True)),
        refused=Count("pk", filter=Q(before__isnull=True) & ~Q(refusal="")),
        left=Count("pk", filter=Q(before__isnull=False) & ~Q(refusal="")),
    )
