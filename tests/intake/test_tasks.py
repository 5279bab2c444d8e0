from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.core.clock import now
from comptoir.intake import tasks
from comptoir.intake.models import EarlyChange, RawDelivery
from comptoir.intake.tasks import forget
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def test_what_was_read_a_month_ago_is_forgotten_and_what_was_set_aside_is_not(monkeypatch):
    account, long_ago = make_account(), now() - timedelta(days=31)
    monkeypatch.setattr(tasks, "_AT_ONCE", 2)
    for state in ["done"] * 5 + ["set_aside", "new", "later"]:
        RawDelivery.objects.create(account=account, body=b"{}", state=state, received_at=long_ago)
    RawDelivery.objects.create(account=account, body=b"{}", state="done")
    forget(0)
    assert sorted(RawDelivery.objects.values_list("state", flat=True)) == ["done", "later", "new", "set_aside"]


def test_changes_whose_message_never_came_are_forgotten():
    account = make_account()
    for number, days in enumerate((91, 1)):
        EarlyChange.objects.create(
            account=account, target_id="m", fingerprint=str(number), event={}, received_at=now() - timedelta(days=days)
        )
    forget(0)
    assert EarlyChange.objects.get().fingerprint == "1"
