"""The e-mail channel: one mailbox, read over IMAP, answered over SMTP."""

from __future__ import annotations

from comptoir.connectors.base import Connector, Delivery, Health, NetworkEvent
from comptoir.connectors.email.reading import read_delivery


class Email(Connector):
    """One mailbox."""

    kind, label = "email", "E-mail"

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self._own_addresses())

    def check(self) -> Health:
        raise NotImplementedError

    def _own_addresses(self) -> frozenset[str]:
        """Our address and its aliases, lower case."""
        return frozenset(one.strip().lower() for one in (self.own_id or "").split(",") if one.strip())
