"""Given back with an answer, by whoever accepted it and does not write to customers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.conversations.models import Conversation, Draft, HandOff, Note
from comptoir.conversations.reach import readable_by
from comptoir.core.clock import now
from comptoir.desk.actions import change_team, resolve_conversation
from comptoir.desk.answers_of_experts import draft_of_answer
from comptoir.desk.errors import ConversationResolvedError, EmptyTextError
from comptoir.desk.giving_back import give_back
from comptoir.desk.hand_offs import accept_hand_off, offer_hand_off
from comptoir.desk.refusals import GoneOnError, NotAnsweredError, NotOfTeamError, WithColleagueError
from comptoir.events.models import Event
from comptoir.notifications.choices import Kind
from comptoir.notifications.hearing import notify_agents
from comptoir.notifications.models import Notification
from comptoir.people.models import Agent
from comptoir.sla.actions import start_clocks
from comptoir.sla.models import SLAClock, SLAPolicy
from tests.desk.test_hand_offs import Bridge, make_bridge
from tests.factories import make_agent, make_brand, make_team

pytestmark = pytest.mark.django_db

ANSWER = "Oui : deux ans, pièces et main-d’œuvre."


@pytest.fixture
def bridge(db: None) -> Bridge:
    return make_bridge()


@pytest.fixture
def expert(bridge: Bridge) -> Agent:
    return make_agent(role="expert", teams=[bridge.experts], name="Tomas Roy")


def accepted(bridge: Bridge, expert: Agent) -> HandOff:
    return accept_hand_off(bridge.offered().pk, by=expert)


def test_it_is_theirs_again_who_gave_it_with_the_answer_as_a_note(bridge: Bridge, expert: Agent) -> None:
    back = give_back(accepted(bridge, expert).pk, text=f" {ANSWER} ", by=expert)
    assert (bridge.now().team, bridge.now().assignee) == (bridge.service, bridge.awa)
    assert (back.state, back.answer, back.answered_by, back.ended_by) == ("answered", ANSWER, expert, expert)
    note = Note.objects.get()
    assert (note.text, note.agent) == (ANSWER, expert)


def test_where_the_giver_is_gone_it_is_their_teams(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    Agent.objects.filter(pk=bridge.awa.pk).update(is_active=False)
    give_back(taken.pk, text=ANSWER, by=expert)
    assert (bridge.now().team, bridge.now().assignee) == (bridge.service, None)


def test_where_the_brand_is_no_longer_the_givers_it_is_their_teams(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    bridge.awa.brands.add(make_brand())
    give_back(taken.pk, text=ANSWER, by=expert)
    assert (bridge.now().team, bridge.now().assignee) == (bridge.service, None)
    assert not readable_by(bridge.awa).filter(pk=bridge.conversation.pk).exists()


def test_where_the_giver_is_of_another_team_by_now_it_is_their_former_teams(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    bridge.awa.teams.set([make_team()])
    give_back(taken.pk, text=ANSWER, by=expert)
    assert (bridge.now().team, bridge.now().assignee) == (bridge.service, None)


def test_given_back_it_is_theirs_to_read_as_long_as_it_is_their_teams(bridge: Bridge, expert: Agent) -> None:
    give_back(accepted(bridge, expert).pk, text=ANSWER, by=expert)
    assert readable_by(bridge.awa).exists()
    change_team(bridge.conversation.pk, to=make_team(), by=None)
    assert not readable_by(bridge.awa).exists()


def test_what_a_colleague_works_on_is_not_given_back_over_their_head(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    with pytest.raises(WithColleagueError, match="Tomas Roy"):
        give_back(taken.pk, text=ANSWER, by=make_agent(role="expert", teams=[bridge.experts]))
    give_back(taken.pk, text=ANSWER, by=make_agent(role="supervisor"))
    assert bridge.now().assignee == bridge.awa


def test_an_expert_who_is_of_the_givers_team_too_reads_it_on_as_their_colleagues_do(
    bridge: Bridge, expert: Agent
) -> None:
    expert.teams.add(bridge.service)
    give_back(accepted(bridge, expert).pk, text=ANSWER, by=expert)
    assert readable_by(expert).exists()
    expert.teams.remove(bridge.service)
    assert not readable_by(expert).exists()


def test_what_no_team_had_is_its_accounts_teams(bridge: Bridge, expert: Agent) -> None:
    Conversation.objects.update(team=None)
    give_back(accepted(bridge, expert).pk, text=ANSWER, by=expert)
    assert bridge.now().team == bridge.service


def test_saying_the_same_twice_is_saying_it_once(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    for _time in range(2):
        give_back(taken.pk, text=ANSWER, by=expert)
    assert (Note.objects.count(), Event.objects.filter(name="hand_off.answered").count()) == (1, 1)


def test_nothing_is_no_answer(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    with pytest.raises(EmptyTextError):
        give_back(taken.pk, text=" \x00\n", by=expert)


def test_what_was_not_accepted_is_not_given_back(bridge: Bridge, expert: Agent) -> None:
    offered = bridge.offered()
    with pytest.raises(GoneOnError):
        give_back(offered.pk, text=ANSWER, by=expert)


def test_what_has_gone_another_way_is_not_given_back(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    change_team(bridge.conversation.pk, to=make_team(), by=None)
    with pytest.raises(GoneOnError):
        give_back(taken.pk, text=ANSWER, by=expert)
    assert not Note.objects.exists()


def test_what_is_resolved_is_not_given_back(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    resolve_conversation(bridge.conversation.pk, by=None)
    with pytest.raises(ConversationResolvedError):
        give_back(taken.pk, text=ANSWER, by=expert)


def test_only_the_team_that_accepted_gives_it_back(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    with pytest.raises(NotOfTeamError):
        give_back(taken.pk, text=ANSWER, by=bridge.awa)


def test_an_offer_to_a_third_team_is_taken_back(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    marketing = make_team()
    make_agent(teams=[marketing])
    offer_hand_off(bridge.conversation.pk, to=marketing, asked="Et vous ?", by=expert)
    give_back(taken.pk, text=ANSWER, by=expert)
    assert list(HandOff.objects.values_list("state", flat=True)) == ["withdrawn", "answered"]


def test_the_customers_clock_ran_all_along(bridge: Bridge, expert: Agent) -> None:
    SLAPolicy.objects.create(promise="first_reply", target=timedelta(hours=4), position=0)
    begun = now()
    start_clocks({bridge.conversation.pk: begun})
    give_back(accepted(bridge, expert).pk, text=ANSWER, by=expert)
    clock = SLAClock.objects.get(conversation=bridge.conversation)
    assert (clock.started_at, clock.due_at, clock.stopped_at) == (begun, begun + timedelta(hours=4), None)


def test_the_giver_hears_once_that_it_was_answered(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    Event.objects.all().delete()
    give_back(taken.pk, text=ANSWER, by=expert)
    notify_agents(list(Event.objects.order_by("id")))
    heard = Notification.objects.filter(agent=bridge.awa).exclude(kind=Kind.FOLLOWED)
    assert [one.kind for one in heard] == [Kind.EXPERT_ANSWERED]


def test_answers_are_no_going_from_team_to_team(bridge: Bridge, expert: Agent) -> None:
    for _time in range(3):
        give_back(accepted(bridge, expert).pk, text=f"{ANSWER} {_time}", by=expert)
    assert not Event.objects.filter(name="conversation.bounced").exists()


def test_one_press_makes_it_a_reply(bridge: Bridge, expert: Agent) -> None:
    taken = accepted(bridge, expert)
    with pytest.raises(NotAnsweredError):
        draft_of_answer(taken, agent=bridge.awa)
    for _time in range(2):
        draft_of_answer(give_back(taken.pk, text=ANSWER, by=expert), agent=bridge.awa)
    assert Draft.objects.get(agent=bridge.awa).text == ANSWER
