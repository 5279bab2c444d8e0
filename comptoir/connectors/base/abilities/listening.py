"""How what is said on a network comes in: delivered, asked for, streamed, and read back."""

from __future__ import annotations

import abc
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from comptoir.connectors.base.events import Delivery
from comptoir.connectors.base.webhooks import Addressee, Answer, HookRequest


@dataclass(frozen=True, slots=True)
class Page:
    """Deliveries to store together with the cursor that comes after them."""

    deliveries: Sequence[Delivery]
    cursor: Mapping[str, Any]


class ReceivesWebhooks(abc.ABC):
    """The network pushes to us. ``acknowledgement`` is what it is answered once its delivery is stored.

    ``delivers_by_get``: deliveries also come as the query of a GET, which is then stored as a form. ``query_secrets``
    are the fields of such a query that only prove who sends it: they are checked and not kept.
    """

    acknowledgement: Answer = Answer()
    delivers_by_get: ClassVar[bool] = False
    query_secrets: ClassVar[frozenset[str]] = frozenset({"token"})

    @abc.abstractmethod
    def verify(self, request: HookRequest) -> None:
        """Raise SignatureError unless the delivery is the network's."""

    def challenge(self, request: HookRequest) -> Answer | None:
        """Answer the network's question whether we are there; None for anything else.

        Asked for every GET, before `verify`, and for every POST after it: what is answered here is not stored. Raises
        SignatureError. A GET that is answered nothing is a delivery where the network ``delivers_by_get``.
        """
        return None

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        """The accounts that a delivery is about, where one address serves several: pure, asked after `verify`.

        It is stored for each of them whose own secret verifies it too. Empty: the account of the address alone.
        """
        return ()


class SubscribesWebhooks(abc.ABC):
    """We can tell the network where to deliver, and see whether it still knows."""

    def subscribes_here(self) -> bool:
        """Whether this account's can be told; the address is else entered on its own pages, and nobody can be asked."""
        return True

    @abc.abstractmethod
    def subscribe(self, url: str) -> None:
        """Have deliveries sent to ``url``. Doing it twice is a success."""

    @abc.abstractmethod
    def is_subscribed(self, url: str) -> bool:
        """Whether the network delivers to ``url`` now."""


class Polls(abc.ABC):
    """We ask the network. ``poll_every`` is the pause between two rounds."""

    poll_every: ClassVar[timedelta] = timedelta(seconds=30)

    @abc.abstractmethod
    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Yield what is new since ``cursor`` ({} at first), each page with the cursor to keep once it is stored."""


class Streams(abc.ABC):
    """The network keeps a connection open. Where a connector also Polls, that fills gaps, also while it is refused."""

    def streams_here(self) -> bool:
        """Whether this account has a stream, told from the credentials: a tier, or a server, may have none."""
        return True

    @abc.abstractmethod
    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        """Yield pages until ``stop`` is set or the connection ends; must notice ``stop`` within a second or two.

        Raises StreamError where the network says how it wants to be called again, and the errors of `poll`.
        """


class ReadsHistory(abc.ABC):
    """The network still has what was said before we were connected."""

    @abc.abstractmethod
    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Yield what was said back to ``since``, newest first, going on where ``cursor`` ({} at first) left off.

        Its deliveries are read by `parse` like any other; the cursor is this method's own, not that of `poll`.
        """

    def has_more_past(self, cursor: Mapping[str, Any]) -> bool:
        """Whether a place was added to the account (a room) since its history was read to the end, at ``cursor``: then
        `history` goes on from there and reads the past of that place. Told from the credentials.
        """
        return False
