"""One act on many conversations: done once each, whatever is killed or races, and undone where nobody has gone on."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk import bulk as bulk_acts
from comptoir.desk.actions import assign_conversation, resolve_conversation
from comptoir.desk.bulk import go_on, how_far, start_bulk, undo_bulk
from comptoir.desk.errors import ConversationResolvedError, NothingChosenError
from comptoir.desk.models import BulkAct
from comptoir.events.models import Event
from comptoir.people.models import Agent
from comptoir.sla.actions import start_clocks
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.processes import run_side_by_side, started


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent(teams=[make_team()])


def conversations(agent: Agent, count: int) -> list[int]:
    account = make_account(team=agent.teams.get())
    return [make_conversation(account=account).pk for _number in range(count)]


def many(agent: Agent, count: int) -> list[int]:
    """As `conversations`, in two statements."""
    account, identity, present = make_account(team=agent.teams.get()), make_identity(), now()
    made = Conversation.objects.bulk_create(
        Conversation(
            account=account, identity=identity, contact=identity.contact, team=account.team,
            thread_id=f"t-{number}", started_at=present, last_message_at=present, waiting_since=present,
        )
        for number in range(count)
    )  # fmt: skip
    start_clocks({one.pk: present for one in made})
    return [one.pk for one in made]


def bulk(agent: Agent, ids: Sequence[int], act: str, **arguments: Any) -> BulkAct:
    asked = start_bulk(ids, act=act, arguments=arguments, by=agent, key=uuid.uuid4())
    finish(asked.pk)
    asked.refresh_from_db()
    return asked


def finish(bulk_act_id: int) -> None:
    while go_on(bulk_act_id, most=50):
        pass


def undone(asked: BulkAct) -> BulkAct:
    undo_bulk(asked.pk, by=asked.agent)
    finish(asked.pk)
    asked.refresh_from_db()
    return asked


def events(name: str) -> int:
    return Event.objects.filter(name=name).count()


def test_an_act_is_done_to_every_conversation(agent: Agent) -> None:
    asked = bulk(agent, conversations(agent, 3), "tag", name="livraison")
    assert asked.state == BulkAct.State.DONE
    assert how_far(asked) == {"done": 3, "undone": 0, "refused": 0, "left": 0}
    assert Conversation.objects.filter(tags__name="livraison").count() == 3


def test_asking_twice_with_one_key_asks_once(agent: Agent) -> None:
    ids, key = conversations(agent, 2), uuid.uuid4()
    first = start_bulk(ids, act="resolve", arguments={}, by=agent, key=key)
    assert start_bulk(ids, act="resolve", arguments={}, by=agent, key=key) == first
    assert first.changes.count() == 2


def test_only_what_the_agent_may_see_is_acted_on(agent: Agent) -> None:
    elsewhere = make_conversation().pk
    with pytest.raises(NothingChosenError):
        start_bulk([elsewhere], act="resolve", arguments={}, by=agent, key=uuid.uuid4())


def test_what_refuses_is_listed_with_its_reason_and_the_rest_is_done(agent: Agent) -> None:
    ids = conversations(agent, 3)
    resolve_conversation(ids[1], by=None)
    asked = bulk(agent, ids, "assign", to=agent.pk)
    assert how_far(asked) == {"done": 2, "undone": 0, "refused": 1, "left": 0}
    assert "close" in asked.changes.get(conversation=ids[1]).refusal  # in the agent's language


def test_undoing_gives_back_the_waiting_and_the_promise(agent: Agent) -> None:
    (pk,) = conversations(agent, 1)
    message = make_incoming(Conversation.objects.get(pk=pk))
    start_clocks({pk: message.sent_at})
    asked = undone(bulk(agent, [pk], "resolve"))
    conversation = Conversation.objects.get(pk=pk)
    assert asked.state == BulkAct.State.UNDONE
    assert (conversation.status, conversation.waiting_since) == ("open", message.sent_at)
    assert conversation.clocks.get().stopped_at is None
    assert conversation.promise_due_at == conversation.clocks.get().due_at
    assert Event.objects.get(name="conversation.reopened").details["undone"], "figures count no reopening"


@pytest.mark.parametrize(
    ("act", "arguments"),
    [("assign", {"to": "me"}), ("snooze", {"end": "hour"}), ("pending", {}), ("tag", {"name": "vu"}), ("spam", {})],
)
def test_undoing_restores_what_was_before(agent: Agent, act: str, arguments: dict[str, Any]) -> None:
    (pk,) = conversations(agent, 1)
    before = Conversation.objects.values().get(pk=pk)
    asked = bulk(agent, [pk], act, **arguments)
    assert how_far(asked)["done"] == 1
    undone(asked)
    assert Conversation.objects.values().get(pk=pk) == before
    assert not Conversation.objects.get(pk=pk).tags.exists()


def test_undoing_a_snooze_puts_it_back_where_it_was_put_away(agent: Agent) -> None:
    (pk,) = conversations(agent, 1)
    until = now() + timedelta(days=3)
    Conversation.objects.filter(pk=pk).update(status="snoozed", snoozed_until=until)
    undone(bulk(agent, [pk], "snooze", end="hour"))
    assert Conversation.objects.get(pk=pk).snoozed_until == until


def test_undoing_a_team_gives_the_owner_back_too(agent: Agent) -> None:
    (pk,) = conversations(agent, 1)
    assign_conversation(pk, to=agent, by=agent)
    supervisor = make_agent(role="supervisor")
    former = Conversation.objects.get(pk=pk).team
    undone(bulk(supervisor, [pk], "team", to=make_team().pk))
    conversation = Conversation.objects.get(pk=pk)
    assert (conversation.team, conversation.assignee) == (former, agent)


def test_what_somebody_changed_since_is_left_as_it_is(agent: Agent) -> None:
    ids = conversations(agent, 2)
    asked = bulk(agent, ids, "assign", to=agent.pk)
    colleague = make_agent(teams=agent.teams.all())
    assign_conversation(ids[0], to=colleague, by=colleague)
    undone(asked)
    assert how_far(asked) == {"done": 2, "undone": 1, "refused": 0, "left": 1}
    assert Conversation.objects.get(pk=ids[0]).assignee == colleague
    assert Conversation.objects.get(pk=ids[1]).assignee is None


def test_what_was_given_out_meanwhile_stays_with_whoever_has_it(agent: Agent) -> None:
    """Passed to another team that had nobody's, routing gives it to somebody there: they would have lost it."""
    ids, other = conversations(agent, 2), make_team()
    taker = make_agent(teams=[other], name="Hugo Le Gall")
    agent.teams.add(other)
    one, left_alone = ids
    asked = bulk(agent, [one, left_alone], "team", to=other.pk)
    assign_conversation(one, to=taker, by=None)
    undone(asked)
    now_there = Conversation.objects.get(pk=one)
    assert (now_there.team, now_there.assignee) == (other, taker)
    far = how_far(asked)
    assert (far["undone"], far["left"], far["refused"]) == (1, 1, 0)
    assert "Hugo Le Gall" in asked.changes.get(conversation=one).refusal


