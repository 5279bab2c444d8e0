"""What is noticed by itself: an account that fell silent, and what its network counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from comptoir.channels.models import AccountHealth, ChannelAccount, Figure
from comptoir.connectors import base
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.intake.measuring import count_received, measure_account
from comptoir.intake.models import RawDelivery
from comptoir.intake.silence import notice_silence
from tests.able_network import AbleNetwork, able, ending
from tests.factories import make_account, make_conversation, make_incoming, make_outgoing

__all__ = ["able"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def account(able: AbleNetwork) -> ChannelAccount:
    made = make_account(kind="able", own_id="us", credentials=ending(now() + timedelta(days=1)))
    AccountHealth.objects.get_or_create(account=made)
    return made


def spoke_hourly(account: ChannelAccount, *, until: timedelta, times: int = 60) -> None:
    last = now() - until
    RawDelivery.objects.bulk_create(
        RawDelivery(account=account, body=b"[]", received_at=last - timedelta(hours=times - 1 - number), state="done")
        for number in range(times)
    )
    AccountHealth.objects.filter(account=account).update(last_delivery_at=last)


def test_an_account_that_usually_speaks_and_does_not_is_noticed_once(account: ChannelAccount) -> None:
    spoke_hourly(account, until=timedelta(hours=5))
    assert notice_silence() == [account.pk]
    assert notice_silence() == []
    assert Event.objects.filter(name="account.fell_silent").count() == 1


def test_one_that_speaks_again_is_no_longer_silent(account: ChannelAccount) -> None:
    spoke_hourly(account, until=timedelta(hours=5))
    notice_silence()
    AccountHealth.objects.update(last_delivery_at=now())
    notice_silence()
    assert AccountHealth.objects.get().silent_since is None
    assert Event.objects.order_by("-pk").values_list("name", flat=True)[0] == "account.spoke_again"


@pytest.mark.parametrize(("until", "times"), [(timedelta(hours=2), 60), (timedelta(hours=5), 20)])
def test_a_usual_pause_or_an_account_that_seldom_speaks_is_no_silence(
    until: timedelta, times: int, account: ChannelAccount
) -> None:
    spoke_hourly(account, until=until, times=times)
    assert notice_silence() == []


def test_a_paused_account_may_be_silent(account: ChannelAccount) -> None:
    spoke_hourly(account, until=timedelta(hours=5))
    ChannelAccount.objects.update(status="paused")
    assert notice_silence() == []


def test_figures_are_kept_once_a_day(account: ChannelAccount, able: AbleNetwork) -> None:
    able.counted = [base.Figure("followers", 1200), base.Figure("rating", 4.4, best=5), base.Figure("odd", 3)]
    today = now().date()
    assert measure_account(account, measured_on=today) == 2
    able.counted = [base.Figure("followers", 1201)]
    measure_account(account, measured_on=today)
    measure_account(account, measured_on=today - timedelta(days=1))
    kept = Figure.objects.filter(name="followers").order_by("measured_on").values_list("value", flat=True)
    assert list(kept) == [1201, 1201]


def test_our_newest_public_words_are_measured(account: ChannelAccount, able: AbleNetwork) -> None:
    conversation = make_conversation(account=account, is_public=True)
    public = make_outgoing(conversation, state="sent", visibility="public", external_id="post-1")
    make_outgoing(conversation, state="sent", visibility="private", external_id="dm-1")
    measure_account(account, measured_on=now().date())
    assert able.posts_asked == [public.external_id]


def test_what_customers_say_is_counted_by_the_day(account: ChannelAccount) -> None:
    conversation = make_conversation(account=account)
    for number in range(3):
        make_incoming(conversation, external_id=f"m-{number}", sent_at=now())
    count_received([account.pk], received_on=localdate())
    assert Figure.objects.get(name="received").value == 3
