"""Noting which entries went into a reply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from comptoir.catalogue.filling import words_between
from comptoir.catalogue.models import CatalogueEntry, EntryUse
from comptoir.core.clock import now
from comptoir.people.models import Agent

_MOST = 20


@transaction.atomic
def note_uses(
    entry_ids: Iterable[int], *, message_id: int, conversation_id: int, text: str, by: Agent | None
) -> Sequence[EntryUse]:
    """Write down that these entries went into a reply that says ``text``; noted twice is noted once.

    Entries that serve nobody, or no longer, are left out.
    """
    chosen = list(dict.fromkeys(entry_ids))[:_MOST]
    serving = CatalogueEntry.objects.filter(pk__in=chosen, approved_version__isnull=False)
    entries = serving.select_related("approved_version").prefetch_related("variants")
    said = " ".join(text.split())
    return EntryUse.objects.bulk_create(
        (
            EntryUse(
                entry=entry,
                version=entry.approved_version,
                message_id=message_id,
                conversation_id=conversation_id,
                agent=by,
                used_at=now(),
                is_changed=not any(_is_within(variant.text, said) for variant in entry.variants.all()),
            )
            for entry in entries
            if entry.approved_version is not None
        ),
        ignore_conflicts=True,
    )


def _is_within(answer: str, said: str) -> bool:
    """Whether a reply has the words of an answer, whatever its placeholders were filled with."""
    parts = [" ".join(part.split()) for part in words_between(answer)]
    place = 0
    for part in parts:
        place = said.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True
