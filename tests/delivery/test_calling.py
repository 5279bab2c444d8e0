"""Calling a customer back: the agent's telephone rings first."""

from __future__ import annotations

from typing import ClassVar

import pytest
from django.core.cache import cache

from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import AuthError, ConnectorError, PermanentError, PlacesCalls
from comptoir.conversations.models import Conversation
from comptoir.delivery.calling import CallRefusedError, NoTelephoneError, call_customer, places_calls
from comptoir.events.models import Event
from comptoir.people.models import Agent
from comptoir.people.preferences import prefer
from tests.factories import make_account, make_agent, make_conversation, make_identity
from tests.fake_network import Fake

pytestmark = pytest.mark.django_db


class Exchange(Fake, PlacesCalls):
    kind, label = "exchange", "Telephone exchange"
    placed: ClassVar[list[tuple[str, str]]] = []
    refuses: ClassVar[ConnectorError | None] = None

    def place_call(self, to: str, *, agent: str, key: str) -> str:
        if self.refuses is not None:
            raise self.refuses
        self.placed.append((agent, to))
        return key


@pytest.fixture
def conversation(monkeypatch: pytest.MonkeyPatch) -> Conversation:
    cache.clear()
    monkeypatch.setattr(Exchange, "placed", [])
    monkeypatch.setattr(Exchange, "refuses", None)
    registered = dict(registry.connector_classes()) | {"exchange": Exchange}
    monkeypatch.setattr(registry, "connector_classes", lambda: registered)
    caller = make_identity(channel="exchange", external_id="+33612345678")
    return make_conversation(account=make_account(kind="exchange"), identity=caller)


@pytest.fixture
def agent() -> Agent:
    return prefer(make_agent().pk, telephone="+33123456789")


def test_the_agent_is_rung_and_then_the_customer(conversation: Conversation, agent: Agent) -> None:
    call_customer(conversation.pk, by=agent)
    assert Exchange.placed == [("+33123456789", "+33612345678")]
    assert Event.objects.get(name="call.placed").actor_id == agent.pk


def test_pressing_twice_rings_once(conversation: Conversation, agent: Agent) -> None:
    call_customer(conversation.pk, by=agent)
    call_customer(conversation.pk, by=agent)
    assert len(Exchange.placed) == 1


def test_without_a_telephone_the_agent_is_told_where_to_name_it(conversation: Conversation) -> None:
    with pytest.raises(NoTelephoneError):
        call_customer(conversation.pk, by=make_agent())


def test_where_nobody_can_be_called_it_is_said(agent: Agent) -> None:
    with pytest.raises(CallRefusedError):
        call_customer(make_conversation().pk, by=agent)


@pytest.mark.parametrize("error", [PermanentError("The number is barred."), AuthError("The access is over.")])
def test_why_a_call_did_not_come_about_is_said(error: ConnectorError, conversation: Conversation, agent: Agent) -> None:
    Exchange.refuses = error
    with pytest.raises(CallRefusedError, match=str(error.reason)):
        call_customer(conversation.pk, by=agent)


def test_an_account_that_is_not_connected_offers_no_call(conversation: Conversation, agent: Agent) -> None:
    account = conversation.account
    assert places_calls(account)
    account.status = ChannelAccount.Status.DISCONNECTED
    account.save(update_fields=["status"])
    assert not places_calls(account)
    with pytest.raises(CallRefusedError):
        call_customer(conversation.pk, by=agent)
    assert Exchange.placed == []
