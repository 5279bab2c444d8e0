"""What is promised before anybody has chosen."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from comptoir.sla.models import SLAPolicy
from tests.factories import make_account, make_brand

pytestmark = pytest.mark.django_db

DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def as_before(db: None) -> None:
    """One promise, as the first version had it."""
    SLAPolicy.objects.all().delete()
    SLAPolicy.objects.create(promise="first_reply", target=DAY)


def migrated() -> list[tuple[Any, ...]]:
    import_module("comptoir.sla.migrations.0007_shipped_promises").put_in_order(apps, None)
    return list(SLAPolicy.objects.in_order().values_list("promise", "kinds", "is_public", "brand", "target"))


def test_a_new_installation_answers_chat_in_a_minute_and_the_rest_within_a_day() -> None:
    assert migrated() == [
        ("first_reply", ["chat"], None, None, timedelta(minutes=1)),
        ("first_reply", [], True, None, DAY),
        ("first_reply", [], None, None, DAY),
        ("next_reply", [], None, None, DAY),
    ]
    assert SLAPolicy.objects.in_order()[0].is_in_working_time


def test_one_that_is_at_work_keeps_its_promises_for_every_reply() -> None:
    make_account()
    assert migrated() == [("first_reply", [], None, None, DAY), ("next_reply", [], None, None, DAY)]


def test_a_promise_that_was_changed_is_left_as_it_is() -> None:
    brand = make_brand()
    SLAPolicy.objects.create(promise="first_reply", target=timedelta(hours=2), brand=brand)
    assert migrated() == [
        ("first_reply", [], None, brand.pk, timedelta(hours=2)),
        ("first_reply", [], None, None, DAY),
        ("next_reply", [], None, brand.pk, timedelta(hours=2)),
        ("next_reply", [], None, None, DAY),
    ]


def test_a_public_complaint_is_answered_within_half_an_hour_of_opening_hours() -> None:
    migrated()
    import_module("comptoir.sla.migrations.0014_public_complaints").promise_complaints(apps, None)
    first = SLAPolicy.objects.in_order()[0]
    assert (first.promise, first.is_public, first.intents) == ("first_reply", True, ["complaint"])
    assert (first.target, first.is_in_working_time) == (timedelta(minutes=30), True)


def test_one_that_is_at_work_is_not_promised_more_than_it_chose() -> None:
    make_account()
    migrated()
    import_module("comptoir.sla.migrations.0014_public_complaints").promise_complaints(apps, None)
    assert not SLAPolicy.objects.exclude(intents=[]).exists()
