"""The products and places that messages name, from the list that each brand keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max

from comptoir.analysis.errors import NotAListError
from comptoir.analysis.models import KnownName, NamedInMessage
from comptoir.analysis.name_lists import Listed
from comptoir.brands.models import Brand
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.events.record import Actor, record
from comptoir.understanding.naming import Names

#: A longer list is no list of what customers name; reading each message would take too long.
MOST_NAMES = 5_000
#: When the list changes, what was said lately is looked at again.
LOOKED_BACK = timedelta(days=30)
_BATCH = 1_000

_WRITE = """
WITH found AS (
    SELECT * FROM unnest(%(messages)s::bigint[], %(names)s::bigint[]) AS found (message_id, name_id)
), gone AS (
    DELETE FROM analysis_namedinmessage AS kept WHERE kept.message_id = ANY(%(read)s)
        AND NOT EXISTS (SELECT FROM found WHERE message_id = kept.message_id AND name_id = kept.name_id)
)
INSERT INTO analysis_namedinmessage (message_id, name_id)
SELECT found.message_id, found.name_id FROM found
JOIN conversations_message AS message ON message.id = found.message_id
JOIN analysis_knownname AS name ON name.id = found.name_id
ORDER BY 1, 2
ON CONFLICT (name_id, message_id) DO NOTHING
"""


class KnownNames:
    """The names of every brand, made ready again when a list has changed."""

    def __init__(self) -> None:
        self._made_of: tuple[Any, ...] = ()
        self._by_brand: dict[int, Names] = {}

    def of_brands(self) -> Mapping[int, Names]:
        """Those that have a list."""
        told = KnownName.objects.aggregate(last=Max("changed_at"), highest=Max("pk"), count=Count("pk"))
        present = (told["last"], told["highest"], told["count"])
        if present != self._made_of:
            lists: dict[int, list[tuple[int, str]]] = {}
            for pk, brand_id, name, spellings in KnownName.objects.values_list("pk", "brand", "name", "spellings"):
                lists.setdefault(brand_id, []).extend((pk, one) for one in (name, *spellings))
            self._by_brand = {brand_id: Names(names) for brand_id, names in lists.items()}
            self._made_of = present
        return self._by_brand


#: Those of this process.
KNOWN = KnownNames()


def keep_named(named: Mapping[int, Sequence[int]]) -> None:
    """Store which names each message has, in the place of what was stored: by message, the ids of names."""
    if not named:
        return
    pairs = [(message_id, name_id) for message_id, names in sorted(named.items()) for name_id in names]
    asked = {"read": sorted(named), "messages": [one for one, _ in pairs], "names": [one for _, one in pairs]}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, asked)


@transaction.atomic
def list_names(brand_id: int, listed: Sequence[Listed], *, by: Actor) -> tuple[int, int]:
    """Put names on a brand's list; one that is there takes the other spellings given. How many are new, how many
    changed. Raises NotAListError where there would be too many.
    """
    brand = Brand.objects.select_for_update(of=("self",), no_key=True).get(pk=brand_id)
    kept = {(one.kind, one.name.lower()): one for one in KnownName.objects.filter(brand=brand)}
    new: dict[tuple[str, str], KnownName] = {}
    changed: list[KnownName] = []
    for one in listed:
        there = kept.get((one.kind, one.name.lower())) or new.get((one.kind, one.name.lower()))
        if there is None:
            row = KnownName(brand=brand, kind=one.kind, name=one.name, spellings=list(one.spellings), changed_at=now())
            new[one.kind, one.name.lower()] = row
        elif more := [spelling for spelling in one.spellings if spelling not in there.spellings]:
            there.spellings, there.changed_at = [*there.spellings, *more], now()
            changed += [there] if there.pk else []
    if len(kept) + len(new) > MOST_NAMES:
        raise NotAListError(MOST_NAMES)
    KnownName.objects.bulk_create(new.values())
    KnownName.objects.bulk_update(changed, ["spellings", "changed_at"])
    if new or changed:
        record("brand.names_listed", subject=brand, by=by, new=len(new), changed=len(changed))
        defer("analysis.name_again", brand_id=brand.pk)
    return len(new), len(changed)


@transaction.atomic
def strike_name(name_id: int, *, by: Actor) -> None:
    """Take a name off its brand's list, and off the messages that have it. Raises KnownName.DoesNotExist."""
    name = KnownName.objects.select_related("brand").get(pk=name_id)
    record("brand.name_struck", subject=name.brand, by=by, struck=name.name)
    name.delete()


def name_again(brand_id: int) -> int:
    """Look again at what customers of a brand said within LOOKED_BACK; return how many messages were looked at."""
    names = KNOWN.of_brands().get(brand_id) or Names([])
    since, last, looked_at = now() - LOOKED_BACK, 0, 0
    while batch := _messages(brand_id, since, last):
        keep_named({pk: names.found_in(text) for pk, text in batch})
        looked_at, last = looked_at + len(batch), batch[-1][0]
    return looked_at


def _messages(brand_id: int, since: datetime, after: int) -> list[tuple[int, str]]:
    said = Message.objects.incoming().filter(account__brand=brand_id, sent_at__gte=since, pk__gt=after)
    return list(said.order_by("pk").values_list("pk", "text")[:_BATCH])


def named_in(message_id: int) -> Sequence[KnownName]:
    """The names that a message has."""
    found = NamedInMessage.objects.filter(message=message_id).select_related("name")
    return [one.name for one in found.order_by("name__kind", "name__name")]
