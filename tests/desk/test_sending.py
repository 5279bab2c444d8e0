"""Sending and what goes with it: all of it or nothing, and all of it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import change_departure
from comptoir.delivery.refusals import ColleagueAnsweredError, DepartureError, TextTooLongError, TooLateError
from comptoir.delivery.tasks import deliver
from comptoir.desk.sending import Then, send_reply, take_reply_back
from comptoir.people.models import Agent
from comptoir.sla.actions import start_clocks
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.processes import run_side_by_side


@pytest.fixture
def conversation(db: None, fake_network: FakeNetwork) -> Conversation:
    one = make_conversation(account=make_account(team=make_team()))
    make_incoming(one, sent_at=now() - timedelta(hours=1))
    start_clocks({one.pk: now() - timedelta(hours=1)})
    return Conversation.objects.get(pk=one.pk)


@pytest.fixture
def agent(conversation: Conversation) -> Agent:
    return make_agent(teams=[conversation.team])


def send(conversation: Conversation, agent: Agent, text: str = "Voilà.", **given: object) -> Message:
    return send_reply(conversation.pk, by=agent, text=text, visibility="private", **given)  # type: ignore[arg-type]  # as given


def test_a_refused_reply_resolves_nothing(conversation: Conversation, agent: Agent) -> None:
    with pytest.raises(TextTooLongError):
        send(conversation, agent, "a" * 301, then=Then("resolve"))
    conversation.refresh_from_db()
    assert conversation.status == "open"


@pytest.mark.parametrize("then", [Then("resolve"), Then("snooze"), Then("snooze", now() + timedelta(days=2))])
def test_undo_gives_the_conversations_state_back(conversation: Conversation, agent: Agent, then: Then) -> None:
    message = send(conversation, agent, then=then)
    assert Conversation.objects.get().status == ("resolved" if then.act == "resolve" else "snoozed")
    take_reply_back(message.pk, by=agent)
    after = Conversation.objects.get()
    assert (after.status, after.waiting_since) == ("open", conversation.waiting_since)
    assert after.clocks.filter(stopped_at=None).count() == 1


def test_undo_leaves_what_a_colleague_did_since(conversation: Conversation, agent: Agent) -> None:
    message = send(conversation, agent, then=Then("resolve"))
    Conversation.objects.update(status="pending", resolved_at=None)
    take_reply_back(message.pk, by=agent)
    assert Conversation.objects.get().status == "pending"


def test_a_reply_leaves_at_its_instant_and_not_before(conversation: Conversation, agent: Agent) -> None:
    at = now() + timedelta(days=1)
    assert send(conversation, agent, send_after=at).send_after == at


@pytest.mark.parametrize("after", [timedelta(minutes=-1), timedelta(days=91)])
def test_an_instant_that_is_over_or_far_away_is_refused(
    conversation: Conversation, agent: Agent, after: timedelta
) -> None:
    with pytest.raises(DepartureError):
        send(conversation, agent, send_after=now() + after)
    assert not Message.objects.outgoing().exists()


def test_a_reply_that_waits_can_leave_at_once(
    conversation: Conversation, agent: Agent, fake_network: FakeNetwork, settings: pytest.FixtureRequest
) -> None:
    settings.UNDO_SECONDS = 0  # type: ignore[attr-defined]  # pytest-django's own settings
    message = send(conversation, agent, send_after=now() + timedelta(days=1))
    change_departure(message.pk, send_after=None, by=agent)
    deliver(message.pk)
    assert fake_network.texts == ["Voilà."]
    with pytest.raises(TooLateError):
        change_departure(message.pk, send_after=None, by=agent)


def test_a_later_reply_does_not_hold_up_the_next_one(
    conversation: Conversation, agent: Agent, fake_network: FakeNetwork, settings: pytest.FixtureRequest
) -> None:
    settings.UNDO_SECONDS = 0  # type: ignore[attr-defined]  # pytest-django's own settings
    send(conversation, agent, "Demain", send_after=now() + timedelta(days=1))
    deliver(send(conversation, agent, "Tout de suite").pk)
    assert fake_network.texts == ["Tout de suite"]


def _try(conversation_id: int, agent_id: int, seen: int) -> None:
    agent = Agent.objects.get(pk=agent_id)
    try:
        send_reply(conversation_id, by=agent, text=agent.name, visibility="private", seen_up_to=seen)
    except ColleagueAnsweredError:
        return


@pytest.mark.django_db(transaction=True)
def test_of_colleagues_who_send_at_the_same_moment_one_is_asked_first(fake_network: FakeNetwork) -> None:
    one = make_conversation(account=make_account(team=make_team()))
    seen = make_incoming(one).pk
    people = [make_agent(teams=[one.team]) for _number in range(4)]
    run_side_by_side(_try, [(one.pk, agent.pk, seen) for agent in people], seconds=60)
    assert Message.objects.outgoing().count() == 1
