"""Every kind of payload that a network's published contract defines is read: as something that happened, or as nothing
of ours, with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from comptoir.connectors.base import Delivery, EventKind
from tests.connectors.published_contract import document
from tests.connectors.published_payloads import payloads
from tests.connectors.test_contract import built

Wrap = Callable[[Any], Any]

#: The connector, the contract, where in it the payload is described, and what the network wraps it in.
PUBLISHED: list[tuple[str, str, str, Wrap]] = [
    (
        "discord",
        "discord_openapi.json",
        "MessageResponse",
        lambda one: {"op": 0, "t": "MESSAGE_CREATE", "s": 1, "d": one},
    ),
    ("mastodon", "mastodon_openapi.json", "Status", lambda one: [one]),
    ("mastodon", "mastodon_openapi.json", "Notification", lambda one: [one]),
    ("x", "x_api_v2_openapi.json", "DmEvent", lambda one: {"data": [one], "meta": {"result_count": 1}}),
    ("x", "x_api_v2_openapi.json", "Post", lambda one: {"data": [one], "meta": {"result_count": 1}}),
    ("sms", "twilio_api_v2010.json", "api.v2010.account.message", lambda one: {"messages": [one]}),
    ("phone", "twilio_api_v2010.json", "api.v2010.account.call", lambda one: {"calls": [one]}),
    ("whatsapp", "meta_business_messaging_v23.yaml", "WebhookPayload", lambda one: one),
    ("pinterest", "pinterest_v5_openapi.yaml", "Pin", lambda one: {"items": [one]}),
]


@pytest.mark.parametrize(("kind", "spec", "name", "wrap"), PUBLISHED, ids=[f"{one[0]}-{one[2]}" for one in PUBLISHED])
def test_every_kind_of_payload_is_read(kind: str, spec: str, name: str, wrap: Wrap) -> None:
    published = document(spec)
    if published is None:
        pytest.skip(f"COMPTOIR_DATASETS names no folder with specs/{spec}")
    connector = built(kind, "123456789012345678")
    for payload in payloads(published, published["components"]["schemas"][name]):
        events = connector.parse(Delivery(json.dumps(wrap(payload)).encode()))
        assert events, payload
        assert all(event.event is not EventKind.ERROR for event in events), payload
        assert all(event.reason for event in events if event.event is EventKind.IGNORED), payload
