"""Whether this machine's clock and a network's agree: signatures and tokens fail in odd ways when they do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx

from comptoir.connectors.shared.calling import server_time
from comptoir.core.clock import now
from comptoir.core.reasons import Reason

_TOLERATED = timedelta(seconds=90)


@dataclass(slots=True)
class Skew:
    """How far this machine's clock is ahead of the network's, as its last answer told."""

    ahead: timedelta = timedelta(0)

    def remark(self) -> Reason | None:
        """What people are told; None while the clocks agree."""
        if abs(self.ahead) <= _TOLERATED:
            return None
        seconds = round(abs(self.ahead).total_seconds())
        if self.ahead > timedelta(0):
            return Reason(
                "This machine’s clock is %(seconds)s seconds ahead of the network’s: set it.", seconds=seconds
            )
        return Reason("This machine’s clock is %(seconds)s seconds behind the network’s: set it.", seconds=seconds)


@contextmanager
def watched(http: httpx.Client) -> Iterator[Skew]:
    """Compare the clocks at every answer that says its time."""
    skew = Skew()

    def compare(response: httpx.Response) -> None:
        told = server_time(response)
        if told is not None:
            skew.ahead = now() - told

    http.event_hooks["response"].append(compare)
    try:
        yield skew
    finally:
        http.event_hooks["response"].remove(compare)
