"""Whose conversations an agent is shown: those of their brands, and of accounts that are not reserved for others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from comptoir.channels.models import ChannelAccount
from comptoir.config.streaming.audience import Audience, Batch, Listener, Touched, audiences_now
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_team

pytestmark = pytest.mark.django_db


def seen_by(agent: Agent) -> set[int]:
    return set(Conversation.objects.visible_to(agent).values_list("pk", flat=True))


def test_without_limits_a_team_sees_every_brand() -> None:
    team = make_team()
    one, other = (make_conversation(account=make_account(team=team)) for _number in range(2))
    assert seen_by(make_agent(teams=[team])) == {one.pk, other.pk}


@pytest.mark.parametrize("role", ["agent", "supervisor", "director", "reader"])
def test_an_agent_limited_to_a_brand_sees_no_other(role: str) -> None:
    team, brand = make_team(), make_brand()
    mine = make_conversation(account=make_account(team=team, brand=brand))
    make_conversation(account=make_account(team=team))
    agent = make_agent(teams=[team], role=role)
    agent.brands.add(brand)
    assert seen_by(agent) == {mine.pk}


def test_what_is_given_to_them_they_see_in_any_case() -> None:
    agent = make_agent(teams=[make_team()])
    agent.brands.add(make_brand())
    given = make_conversation(assignee=agent)
    assert seen_by(agent) == {given.pk}


def test_an_administrator_is_limited_by_nothing() -> None:
    agent = make_agent(role=Agent.Role.ADMINISTRATOR)
    agent.brands.add(make_brand())
    account = make_account()
    account.reserved_for.add(make_team())
    conversation = make_conversation(account=account)
    assert seen_by(agent) == {conversation.pk}


def test_a_reserved_account_is_for_its_teams_alone() -> None:
    team, lawyers = make_team(), make_team()
    account = make_account(team=team)
    account.reserved_for.add(lawyers)
    conversation = make_conversation(account=account)
    assert seen_by(make_agent(role="supervisor", teams=[team])) == set()
    assert seen_by(make_agent(role="supervisor", teams=[lawyers])) == {conversation.pk}


def test_the_stream_hides_what_the_lists_hide() -> None:
    team, lawyers, brand = make_team(), make_team(), make_brand()
    accounts = [make_account(team=team, brand=brand), make_account(team=team), make_account(team=team, brand=brand)]
    accounts[2].reserved_for.add(lawyers)
    agents = [make_agent(teams=[team]), make_agent(teams=[team, lawyers]), make_agent(role="administrator")]
    agents[0].brands.add(brand)
    for agent in agents:
        hidden = frozenset(ChannelAccount.objects.hidden_from(agent).values_list("pk", flat=True))
        listener = Listener("x", Audience(agent.pk, False, frozenset()))
        assert _audience(listener, agent).hidden == hidden
    assert ChannelAccount.objects.hidden_from(agents[0]).count() == 2


def _audience(listener: Listener, agent: Agent) -> Audience:
    Session.objects.update_or_create(
        session_key="x", defaults={"session_data": "", "expire_date": now() + timedelta(days=1)}
    )
    audience = audiences_now([listener])[listener]
    assert audience is not None
    return audience


def test_of_a_hidden_account_only_its_owner_hears() -> None:
    touched = [Touched(pk, frozenset({1}), frozenset({7}), frozenset({"message.received"}), pk) for pk in (10, 11)]
    limited = frozenset({10})
    assert [one.conversation_id for one in Batch(touched).seen_by(Audience(5, False, frozenset({1}), limited))] == [11]
    assert [one.conversation_id for one in Batch(touched).seen_by(Audience(5, True, frozenset(), limited))] == [11]
    heard = Batch(touched).seen_by(Audience(7, False, frozenset({1}), limited))
    assert sorted(one.conversation_id for one in heard) == [10, 11]
