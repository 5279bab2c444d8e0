"""Writes of intake: storing what networks deliver, receiving it, replaying what was set aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import NetworkEvent
from comptoir.core.clock import now
from comptoir.events.record import SYSTEM, Actor, Happening, record_all
from comptoir.intake.arrivals import arrivals
from comptoir.intake.models import RawDelivery
from comptoir.intake.receiving.batch import Batch
from comptoir.intake.scoping import place_on
from comptoir.intake.storing import store_delivery

__all__ = ["receive", "replay_deliveries", "store_delivery"]


@transaction.atomic
def receive(
    account: ChannelAccount,
    events: Iterable[NetworkEvent],
    *,
    received_at: datetime | None = None,
    origin: bytes = b"",
    as_history: bool = False,
) -> int:
    """Make messages in conversations, or changes of them, of one account's events; return how many messages are new.

    The same events any number of times, in any order, from any number of processes, leave the same rows.
    ``as_history``: nobody waits for an answer to them any more.
    """
    arrived = arrivals(
        events, own_id=account.network_id, received_at=received_at or now(), origin=origin, place=place_on(account)
    )
    return Batch(account, arrived, as_history=as_history).run()


@transaction.atomic
def replay_deliveries(*, ids: Sequence[int] | None = None, by: Actor = SYSTEM) -> int:
    """Have deliveries that were set aside read again, those of ``ids`` or all; return how many."""
    aside = RawDelivery.objects.filter(state=RawDelivery.State.SET_ASIDE)
    if ids is not None:
        aside = aside.filter(pk__in=ids)
    replayed = list(aside.select_for_update(skip_locked=True).values_list("pk", flat=True))
    RawDelivery.objects.filter(pk__in=replayed).update(state=RawDelivery.State.NEW, tries=0, not_before=None, reason="")
    record_all(Happening("delivery.replayed", "rawdelivery", pk, by) for pk in replayed)
    return len(replayed)
