"""What is still to be read: asked for by events, and by a sweep for what no event told of (imported history)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q, QuerySet

from comptoir.analysis.models import MessageToRead, SweepProgress
from comptoir.conversations.models import Message
from comptoir.core.tasks import defer

#: With more than this before it, a message is first read at a glance.
LONG = 200
_CHUNK = 20_000

_ASK = """
INSERT INTO analysis_messagetoread AS kept (message_id, is_late, is_glanced_at, asked_at)
SELECT id, false, false, clock_timestamp() FROM conversations_message AS message
WHERE id = ANY(%s) AND direction = 'incoming' AND deleted_at IS NULL AND (text <> '' OR subject <> '')
    AND (%s OR NOT EXISTS (SELECT FROM analysis_messageanalysis WHERE message_id = message.id))
ORDER BY id
ON CONFLICT (message_id) DO UPDATE SET is_late = false, is_glanced_at = false, asked_at = excluded.asked_at
"""
_ASK_LATE = """
INSERT INTO analysis_messagetoread (message_id, is_late, is_glanced_at, asked_at)
SELECT id, true, false, clock_timestamp() FROM conversations_message AS message
WHERE id > %s AND id <= %s AND sent_at >= %s AND direction = 'incoming' AND deleted_at IS NULL
    AND (text <> '' OR subject <> '')
    AND NOT EXISTS (SELECT FROM analysis_messageanalysis WHERE message_id = message.id)
ORDER BY id
ON CONFLICT (message_id) DO NOTHING
"""


def ask_to_read(message_ids: Iterable[int], *, again: bool = True) -> None:
    """Have messages read soon; ``again``: also those that were read before. What has no words is not read."""
    ids = sorted(message_ids)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [ids, again])
        is_any = bool(cursor.rowcount)
    if is_any:
        go_on()


def go_on() -> None:
    """Have somebody read what is to be read; one waits at a time, one reads at a time."""
    defer("analysis.deepen", lock="analysis.deepen", only_once="analysis.deepen")


def sweep(*, seconds: float = 20.0) -> int:
    """Ask, late, for every message that has come since the last sweep and that nobody has read; how many.

    Ids are given before they are seen: what lay beyond the last sweep's end is looked at once more.
    """
    until, asked = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        added, is_over = _sweep_chunk()
        asked += added
        if is_over:
            break
    if MessageToRead.objects.exists():
        go_on()
    return asked


@transaction.atomic
def _sweep_chunk() -> tuple[int, bool]:
    SweepProgress.objects.get_or_create(key=1, defaults={"position": 0, "seen": 0})
    progress = SweepProgress.objects.select_for_update().get(key=1)
    newest = Message.objects.aggregate(newest=Max("id"))["newest"] or 0
    end = min(newest, progress.position + _CHUNK)
    added = _ask_late(progress.position, end, "-infinity")
    if end < newest:
        progress.position, progress.seen = end, max(progress.seen, end)
    else:
        progress.position, progress.seen = min(progress.seen, newest), newest
    progress.save()
    return added, end == newest


def ask_for_all(*, since: datetime | None = None) -> int:
    """Ask, late, for everything that was never read, of messages sent ``since``; how many. In small transactions."""
    ends = Message.objects.aggregate(first=Min("id"), newest=Max("id"))
    asked, newest = 0, ends["newest"] or 0
    for first in range((ends["first"] or 1) - 1, newest, _CHUNK):
        asked += _ask_late(first, first + _CHUNK, since or "-infinity")
    if asked:
        go_on()
    return asked


def _ask_late(first: int, end: int, since: datetime | str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_ASK_LATE, [first, end, since])
        return int(cursor.rowcount)


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much is to be read: of what is new, how much not even at a glance; of what is late."""

    new: int
    new_unseen: int
    late: int
    late_unseen: int
    oldest_asked_at: datetime | None


def backlog() -> Backlog:
    """As it is now."""
    found = MessageToRead.objects.aggregate(
        new=Count("pk", filter=Q(is_late=False)),
        new_unseen=Count("pk", filter=Q(is_late=False, is_glanced_at=False)),
        late=Count("pk", filter=Q(is_late=True)),
        late_unseen=Count("pk", filter=Q(is_late=True, is_glanced_at=False)),
        oldest_asked_at=Min("asked_at", filter=Q(is_late=False)),
    )
    return Backlog(**found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One message to be read, as it was when it was taken."""

    message_id: int
    asked_at: datetime
    is_late: bool
    text: str
    brand_id: int


def next_batch(*, light_size: int, full_size: int) -> tuple[Sequence[Wanted], bool]:
    """What is to be read next, and whether at a glance only: what is new before what is late, the first to come first
    of what is new, the newest first of what is late.
    """
    for is_late in (False, True):
        rows = MessageToRead.objects.filter(is_late=is_late)
        unseen = rows.filter(is_glanced_at=False)
        is_long = unseen[: LONG + 1].count() > LONG
        chosen = (unseen if is_long else rows).order_by("-message_id" if is_late else "message_id")
        wanted = _taken(chosen, light_size if is_long else full_size)
        if wanted:
            return wanted, is_long
    return [], False


def unseen_batch(most: int) -> Sequence[Wanted]:
    """Messages that nobody has even glanced at, in the order they came in."""
    return _taken(MessageToRead.objects.filter(is_glanced_at=False).order_by("message_id"), most)


def _taken(rows: QuerySet[MessageToRead], most: int) -> Sequence[Wanted]:
    fields = ("message_id", "asked_at", "is_late", "message__text", "message__subject", "message__account__brand")
    return [
        Wanted(pk, asked_at, late, text.strip() or subject.strip(), brand)
        for pk, asked_at, late, text, subject, brand in rows.values_list(*fields)[:most]
    ]
