"""An access that ends is renewed before it does, once, whoever asks."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from comptoir.channels.connecting import opened
from comptoir.channels.models import ChannelAccount
from comptoir.channels.renewing import renew_if_due
from comptoir.channels.tasks import look_after
from comptoir.connectors.base import AuthError, TransientError
from comptoir.core.clock import now
from tests.able_network import AbleNetwork, able, ending
from tests.factories import make_account

__all__ = ["able"]
pytestmark = pytest.mark.django_db(transaction=True)


def account(ends_in: timedelta) -> ChannelAccount:
    return make_account(kind="able", credentials=ending(now() + ends_in))


def stored(account: ChannelAccount) -> dict[str, str]:
    return ChannelAccount.objects.get(pk=account.pk).credentials


def test_an_access_that_ends_soon_is_renewed_before_it_is_used(able: AbleNetwork) -> None:
    ours = account(timedelta(minutes=1))
    with opened(ours) as connector:
        assert connector.credentials["token"] == "token-1"
    assert stored(ours)["token"] == "token-1"


def test_one_that_lasts_is_left_alone(able: AbleNetwork) -> None:
    with opened(account(timedelta(hours=1))) as connector:
        assert connector.credentials["token"] == "token-0"
    assert able.renewals == []


def test_two_who_find_it_ending_renew_it_once(able: AbleNetwork) -> None:
    ours = account(timedelta(0))
    able.may_renew.clear()
    others = ChannelAccount.objects.get(pk=ours.pk)

    def renew(one: ChannelAccount) -> None:
        renew_if_due(one)
        connection.close()

    threads = [threading.Thread(target=renew, args=(one,)) for one in (ours, others)]
    for thread in threads:
        thread.start()
    assert able.renewing.wait(10)
    able.may_renew.set()
    for thread in threads:
        thread.join(10)
    assert able.renewals == ["token-0"]
    assert ours.credentials["token"] == others.credentials["token"] == "token-1"


def test_a_network_that_is_away_leaves_the_old_access_as_it_is(able: AbleNetwork) -> None:
    ours = account(timedelta(0))
    able.refuses = TransientError("Not now.")
    with pytest.raises(TransientError):
        renew_if_due(ours)
    assert stored(ours)["token"] == "token-0"


def test_an_idle_account_is_looked_after_ahead_of_time(able: AbleNetwork) -> None:
    ours = account(timedelta(minutes=20))
    look_after(ours.pk)
    assert stored(ours)["token"] == "token-1"


def test_an_access_that_cannot_be_renewed_is_put_to_an_administrator(able: AbleNetwork) -> None:
    ours = account(timedelta(minutes=20))
    able.refuses = AuthError("The access was withdrawn.")
    look_after(ours.pk)
    ours.refresh_from_db()
    assert (ours.status, ours.health.last_error) == ("disconnected", "The access was withdrawn.")
