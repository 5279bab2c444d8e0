"""What these tests have in common."""

from __future__ import annotations

import pytest

from tests.connectors.published_contract import hold_to


@pytest.fixture(autouse=True)
def _contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request of these tests is held to the published contract."""
    hold_to(monkeypatch, "twilio_api_v2010.json", server="https://api.twilio.com")
