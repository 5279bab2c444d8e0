"""Whether this machine's clock and a network's agree: signatures and tokens fail in odd ways when they do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
from django.db import transaction

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors.base import Connector
from comptoir.connectors.shared.calling import server_time
from comptoir.core.clock import now
from comptoir.core.reasons import Reason
from comptoir.events.record import record

_TOLERATED = timedelta(seconds=90)


@dataclass(slots=True)
class Skew:
    """How far this machine's clock is ahead of the network's, as its last answer told; None while none has."""

    ahead: timedelta | None = None

    @property
    def is_known(self) -> bool:
        return self.ahead is not None

    def remark(self) -> Reason | None:
        """What people are told; None while the clocks agree, or nothing is known."""
        if self.ahead is None or abs(self.ahead) <= _TOLERATED:
            return None
        seconds = round(abs(self.ahead).total_seconds())
        if self.ahead > timedelta(0):
            return Reason(
                "This machine’s clock is %(seconds)s seconds ahead of the network’s: set it.", seconds=seconds
            )
        return Reason("This machine’s clock is %(seconds)s seconds behind the network’s: set it.", seconds=seconds)


@contextmanager
def watched(connector: Connector) -> Iterator[Skew]:
    """Compare the clocks at every answer that says its time, and was not kept for a while on its way (`Age`)."""
    skew, http = Skew(), connector.http

    def compare(response: httpx.Response) -> None:
        told = server_time(response)
        if told is not None and connector.tells_time and response.headers.get("age", "0").strip() in ("", "0"):
            skew.ahead = now() - told

    http.event_hooks["response"].append(compare)
    try:
        yield skew
    finally:
        http.event_hooks["response"].remove(compare)


@transaction.atomic
def note_skew(account: ChannelAccount, skew: Skew) -> None:
    """Keep since when the clocks differ, recorded when that begins and ends: an administrator is told."""
    health, remark = AccountHealth.objects.filter(account=account), skew.remark()
    if remark is not None and health.filter(clock_differs_since=None).update(clock_differs_since=now()):
        record("account.clock_differs", subject=account, reason=remark)
    elif remark is None and skew.is_known and health.exclude(clock_differs_since=None).update(clock_differs_since=None):
        record("account.clock_agrees", subject=account)
