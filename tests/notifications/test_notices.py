from __future__ import annotations

import pytest
from django.utils import translation

from comptoir.events.record import record
from comptoir.notifications.models import Notice
from comptoir.notifications.notices import keep_notices
from comptoir.notifications.queries import notices_for
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent

pytestmark = pytest.mark.django_db


def test_lost_account_is_told_to_administrators_until_it_is_back() -> None:
    administrator = make_agent(role="administrator")
    account = make_account(name="Boutique")
    keep_notices([record("account.disconnected", subject=account, reason="Token expired.")])
    (notice,) = notices_for(administrator)
    assert (notice.subject_name, notice.reason) == ("Boutique", "Token expired.")
    keep_notices([record("account.reconnected", subject=account)])
    assert notices_for(administrator) == []


def test_account_lost_twice_is_one_notice() -> None:
    account = make_account()
    keep_notices([record("account.disconnected", subject=account) for _time in range(2)])
    assert Notice.objects.count() == 1


def test_account_lost_again_after_it_came_back_is_a_new_notice() -> None:
    account = make_account()
    names = ("account.disconnected", "account.reconnected", "account.disconnected")
    keep_notices([record(name, subject=account) for name in names])
    assert [notice.settled_at is None for notice in Notice.objects.order_by("id")] == [False, True]


@pytest.mark.parametrize("role", [role for role in Agent.Role if role != "administrator"])
def test_others_are_not_told_what_they_cannot_mend(role: str) -> None:
    keep_notices([record("account.disconnected", subject=make_account())])
    assert notices_for(make_agent(role=role)) == []


def test_notice_speaks_the_readers_language() -> None:
    keep_notices([record("account.disconnected", subject=make_account(name="Boutique"))])
    notice = Notice.objects.get()
    with translation.override("en"):
        assert notice.text.startswith("The account “Boutique” no longer opens.")
    with translation.override("fr"):
        assert notice.text.startswith("Le compte « Boutique » ne s’ouvre plus.")
