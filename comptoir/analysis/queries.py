"""The tree of contact reasons as people read it, and how far reading and learning have come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from comptoir.analysis.backlog import Backlog, backlog
from comptoir.analysis.models import (
    ContactReason,
    Correction,
    MessageAnalysis,
    MessageTopic,
    ReasonHead,
    TrainedHeads,
)
from comptoir.core.clock import now

_LATELY = timedelta(hours=24)
_MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Placed:
    """One reason at its place in the tree: how deep, its name with those above it, and how well it is told apart."""

    reason: ContactReason
    depth: int
    path: str
    examples: int = 0
    right: int | None = None
    measured: int = 0
    confused_with: str = ""
    has_below: bool = False

    @property
    def share_right(self) -> int | None:
        """Per cent of its examples that would be told right if they were none; None where nobody knows yet."""
        return None if self.right is None or not self.measured else round(100 * self.right / self.measured)


def reason_tree(*, active_only: bool = False) -> list[Placed]:
    """Every reason, each below its parent, in order. One query."""
    rows = ContactReason.objects.select_related("brand").annotate(count=Count("examples")).order_by("position", "id")
    reasons = list(rows.active() if active_only else rows)
    below: dict[int | None, list[Any]] = {}
    known = {reason.pk for reason in reasons}
    for reason in reasons:
        below.setdefault(reason.parent_id if reason.parent_id in known else None, []).append(reason)
    placed: list[Placed] = []

    def walk(parent: int | None, depth: int, above: str) -> None:
        for reason in below.get(parent, []):
            path = f"{above} › {reason.name}" if above else reason.name
            placed.append(Placed(reason, depth, path, examples=reason.count, has_below=reason.pk in below))
            walk(reason.pk, depth + 1, path)

    walk(None, 0, "")
    return placed


def reasons_told_apart() -> list[Placed]:
    """The tree, with how well each reason is told from the others: by its brand's head, or the company's."""
    heads = {head.brand_id: head.told_apart for head in ReasonHead.objects.all()}
    tree = reason_tree()
    names = {str(one.reason.pk): one.reason.name for one in tree}
    return [_measured(one, heads, names) for one in tree]


def _measured(one: Placed, heads: dict[int | None, dict[str, Any]], names: dict[str, str]) -> Placed:
    told = heads.get(one.reason.brand_id, heads.get(None, {})).get(str(one.reason.pk))
    if told is None:
        return one
    confused = names.get(told["confused_with"] or "", "")
    return replace(one, right=told["right"], measured=told["examples"], confused_with=confused)


def analyses_with_reasons(message_ids: Iterable[int]) -> dict[int, tuple[MessageAnalysis, frozenset[str]]]:
    """What was read of messages, by their ids, each with the names of its reasons and of those above them; of what was
    not read, or is to be read again for its other words, nothing. Two queries.
    """
    topics = MessageTopic.objects.select_related("reason__parent__parent")
    read = MessageAnalysis.objects.filter(pk__in=list(message_ids)).exclude(message__to_read__is_glanced_at=False)
    found = read.prefetch_related(Prefetch("topics", topics))
    return {one.pk: (one, frozenset(_names(one))) for one in found}


def _names(analysis: MessageAnalysis) -> Iterator[str]:
    for topic in analysis.topics.all():
        reason: ContactReason | None = topic.reason
        while reason is not None:
            yield reason.name
            reason = reason.parent


@dataclass(frozen=True, slots=True)
class ReadingState:
    """What is to be read, how many were read in the last 24 hours, what people corrected, what came of it."""

    backlog: Backlog
    read_lately: int
    corrected: Sequence[tuple[str, int]]
    corrections: Sequence[Correction]
    attempts: Sequence[TrainedHeads]


def reading_state(visible: QuerySet[Any]) -> ReadingState:
    """As it is now; ``visible`` are the conversations whose corrections may be shown one by one."""
    counted = Correction.objects.order_by().values_list("figure").annotate(count=Count("id"))
    latest = Correction.objects.filter(message__conversation__in=visible).select_related("message", "agent")
    return ReadingState(
        backlog=backlog(),
        read_lately=MessageAnalysis.objects.filter(read_at__gte=now() - _LATELY).count(),
        corrected=list(counted),
        corrections=list(latest.order_by("-id")[:_MOST_SHOWN]),
        attempts=list(TrainedHeads.objects.defer("coefficients").order_by("-id")[:_MOST_SHOWN]),
    )
