"""What the tests of the e-mail connector share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from comptoir.connectors.base import Delivery, NetworkEvent
from comptoir.connectors.email.connector import Email

FIXTURES = Path(__file__).parent.parent / "fixtures"
OWN = "service@boutique.example"
HEAD = b"From: Jeanne <jeanne@client.example>\r\nTo: service@boutique.example\r\nSubject: s\r\n"

#: One for all: opening a client loads the machine's certificates, and none of these tests calls anybody.
NO_NETWORK = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(500)))


def parsed(raw: bytes, *, own: str | None = OWN, content_type: str = "message/rfc822") -> list[NetworkEvent]:
    return Email({}, NO_NETWORK, own_id=own).parse(Delivery(raw, content_type))


def message(raw: bytes, **options: Any) -> NetworkEvent:
    return parsed(raw, **options)[0]
