"""Fixtures that every test may ask for."""

from __future__ import annotations

import pytest
from django.conf import settings

from comptoir.sla.models import SLAPolicy
from tests.emptying import empty_after_each_commit
from tests.fake_network import fake_network

__all__ = ["fake_network"]

empty_after_each_commit()
#: Looked up when one is asked for: otherwise each of the thousands of test clients reads every file of ours first.
settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def default_promise(request: pytest.FixtureRequest) -> None:
    """The promise that migrations make: tests with transactions of their own empty the tables when they end."""
    asks = {"db", "transactional_db"} & set(request.fixturenames)
    if asks or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("_django_db_helper")
        SLAPolicy.objects.get_or_create(brand=None)
