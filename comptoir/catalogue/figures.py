"""The catalogue in figures: what waits for somebody, what served, and with what success."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from comptoir.catalogue.models import CatalogueEntry, EntryUse, EntryVersion
from comptoir.catalogue.models.entry import CatalogueEntryQuerySet
from comptoir.core.clock import now
from comptoir.people.models import Agent

#: For how long back uses are counted.
COUNTED = timedelta(days=90)
SHOWS = ("all", "drafts", "review", "orphans", "expired", "unused", "retired")


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one entry's uses since COUNTED: ``settled`` are those of which it is known."""

    uses: int = 0
    changed: int = 0
    settled: int = 0
    successes: int = 0

    @property
    def success(self) -> int | None:
        """The share of successes in per cent; None where nothing is known yet."""
        return round(100 * self.successes / self.settled) if self.settled else None


def entries_shown(agent: Agent, show: str, on: date) -> CatalogueEntryQuerySet:
    """The entries that an agent sees under one of SHOWS."""
    entries = CatalogueEntry.objects.shown_to(agent)
    if show == "retired":
        return entries.filter(retired_at__isnull=False)
    entries = entries.kept()
    if show == "drafts":
        waiting = EntryVersion.objects.filter(entry=OuterRef("pk"), status=EntryVersion.Status.DRAFT)
        return entries.filter(Exists(waiting))
    if show == "review":
        return entries.to_review(on)
    if show == "orphans":
        return entries.orphans()
    if show == "expired":
        return entries.expired(on)
    if show == "unused":
        return entries.serving(on).filter(~_used())
    return entries


def _used() -> Exists:
    return Exists(EntryUse.objects.filter(entry=OuterRef("pk"), used_at__gte=now() - COUNTED))


def show_counts(agent: Agent, on: date) -> dict[str, int]:
    """How many there are under each of SHOWS."""
    return {show: entries_shown(agent, show, on).count() for show in SHOWS}


def figures_of(entry_ids: Collection[int]) -> dict[int, Figures]:
    """The figures of entries, in one question; one that was not used is not in it."""
    counted = EntryUse.objects.filter(entry__in=entry_ids, used_at__gte=now() - COUNTED).order_by()
    rows = counted.values_list("entry").annotate(
        all_of_them=Count("pk"),
        changed=Count("pk", filter=Q(is_changed=True)),
        settled=Count("pk", filter=Q(is_settled=True)),
        successes=Count("pk", filter=Q(is_settled=True, came_back_at=None, resolved_at__isnull=False)),
    )
    return {entry: Figures(*counts) for entry, *counts in rows}
