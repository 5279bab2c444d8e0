"""Disconnecting an account for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.channels.connecting import opened
from comptoir.channels.leaving import leave_network
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors.base import SignsIn, TransientError
from comptoir.core.clock import now
from comptoir.events.models import Event
from tests.able_network import Able, AbleNetwork, able, ending
from tests.factories import make_account, make_conversation, make_incoming

__all__ = ["able"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def account(able: AbleNetwork) -> ChannelAccount:
    application = {"client_id": "app-1", "client_secret": "s3cret"}
    credentials = {**ending(now() + timedelta(days=1)), **application}
    return make_account(kind="able", own_id="us", credentials=credentials)


def kept() -> dict[str, str]:
    return ChannelAccount.objects.get().credentials


def test_the_access_is_given_back_and_forgotten(account: ChannelAccount, able: AbleNetwork) -> None:
    token = account.credentials["token"]
    assert leave_network(account) is None
    assert able.revoked == [token]
    assert kept() == {"client_id": "app-1", "client_secret": "s3cret"}
    assert ChannelAccount.objects.get().status == "disconnected"
    assert "disconnected here" in AccountHealth.objects.get().last_error
    assert list(Event.objects.values_list("name", flat=True)) == ["account.left"]


def test_what_was_said_stays(account: ChannelAccount) -> None:
    message = make_incoming(make_conversation(account=account))
    leave_network(account)
    message.refresh_from_db()
    assert message.conversation.account == account


def test_a_network_that_cannot_be_told_is_forgotten_all_the_same(account: ChannelAccount, able: AbleNetwork) -> None:
    able.refuses = TransientError("The network is away.")
    assert "withdraw the access there" in str(leave_network(account))
    assert "token" not in kept()


def test_where_no_access_is_taken_back_it_is_said_what_is_left_to_do(
    account: ChannelAccount, able: AbleNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Able, "revoke", SignsIn.revoke)
    assert "withdraw it there" in str(leave_network(account))
    assert able.revoked == []


def test_an_account_that_was_left_opens_nothing_without_a_new_access(account: ChannelAccount) -> None:
    leave_network(account)
    with opened(ChannelAccount.objects.get()) as connector:
        assert "token" not in connector.credentials
