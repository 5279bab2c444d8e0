"""What these tests have in common."""

from __future__ import annotations

import pytest

from tests.connectors.published_contract import hold_to


@pytest.fixture(autouse=True)
def _contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request of these tests is held to the published contract."""
    hold_to(
        monkeypatch,
        "meta_business_messaging_v23.yaml",
        server="https://graph.facebook.com",
        # the first is not of WhatsApp; of the second no body could fulfil what is published: see far_side.bodies
        unpublished=("/debug_token", "/messages"),
        everywhere=("appsecret_proof", "fields", "limit", "after"),  # of all the Graph API
    )
