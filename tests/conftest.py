"""Fixtures that every test may ask for."""

from __future__ import annotations

import pytest

from comptoir.sla.models import SLAPolicy
from tests.fake_network import fake_network

__all__ = ["fake_network"]


@pytest.fixture(autouse=True)
def default_promise(request: pytest.FixtureRequest) -> None:
    """The promise that migrations make: tests with transactions of their own empty the tables when they end."""
    asks = {"db", "transactional_db"} & set(request.fixturenames)
    if asks or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("_django_db_helper")
        SLAPolicy.objects.get_or_create(brand=None)
