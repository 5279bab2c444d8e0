"""Networks are told where to deliver, and told again when they forget."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from comptoir.channels.actions import check_account
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.channels.subscribing import hook_url, subscribe
from comptoir.channels.tasks import look_after
from comptoir.connectors.base import PermanentError
from comptoir.connectors.phone.connector import Phone
from comptoir.core.clock import now
from comptoir.core.http import new_client
from comptoir.core.saying import in_words
from comptoir.events.models import Event
from tests.able_network import Able, AbleNetwork, ApiVersion, able, ending
from tests.factories import make_account

__all__ = ["able"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def account(able: AbleNetwork) -> ChannelAccount:
    made = make_account(kind="able", own_id="us", credentials=ending(now() + timedelta(days=1)))
    AccountHealth.objects.get_or_create(account=made)
    return made


def names() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("name", flat=True))


def an_hour_later() -> None:
    AccountHealth.objects.update(subscription_checked_at=now() - timedelta(hours=1))


def test_checking_an_account_has_the_network_deliver_to_us(account: ChannelAccount, able: AbleNetwork) -> None:
    check_account(account)
    assert able.subscribed == {hook_url(account)}


def test_a_network_that_forgot_us_is_told_again_within_the_hour(account: ChannelAccount, able: AbleNetwork) -> None:
    look_after(account.pk)
    able.subscribed.clear()
    look_after(account.pk)
    assert able.subscribed == set(), "it was asked just now"
    an_hour_later()
    look_after(account.pk)
    assert able.subscribed == {hook_url(account)}


def test_one_that_cannot_be_told_is_recorded_once_and_when_it_is_mended(
    account: ChannelAccount, able: AbleNetwork
) -> None:
    able.refuses = PermanentError("The application may not subscribe.")
    for _hour in range(2):
        an_hour_later()
        look_after(account.pk)
    assert names() == ["account.subscription_lost"]
    assert AccountHealth.objects.get().last_error == "The application may not subscribe."
    able.refuses = None
    an_hour_later()
    look_after(account.pk)
    assert names() == ["account.subscription_lost", "account.subscribed"]


@pytest.mark.parametrize(("days", "is_said"), [(30, True), (200, False)])
def test_a_version_of_the_interface_that_ends_soon_is_said(
    days: int, is_said: bool, account: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends_on: date = now().date() + timedelta(days=days)
    monkeypatch.setattr(Able, "api_version", ApiVersion("v9", ends_on))
    assert any("v9" in remark for remark in check_account(account).remarks) is is_said


def test_the_day_on_which_a_version_ends_is_said_in_the_readers_language(
    account: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Able, "api_version", ApiVersion("v9", date(2020, 9, 30)))
    (remark,) = (one for one in check_account(account).remarks if "v9" in one)
    with translation.override("fr"):
        assert "30 septembre 2020" in in_words(remark)
    assert "30 September 2020" in remark


def test_a_gateway_that_nobody_can_ask_is_not_said_to_have_stopped_delivering() -> None:
    gateway = make_account(kind="sms", credentials={"sender": "+33644000000", "webhook_secret": "s" * 16})
    AccountHealth.objects.get_or_create(account=gateway)
    look_after(gateway.pk)
    assert "account.subscription_lost" not in names()


def test_a_switchboard_that_streams_its_calls_needs_no_address_of_ours() -> None:
    switchboard = {"number": "+33199000003", "ari_url": "https://pbx.example", "ari_user": "u", "ari_password": "p"}
    account = make_account(kind="phone", own_id="+33199000003", credentials=switchboard)
    with new_client() as http:
        assert subscribe(Phone(switchboard, http), account) is None
        only_told = subscribe(Phone({"number": "+33199000003"}, http), account)
    assert only_told is not None
    assert hook_url(account) in str(only_told)


def test_a_check_that_mends_the_subscription_says_that_it_is_mended(account: ChannelAccount, able: AbleNetwork) -> None:
    able.refuses = PermanentError("The application may not subscribe.")
    an_hour_later()
    look_after(account.pk)
    assert AccountHealth.objects.get().subscription_lost_at is not None
    able.refuses = None
    check_account(account)
    assert AccountHealth.objects.get().subscription_lost_at is None
    assert "account.subscribed" in names()
