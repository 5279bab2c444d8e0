"""Answering what nobody has taken takes it, and taking the answer back leaves it again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.desk.actions import assign_conversation
from comptoir.desk.sending import Then, send_reply, take_reply_back
from comptoir.events.models import Event
from comptoir.people.models import Agent, Team
from tests.desk.racing import at_once
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team
from tests.fake_network import FakeNetwork


@pytest.fixture
def conversation(db: None, fake_network: FakeNetwork) -> Conversation:
    one = make_conversation(account=make_account(team=make_team()))
    make_incoming(one)
    return Conversation.objects.get(pk=one.pk)


@pytest.fixture
def agent(conversation: Conversation) -> Agent:
    return make_agent(name="Awa Diop", teams=[conversation.team])


def answer(conversation: Conversation, agent: Agent, then: Then | None = None) -> Message:
    return send_reply(conversation.pk, by=agent, text="Voilà.", visibility="private", then=then)


def owner(conversation: Conversation) -> Agent | None:
    return Conversation.objects.get(pk=conversation.pk).assignee


def test_whoever_answers_what_nobody_has_taken_has_taken_it(conversation: Conversation, agent: Agent) -> None:
    answer(conversation, agent)
    assert owner(conversation) == agent
    event = Event.objects.get(name="conversation.assigned")
    assert (event.actor_id, event.details["to"], event.reason) == (agent.pk, agent.pk, "By answering.")


def test_what_somebody_has_taken_stays_theirs(conversation: Conversation, agent: Agent) -> None:
    paul = make_agent(name="Paul Roy", teams=[conversation.team])
    assign_conversation(conversation.pk, to=paul, by=paul)
    answer(conversation, agent)
    assert owner(conversation) == paul


def test_a_team_may_leave_what_is_answered_to_be_taken(conversation: Conversation, agent: Agent) -> None:
    Team.objects.update(takes_by_answering=False)
    answer(conversation, agent)
    assert owner(conversation) is None


def test_whoever_is_not_of_the_team_takes_nothing(conversation: Conversation) -> None:
    answer(conversation, make_agent(role=Agent.Role.SUPERVISOR, teams=[make_team(name="Atelier")]))
    assert owner(conversation) is None


def test_what_is_answered_and_resolved_is_theirs_when_it_comes_back(conversation: Conversation, agent: Agent) -> None:
    answer(conversation, agent, Then("resolve"))
    assert owner(conversation) == agent


@pytest.mark.parametrize("then", [None, Then("resolve"), Then("snooze")])
def test_taking_the_reply_back_leaves_it_again(conversation: Conversation, agent: Agent, then: Then | None) -> None:
    message = answer(conversation, agent, then)
    take_reply_back(message.pk, by=agent)
    assert (owner(conversation), Conversation.objects.get(pk=conversation.pk).status) == (None, "open")


def test_taking_the_reply_back_leaves_what_passed_on_meanwhile(conversation: Conversation, agent: Agent) -> None:
    message = answer(conversation, agent)
    paul = make_agent(name="Paul Roy", teams=[conversation.team])
    assign_conversation(conversation.pk, to=paul, by=agent)
    take_reply_back(message.pk, by=agent)
    assert owner(conversation) == paul


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_the_same_time_the_first_one_has_it(conversation: Conversation, agent: Agent) -> None:
    both = [agent, make_agent(name="Paul Roy", teams=[conversation.team])]
    at_once(lambda: answer(conversation, both[0]), lambda: answer(conversation, both[1]))
    assert owner(conversation) in both
    assert Event.objects.filter(name="conversation.assigned").count() == 1


def test_taking_back_one_of_two_replies_leaves_the_other_its_owner(conversation: Conversation, agent: Agent) -> None:
    tomorrow = send_reply(
        conversation.pk, by=agent, text="Demain.", visibility="private", send_after=now() + timedelta(days=1)
    )
    answer(conversation, agent)
    take_reply_back(tomorrow.pk, by=agent)
    assert owner(conversation) == agent
