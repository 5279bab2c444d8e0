"""The telephone rings: whoever may take the call is told, and only while it rings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.events.record import Actor, record
from comptoir.notifications.hearing import notify_agents
from comptoir.notifications.models import Notification
from comptoir.people.models import Agent, Team
from tests.factories import make_agent, make_conversation, make_incoming, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def agent(team: Team) -> Agent:
    return make_agent(teams=[team])


@pytest.fixture
def conversation(team: Team) -> Conversation:
    return make_conversation(team=team)


def rings(conversation: Conversation, state: str = "ringing") -> Message:
    call = make_incoming(conversation, text="", kind="call", call_state=state)
    notify_agents([record("message.received", subject=call, by=Actor("contact", 1))])
    return call


def busy(agent: Agent) -> Agent:
    agent.availability = Agent.Availability.BUSY
    agent.save(update_fields=["availability"])
    return agent


def told() -> list[tuple[int, str]]:
    return list(Notification.objects.order_by("agent").values_list("agent", "kind"))


def calling(agent: Agent) -> list[str]:
    client = Client()
    client.force_login(agent.user)
    return [call["url"] for call in client.get("/notifications/unseen/").json()["calls"]]


def test_whoever_of_the_team_is_available_is_told(team: Team, agent: Agent, conversation: Conversation) -> None:
    busy(make_agent(teams=[team]))
    make_agent(teams=[make_team()])
    rings(conversation)
    assert told() == [(agent.pk, "call")]


def test_the_owner_alone_is_told_where_there_is_one(agent: Agent, team: Team, conversation: Conversation) -> None:
    owner = busy(make_agent(teams=[team]))
    conversation.assignee = owner
    conversation.save(update_fields=["assignee"])
    rings(conversation)
    assert told() == [(owner.pk, "call")]


def test_a_call_that_was_over_when_we_heard_of_it_rings_for_nobody(agent: Agent, conversation: Conversation) -> None:
    rings(conversation, "missed")
    assert "call" not in dict(told()).values()


def test_the_page_shows_the_call_while_it_rings(agent: Agent, conversation: Conversation) -> None:
    call = rings(conversation)
    assert calling(agent) == [f"/conversations/{conversation.pk}/"]
    Message.objects.filter(pk=call.pk).update(call_state="answered")
    assert calling(agent) == []


def test_a_call_whose_end_nobody_told_stops_ringing_by_itself(agent: Agent, conversation: Conversation) -> None:
    call = rings(conversation)
    Message.objects.filter(pk=call.pk).update(created_at=now() - timedelta(minutes=3))
    assert calling(agent) == []


def test_a_call_that_is_with_others_by_now_is_not_named(agent: Agent, conversation: Conversation) -> None:
    rings(conversation)
    Conversation.objects.filter(pk=conversation.pk).update(team=make_team(name="Atelier"))
    assert calling(agent) == []
