"""Bluesky: one account of the AT Protocol's social network."""

from __future__ import annotations

from comptoir.connectors.base import Connector, Delivery, Health, NetworkEvent
from comptoir.connectors.bluesky.payloads import read_delivery


class Bluesky(Connector):
    kind, label = "bluesky", "Bluesky"

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        raise NotImplementedError
