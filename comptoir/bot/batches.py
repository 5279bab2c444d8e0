"""Deciding about what waits, a batch at a time: what the catalogue says is asked of the reader, which is apart."""

from __future__ import annotations

import time
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db import transaction

from comptoir.analysis.apart import UnreadableError
from comptoir.analysis.models import MessageAnalysis
from comptoir.bot.asking import CatalogueAtHand
from comptoir.bot.deciding import decide_on
from comptoir.bot.models import CatalogueSurety, DecisionToMake
from comptoir.brands.models import Brand
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.understanding.deciding.catalogue import Decided
from comptoir.understanding.deciding.certainty import Proof
from comptoir.understanding.workshop import Works

_BATCH, _MAX_CHARS = 32, 5_000


def decide_what_waits(works: Works, at_hand: CatalogueAtHand, *, seconds: float = 4.0) -> bool:
    """Decide for a while, one batch at least; whether there is more that could be decided about.

    What was only read at a glance waits until it is read thoroughly.
    """
    until = time.monotonic() + seconds
    while True:
        batch = _next_batch()
        if not batch:
            return False
        _decide(works, at_hand, batch)
        if time.monotonic() >= until:
            return True


def _next_batch() -> Sequence[Message]:
    read = DecisionToMake.objects.filter(message__analysis__form=MessageAnalysis.Form.FULL)
    rows = read.select_related("message__conversation__account__brand").order_by("asked_at")[:_BATCH]
    return [row.message for row in rows]


def _decide(works: Works, at_hand: CatalogueAtHand, batch: Sequence[Message]) -> None:
    catalogue = at_hand.get()
    by_brand: dict[Brand, list[Message]] = {}
    for message in batch:
        by_brand.setdefault(message.conversation.account.brand, []).append(message)
    for brand, messages in by_brand.items():
        on = now().astimezone(ZoneInfo(brand.time_zone)).date()
        keys = at_hand.keys_for(brand.pk, on)
        if not keys:
            DecisionToMake.objects.filter(pk__in=[message.pk for message in messages]).delete()
            continue
        texts = [(message.text.strip() or message.subject.strip())[:_MAX_CHARS] for message in messages]
        try:
            decided: Decided = works.decide(texts, catalogue, keys)
        except UnreadableError:
            if len(batch) > 1:
                for message in messages:
                    _decide(works, at_hand, [message])
                continue
            raise
        at_hand.keep_proof(decided.proof)
        keep_proof(decided.proof, catalogue.version)
        for message, found in zip(messages, decided.decisions, strict=True):
            decide_on(message.pk, found, decided.proof, on=on)


@transaction.atomic
def keep_proof(proof: Proof, version: str) -> None:
    """What was found out about the catalogue, for the next process that decides and for whoever looks."""
    if CatalogueSurety.objects.filter(version=version).exists():
        return
    for per_cent, surety in sorted(proof.sureties.items()):
        told = {
            "version": version, "slope": proof.slope, "shift": proof.shift, "answers_from": surety.answers_from,
            "asked": surety.asked, "right": surety.right, "proven": surety.proven,
            "doubted": [int(key) for key in surety.doubted], "made_at": now(),
        }  # fmt: skip
        CatalogueSurety.objects.update_or_create(least_per_cent=per_cent, defaults=told)