def test_what_an_act_left_as_it_was_is_not_touched_by_undoing(agent: Agent) -> None:
    (pk,) = conversations(agent, 1)
    assign_conversation(pk, to=agent, by=agent)
    undone(bulk(agent, [pk], "assign", to=agent.pk))
    assert Conversation.objects.get(pk=pk).assignee == agent


def test_an_agent_who_lost_the_right_meanwhile_changes_nothing(agent: Agent) -> None:
    ids = conversations(agent, 2)
    asked = start_bulk(ids, act="resolve", arguments={}, by=agent, key=uuid.uuid4())
    Agent.objects.filter(pk=agent.pk).update(role="reader")
    finish(asked.pk)
    assert how_far(asked)["refused"] == 2


@pytest.mark.peers
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_the_rest_to_the_next_and_nothing_is_done_twice() -> None:
    agent = make_agent(teams=[make_team()])
    asked = start_bulk(many(agent, 200), act="resolve", arguments={}, by=agent, key=uuid.uuid4())
    for done in (40, 80):
        worker = started(finish_until_killed, asked.pk, 41)
        worker.join()
        assert (worker.exitcode, events("conversation.resolved")) == (-signal.SIGKILL, done)
    run_side_by_side(finish, [(asked.pk,)] * 2, seconds=300)
    asked.refresh_from_db()
    assert asked.state == BulkAct.State.DONE
    assert (events("conversation.resolved"), how_far(asked)["done"]) == (200, 200)
    undo_bulk(asked.pk, by=agent)
    run_side_by_side(finish, [(asked.pk,)] * 2, seconds=300)
    assert events("conversation.reopened") == 200
    assert Conversation.objects.filter(status="open").count() == 200


def finish_until_killed(bulk_act_id: int, at: int) -> None:
    """As `finish`, killed when the ``at``-th conversation is done and that is not yet committed."""
    number, perform = itertools.count(1), bulk_acts.perform

    def perform_and_die(*given: Any) -> None:
        perform(*given)
        if next(number) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    bulk_acts.perform = perform_and_die  # this process is a child, and ends here
    finish(bulk_act_id)


def assign_all(ids: list[int], agent_id: int) -> None:
    to = Agent.objects.get(pk=agent_id)
    for pk in ids:
        with contextlib.suppress(ConversationResolvedError):
            assign_conversation(pk, to=to, by=to)


@pytest.mark.django_db(transaction=True)
def test_colleagues_who_work_on_the_same_conversations_meanwhile_lose_nothing() -> None:
    team = make_team()
    agents = [make_agent(teams=[team]) for _number in range(2)]
    ids = many(agents[0], 40)
    asked = start_bulk(ids, act="resolve", arguments={}, by=agents[0], key=uuid.uuid4())
    run_side_by_side(
        _either, [(asked.pk, None, None), (None, ids, agents[0].pk), (None, ids[::-1], agents[1].pk)], seconds=300
    )
    assert how_far(asked)["done"] == 40
    for pk in ids:  # whoever came last is the owner, and the record tells the same story
        last = Event.objects.filter(name="conversation.assigned", subject_id=pk).order_by("id").last()
        assert Conversation.objects.get(pk=pk).assignee_id == (last.details["to"] if last else None)


def _either(bulk_act_id: int | None, ids: list[int] | None, agent_id: int | None) -> None:
    if bulk_act_id is not None:
        finish(bulk_act_id)
    elif ids is not None and agent_id is not None:
        assign_all(ids, agent_id)
