"""Who gets what waits: turns, load, skills, hours, room; what waits on, and what is offered again."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant, now
from comptoir.desk.actions import assign_conversation, change_team, resolve_conversation
from comptoir.desk.snoozing import snooze_conversation
from comptoir.events.models import Event
from comptoir.people.actions import invite_agent, set_availability
from comptoir.people.models import Agent, SignInLink, Team, User
from comptoir.reactions import REACTIONS
from comptoir.routing.assigning.giving import offer_all, offer_queue
from comptoir.routing.assigning.overflowing import overflow_queues
from comptoir.routing.assigning.queue import place_in_queue
from comptoir.routing.assigning.returning import return_absent
from comptoir.routing.models import ChannelWeight, Route
from comptoir.routing.tasks import offer
from tests.factories import make_account, make_brand, make_conversation, make_identity, make_incoming, make_team
from tests.routing.writing import MONDAY, can, gives_out, member

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
OFFICE = {"mon": [["09:00", "18:00"]]}


@pytest.fixture
def team() -> Team:
    return make_team(name="Service")


def waiting(team: Team, *, account: Any = None, at: Any = None, **fields: Any) -> Conversation:
    conversation = make_conversation(account=account or make_account(team=team), team=team, **fields)
    make_incoming(conversation, sent_at=at or now())
    return conversation


def owner(conversation: Conversation) -> Agent | None:
    return Conversation.objects.select_related("assignee").get(pk=conversation.pk).assignee


def held_by(agents: list[Agent]) -> list[int]:
    return [Conversation.objects.filter(assignee=agent).count() for agent in agents]


def test_a_team_gives_nothing_out_unless_it_was_told_to(team: Team) -> None:
    member(team)
    conversation = waiting(team)
    offer_all()
    assert owner(conversation) is None


def test_what_waits_goes_to_whoever_is_there_and_the_record_says_why(team: Team) -> None:
    awa = member(team, "Awa Diop")
    gives_out(team)
    conversation = waiting(team)
    assert offer_all() == 1
    assert owner(conversation) == awa
    event = Event.objects.get(name="conversation.assigned")
    assert (event.actor_kind, event.details["to"]) == ("system", awa.pk)
    assert event.reason == "Awa Diop had the least to do: 0 of 10 points."


def test_who_is_on_the_line_goes_to_whoever_has_the_least_there_and_the_record_says_that(team: Team) -> None:
    """Of all they have to do it may be the most: mails keep nobody from a chat."""
    writes, talks = member(team, "Aux courriels"), member(team, "Au chat")
    gives_out(team)
    chats = make_account(team=team, kind="chat")
    waiting(team, account=chats, assignee=talks)
    for _number in range(6):
        waiting(team, assignee=writes)
    conversation = waiting(team, account=chats)
    assert offer_all() == 1
    assert owner(conversation) == writes
    event = Event.objects.get(name="conversation.assigned")
    assert event.reason == "Aux courriels had the least on the line: 0 of 10 points in calls and chats."


@pytest.mark.parametrize("strategy", ["round_robin", "least_load"])
def test_fifty_equal_agents_end_within_one_of_each_other(team: Team, strategy: str) -> None:
    agents = [member(team, f"Agent {number}") for number in range(50)]
    gives_out(team, strategy)
    account = make_account(team=team)
    for count in (1, 70, 3, 60, 41):
        for _number in range(count):
            waiting(team, account=account)
        offer_all()
    held = held_by(agents)
    assert sum(held) == 175
    assert max(held) - min(held) <= 1


def test_in_turn_whoever_was_given_something_last_comes_last(team: Team) -> None:
    agents = [member(team, name) for name in ("A", "B", "C")]
    gives_out(team, "round_robin")
    for agent in [*agents, agents[0]]:
        conversation = waiting(team)
        offer_all()
        assert owner(conversation) == agent
        resolve_conversation(conversation.pk, by=None)


def test_the_least_load_is_what_channels_weigh_not_how_many_they_are(team: Team) -> None:
    caller, reader = member(team, "Au téléphone"), member(team, "Aux avis")
    gives_out(team)
    waiting(team, account=make_account(team=team, kind="phone"), assignee=caller)
    for _number in range(3):
        waiting(team, assignee=reader)
    conversation = waiting(team)
    offer_all()
    assert owner(conversation) == reader


def test_a_company_says_what_its_channels_weigh(team: Team) -> None:
    member(team, capacity=6)
    gives_out(team)
    ChannelWeight.objects.create(channel="fake", points=3)
    for _number in range(3):
        waiting(team)
    assert offer_all() == 2


def test_nobody_gets_more_than_they_can_hold_and_the_rest_waits_in_its_place(team: Team) -> None:
    agents = [member(team, capacity=2), member(team, capacity=1), member(team, capacity=0)]
    gives_out(team)
    conversations = [waiting(team, at=now() - HOUR + timedelta(minutes=number)) for number in range(5)]
    assert offer_all() == 3
    assert held_by(agents) == [2, 1, 0]
    assert [place_in_queue(one.pk, now()) for one in conversations] == [None, None, None, 1, 2]


def test_what_presses_goes_first(team: Team) -> None:
    member(team, capacity=1)
    gives_out(team)
    waiting(team, at=now() - HOUR)
    urgent = waiting(team)
    Conversation.objects.filter(pk=urgent.pk).update(priority=3)
    offer_all()
    assert owner(urgent) is not None


@pytest.mark.parametrize("availability", ["busy", "away", "offline"])
def test_who_is_not_available_gets_nothing(team: Team, availability: str) -> None:
    set_availability(member(team), availability)
    gives_out(team)
    waiting(team)
    assert offer_all() == 0


def test_who_was_invited_and_has_never_come_gets_nothing(team: Team) -> None:
    invited = member(team)
    token = invite_agent(agent=invited)
    gives_out(team)
    waiting(team)
    assert offer_all() == 0
    SignInLink.redeem(token)
    User.objects.filter(pk=invited.user_id).update(last_login=now())
    assert offer_all() == 1


def test_who_is_outside_their_hours_gets_nothing(team: Team) -> None:
    member(team, working_hours=OFFICE, time_zone="Europe/Paris")
    gives_out(team)
    with at_instant(MONDAY + 10 * HOUR):
        waiting(team)
        assert offer_all() == 0
    with at_instant(MONDAY):
        assert offer_all() == 1


def test_who_may_not_see_it_does_not_get_it(team: Team) -> None:
    gives_out(team)
    elsewhere = member(team, "Autre marque")
    elsewhere.brands.add(make_brand())
    reserved = make_account(team=team)
    reserved.reserved_for.add(make_team())
    member(team, "Tout le monde")
    conversation, secret = waiting(team), waiting(team, account=reserved)
    offer_all()
    assert owner(conversation).name == "Tout le monde"  # type: ignore[union-attr]
    assert owner(secret) is None


def test_a_skill_that_is_asked_for_is_looked_for(team: Team) -> None:
    member(team, "Généraliste")
    beginner, expert = member(team, "Débutante"), member(team, "Experte")
    skill = can(beginner, "Garantie", level=1)
    can(expert, "Garantie", level=3)
    gives_out(team)
    conversation = waiting(team)
    Route.objects.create(conversation=conversation, team=team, needs=[{"skill": skill.pk, "level": 2}])
    offer_all()
    assert owner(conversation) == expert
    assert "Asked for: Garantie." in Event.objects.get(name="conversation.assigned").reason


def test_of_two_equally_free_the_better_one_gets_it(team: Team) -> None:
    one, two = member(team), member(team)
    skill = can(one, "Garantie", level=1)
    can(two, "Garantie", level=3)
    gives_out(team)
    conversation = waiting(team)
    Route.objects.create(conversation=conversation, team=team, needs=[{"skill": skill.pk, "level": 1}])
    offer_all()
    assert owner(conversation) == two


def test_a_customers_language_is_a_skill_where_somebody_speaks_it(team: Team) -> None:
    member(team, "Ne parle que français")
    german = member(team, "Parle allemand")
    can(german, "de", kind="language")
    gives_out(team)
    conversation, other = waiting(team, language="de-AT"), waiting(team, language="pl")
    offer_all()
    assert owner(conversation) == german
    assert owner(other) is not None, "nobody speaks Polish: it is not kept waiting for that"


def test_a_skill_is_waived_for_who_has_waited_too_long(team: Team) -> None:
    german = member(team, capacity=1)
    can(german, "de", kind="language")
    waiting(team, assignee=german)
    member(team, "Ne parle que français")
    gives_out(team, overflow_after=timedelta(minutes=30))
    conversation = waiting(team, language="de", at=now() - timedelta(minutes=20))
    offer_all()
    assert owner(conversation) is None
    with at_instant(now() + timedelta(minutes=15)):
        offer_all()
    assert owner(conversation).name == "Ne parle que français"  # type: ignore[union-attr]


def test_those_with_other_skills_are_not_held_up_by_what_waits_before_them(team: Team) -> None:
    busy, free = member(team, capacity=1), member(team, capacity=1)
    can(busy, "de", kind="language")
    waiting(team, assignee=busy)
    gives_out(team)
    account = make_account(team=team)
    for _number in range(230):
        waiting(team, account=account, language="de", at=now() - HOUR)
    conversation = waiting(team, account=account)
    offer_all()
    assert owner(conversation) == free


def test_a_returning_customer_goes_to_the_agent_they_had(team: Team) -> None:
    member(team, "Autre")
    known = member(team, "Connue")
    gives_out(team, same_agent_within=timedelta(days=7))
    identity = make_identity()
    for _number in range(3):
        waiting(team, assignee=known)
    former = make_conversation(identity=identity, team=team, assignee=known, at=now() - timedelta(days=6))
    resolve_conversation(former.pk, by=None)
    conversation = waiting(team, identity=identity)
    offer_all()
    assert owner(conversation) == known
    assert "knows this customer" in Event.objects.filter(name="conversation.assigned").latest("id").reason


def test_after_some_days_a_returning_customer_is_like_any_other(team: Team) -> None:
    other, known = member(team), member(team)
    gives_out(team, same_agent_within=timedelta(days=7))
    identity = make_identity()
    waiting(team, assignee=known)
    make_conversation(
        identity=identity, team=team, assignee=known, at=now() - timedelta(days=8), status="resolved", resolved_at=now()
    )
    conversation = waiting(team, identity=identity)
    offer_all()
    assert owner(conversation) == other


def test_what_waits_is_offered_again_when_somebody_has_room(team: Team) -> None:
    agent = member(team, capacity=1)
    gives_out(team)
    first, second = waiting(team, at=now() - HOUR), waiting(team)
    offer()
    assert owner(second) is None
    resolve_conversation(first.pk, by=agent)
    offer()
    assert owner(second) == agent


@pytest.mark.parametrize("act", ["snooze", "pending"])
def test_what_is_put_away_weighs_on_nobody(team: Team, act: str) -> None:
    agent = member(team, capacity=1)
    gives_out(team)
    first = waiting(team, assignee=agent)
    if act == "snooze":
        snooze_conversation(first.pk, until=now() + HOUR, by=agent)
    else:
        Conversation.objects.filter(pk=first.pk).update(status="pending")
    waiting(team)
    assert offer_all() == 1


def test_nobody_is_given_what_no_customer_waits_in(team: Team) -> None:
    member(team)
    gives_out(team)
    make_conversation(team=team)
    waiting(team, is_spam=True)
    assert offer_all() == 0


def test_a_rule_may_leave_one_conversation_to_people(team: Team) -> None:
    member(team)
    gives_out(team)
    conversation = waiting(team)
    Route.objects.create(conversation=conversation, team=team, strategy="by_hand")
    assert offer_all() == 0


def test_a_rule_may_give_one_conversation_out_in_a_team_that_does_not(team: Team) -> None:
    agent = member(team)
    conversation = waiting(team)
    Route.objects.create(conversation=conversation, team=team, strategy="round_robin")
    offer_all()
    assert owner(conversation) == agent


def test_what_is_yet_to_be_read_waits_for_that_but_not_long(team: Team) -> None:
    member(team)
    gives_out(team)
    conversation = waiting(team)
    Route.objects.create(conversation=conversation, team=team, awaits_reading=True)
    assert offer_all() == 0
    with at_instant(now() + timedelta(minutes=1)):
        assert offer_all() == 1


@pytest.mark.parametrize("name", ["agent.availability_changed", "conversation.resolved", "message.received"])
def test_what_may_free_somebody_asks_for_one_pass(team: Team, name: str) -> None:
    gives_out(team)
    follow = next(reaction for reaction in REACTIONS if reaction.name == "routing")
    assert follow.events is not None
    assert name in follow.events
    for _time in range(2):
        follow.react([])
    assert ProcrastinateJob.objects.filter(task_name="routing.offer", status="todo").count() == 1


def test_where_no_team_gives_out_its_work_nothing_is_asked_for(team: Team) -> None:
    gives_out(team, "by_hand")
    next(reaction for reaction in REACTIONS if reaction.name == "routing").react([])
    assert not ProcrastinateJob.objects.filter(task_name="routing.offer").exists()


# --- the absent ---


def test_what_waits_with_somebody_absent_is_offered_to_who_is_there(team: Team) -> None:
    gone, here = member(team, "Partie"), member(team, "Présente")
    gives_out(team)
    conversation = waiting(team, assignee=gone)
    answered = make_conversation(team=team, assignee=gone)
    set_availability(gone, "offline", at=now() - HOUR)
    assert return_absent() == 1
    assert owner(answered) == gone, "nobody waits there"
    event = Event.objects.filter(name="conversation.assigned").latest("id")
    assert (event.details, event.reason) == (
        {"to": None, "former": gone.pk},
        "Partie is not there: the conversation is offered to the team again.",
    )
    offer_all()
    assert owner(conversation) == here


def test_a_short_absence_takes_nothing_away(team: Team) -> None:
    gone = member(team)
    member(team)
    gives_out(team, returns_after=timedelta(minutes=15))
    conversation = waiting(team, assignee=gone)
    set_availability(gone, "away", at=now() - timedelta(minutes=10))
    assert return_absent() == 0
    with at_instant(now() + timedelta(minutes=10)):
        assert return_absent() == 1
    assert owner(conversation) is None


def test_while_nobody_is_there_it_stays_with_who_had_it(team: Team) -> None:
    gone = member(team)
    gives_out(team)
    conversation = waiting(team, assignee=gone)
    set_availability(gone, "offline", at=now() - HOUR)
    assert return_absent() == 0
    assert owner(conversation) == gone


def test_who_takes_no_work_is_nobody_to_offer_it_to(team: Team) -> None:
    gone, _supervisor = member(team), member(team, "Superviseure", capacity=0)
    gives_out(team)
    conversation = waiting(team, assignee=gone)
    set_availability(gone, "offline", at=now() - HOUR)
    assert return_absent() == 0
    assert owner(conversation) == gone


def test_what_comes_back_to_somebody_who_works_here_no_longer_is_offered(team: Team) -> None:
    gone = member(team)
    gives_out(team)
    conversation = waiting(team, assignee=gone)
    Agent.objects.filter(pk=gone.pk).update(is_active=False)
    assert return_absent() == 1
    assert owner(conversation) is None


def test_hours_that_end_are_an_absence_too(team: Team) -> None:
    gone = member(team, working_hours=OFFICE, time_zone="Europe/Paris")
    member(team)
    gives_out(team, returns_after=timedelta(minutes=15))
    with at_instant(MONDAY + 7 * HOUR):  # 18:00
        waiting(team, assignee=gone)
        assert return_absent() == 0
    with at_instant(MONDAY + 8 * HOUR):
        assert return_absent() == 1


def test_who_comes_back_gets_their_own_first(team: Team) -> None:
    gone, here = member(team, capacity=1), member(team, capacity=1)
    gives_out(team)
    waiting(team, assignee=here)
    theirs = waiting(team, assignee=gone)
    set_availability(gone, "away", at=now() - HOUR)
    offer()
    assert owner(theirs) is None
    set_availability(gone, "available")
    offer()
    assert owner(theirs) == gone


def test_what_somebody_gave_back_by_hand_goes_to_another(team: Team) -> None:
    one, two = member(team), member(team)
    gives_out(team)
    conversation = waiting(team)
    waiting(team, assignee=two)
    offer_all()
    assert owner(conversation) == one
    assign_conversation(conversation.pk, to=None, by=one)
    follow = next(reaction for reaction in REACTIONS if reaction.name == "routing")
    follow.react(list(Event.objects.filter(name="conversation.assigned").order_by("-id")[:1]))
    offer_all()
    assert owner(conversation) == two


def test_where_nobody_else_takes_it_who_gave_it_back_is_asked_again_in_the_end(team: Team) -> None:
    only = member(team)
    gives_out(team, overflow_after=timedelta(minutes=30))
    conversation = waiting(team)
    Route.objects.create(conversation=conversation, team=team, released_by=only)
    assert offer_all() == 0
    with at_instant(now() + HOUR):
        assert offer_all() == 1


# --- another team ---


def test_what_waits_too_long_goes_to_the_team_that_helps_out(team: Team) -> None:
    helpers = make_team(name="Renfort")
    gives_out(team, overflow_team=helpers, overflow_after=timedelta(minutes=30))
    gives_out(helpers)
    helper = member(helpers)
    conversation, recent = waiting(team, at=now() - HOUR), waiting(team)
    offer()
    conversation.refresh_from_db()
    assert (conversation.team, conversation.assignee) == (helpers, helper)
    assert owner(recent) is None
    event = Event.objects.get(name="conversation.team_changed")
    assert event.reason == "Nobody of the team Service was free within 30 min."


def test_it_does_not_go_where_nobody_is_there_either(team: Team) -> None:
    helpers = make_team()
    gives_out(team, overflow_team=helpers, overflow_after=timedelta(minutes=30))
    waiting(team, at=now() - HOUR)
    assert overflow_queues() == 0


def test_it_does_not_go_where_only_those_are_who_take_no_work(team: Team) -> None:
    helpers = make_team()
    member(helpers, capacity=0)
    gives_out(team, overflow_team=helpers, overflow_after=timedelta(minutes=30))
    waiting(team, at=now() - HOUR)
    assert overflow_queues() == 0


def test_it_overflows_once_and_somebody_who_moves_it_begins_anew(team: Team) -> None:
    helpers = make_team()
    member(helpers)
    member(team)
    gives_out(team, overflow_team=helpers, overflow_after=timedelta(minutes=30))
    gives_out(helpers, overflow_team=team, overflow_after=timedelta(minutes=30))
    conversation = waiting(team, at=now() - HOUR)
    assert overflow_queues() == 1
    with at_instant(now() + HOUR):
        assert overflow_queues() == 0
        change_team(conversation.pk, to=team, by=member(team, "Cheffe", capacity=0))
        follow = next(reaction for reaction in REACTIONS if reaction.name == "routing")
        follow.react(list(Event.objects.filter(name="conversation.team_changed").order_by("-id")[:1]))
        assert overflow_queues() == 0, "it has just come"


# --- what it costs ---


def test_a_pass_asks_no_more_for_many_than_for_one(team: Team) -> None:
    gives_out(team, same_agent_within=timedelta(days=1))
    can(member(team, capacity=100), "de", kind="language")
    account = make_account(team=team)

    def asked(count: int) -> int:
        for _number in range(count):
            waiting(team, account=account)
        with CaptureQueriesContext(connection) as queries:
            offer_queue(team.pk)
        return len(queries)

    few = asked(1)
    for _number in range(10):
        member(team, capacity=100)
    assert asked(60) == few
    assert Counter(Conversation.objects.values_list("assignee", flat=True))[None] == 0
