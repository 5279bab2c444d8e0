"""From raw deliveries to events: each read by itself, so that one that cannot be read holds up none of the others."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Connector, ConnectorError, Delivery, EventKind, PayloadError, TransientError
from comptoir.core.reasons import Reason, at_most, together
from comptoir.intake.arrivals import Arrival, arrivals
from comptoir.intake.scoping import place_of

log = structlog.get_logger("comptoir.intake")

_UNREADABLE = Reason("It cannot be read.")
_LONGEST_REASON = 2000


@dataclass(slots=True)
class Reading:
    """What became of one raw delivery; ``refused`` says, to people, what of it could not be read."""

    raw_id: int
    tries: int
    received_at: datetime
    is_history: bool = False
    arrivals: list[Arrival] = field(default_factory=list)
    refused: str = ""
    may_heal: bool = False


@dataclass(frozen=True, slots=True)
class Raw:
    """A row of the raw log."""

    id: int
    body: bytes
    content_type: str
    headers: str  # JSON, as the driver gives it
    key: str | None
    received_at: datetime
    tries: int
    is_history: bool

    @property
    def delivery(self) -> Delivery:
        headers = _headers(self.headers) if self.headers != "{}" else {}
        return Delivery(bytes(self.body), self.content_type, headers, self.key)


def _headers(written: str) -> dict[str, str]:
    return {str(name): str(text) for name, text in json.loads(written).items()}


def read_delivery(connector: Connector, account: ChannelAccount, raw: Raw) -> Reading:
    """Read one delivery; never raises."""
    reading = Reading(raw.id, raw.tries, raw.received_at, raw.is_history)
    try:
        delivery = raw.delivery
        events = connector.parse(delivery)
        errors = [event.reason or _UNREADABLE for event in events if event.event is EventKind.ERROR]
        reading.arrivals = arrivals(
            events,
            own_id=account.network_id,
            received_at=raw.received_at,
            origin=(raw.key or "").encode() or delivery.body,
            place=place_of(connector, account),
        )
        reading.refused = at_most(together(errors), _LONGEST_REASON)
    except PayloadError as error:
        reading.refused = at_most(error.reason, _LONGEST_REASON) or _UNREADABLE
    except TransientError as error:
        reading.refused, reading.may_heal = at_most(error.reason, _LONGEST_REASON), True
    except ConnectorError as error:
        reading.refused = at_most(error.reason, _LONGEST_REASON)
    except Exception as error:
        log.exception("reading a delivery failed", raw_delivery=raw.id, kind=account.kind)
        reading.refused = broken(error)
    return reading


def broken(error: Exception) -> Reason:
    """What people are told of a mistake of our own: what is kept and what to do, the rest is in the log."""
    return Reason(
        "Comptoir could not take it in (%(error)s). It is kept as it came; the log says more. "
        "Replay it after an update.",
        error=type(error).__name__,
    )
