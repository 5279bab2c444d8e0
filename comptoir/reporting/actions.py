"""Counting conversations: any number of times, with the same outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields

from django.db import transaction

from comptoir.reporting.counting import Counted, Spell, counted
from comptoir.reporting.models import CountedConversation, OpenSpell
from comptoir.reporting.stories import stories_of

_COLUMNS = [field.name for field in fields(Counted) if field.name != "spells"]
_KEPT = [name for name in _COLUMNS if name != "conversation_id"]


@transaction.atomic
def count_conversations(conversation_ids: Iterable[int]) -> int:
    """Count these conversations anew; return how many of them count.

    The caller sees to it that nobody else counts at the same time (`following.counting_alone`): of two who read a
    conversation at different instants the one who read it first must not write last.
    """
    ids = sorted(set(conversation_ids))
    found = [one for one in map(counted, stories_of(ids)) if one is not None]
    CountedConversation.objects.filter(pk__in=set(ids) - {one.conversation_id for one in found}).delete()
    _store(found)
    _store_spells(found)
    return len(found)


def _store(found: Sequence[Counted]) -> None:
    """Written only where something is other than before: most messages change no figure."""
    stored = CountedConversation.objects.filter(pk__in=[one.conversation_id for one in found])
    kept = set(stored.values_list(*_COLUMNS))
    changed = [one for one in found if tuple(getattr(one, name) for name in _COLUMNS) not in kept]
    CountedConversation.objects.bulk_create(
        [CountedConversation(**{name: getattr(one, name) for name in _COLUMNS}) for one in changed],
        update_conflicts=True,
        unique_fields=["conversation_id"],
        update_fields=_KEPT,
    )


def _store_spells(found: Sequence[Counted]) -> None:
    kept: defaultdict[int, list[Spell]] = defaultdict(list)
    stored = OpenSpell.objects.filter(counted__in=[one.conversation_id for one in found]).order_by("began_at", "pk")
    for pk, team, began_at, ended_at in stored.values_list("counted_id", "team_id", "began_at", "ended_at"):
        kept[pk].append(Spell(team, began_at, ended_at))
    changed = [one for one in found if kept[one.conversation_id] != list(one.spells)]
    OpenSpell.objects.filter(counted__in=[one.conversation_id for one in changed]).delete()
    OpenSpell.objects.bulk_create(
        OpenSpell(
            counted_id=one.conversation_id, account_id=one.account_id, team_id=spell.team_id,
            began_at=spell.began_at, ended_at=spell.ended_at,
        )
        for one in changed
        for spell in one.spells
    )  # fmt: skip
