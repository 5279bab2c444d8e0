"""Passing a conversation to another team."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from comptoir.conversations.models import Conversation, HandOff
from comptoir.conversations.reach import asked_of, hand_offs_of, readable_by
from comptoir.core.clock import at_instant, now
from comptoir.desk.actions import change_team, resolve_conversation
from comptoir.desk.errors import ConversationResolvedError
from comptoir.desk.hand_offs import accept_hand_off, offer_hand_off, refuse_hand_off, withdraw_hand_off
from comptoir.desk.merging import merge_conversations
from comptoir.desk.refusals import (
    HandOffDecidedError,
    HandOffUnderWayError,
    NobodyThereError,
    NotOfTeamError,
    ReasonNeededError,
    SameTeamError,
    UnsaidError,
)
from comptoir.desk.spam import mark_spam
from comptoir.events.models import Event
from comptoir.notifications.choices import Kind
from comptoir.notifications.hearing import notify_agents
from comptoir.notifications.models import Notification
from comptoir.people.models import Agent, Team
from comptoir.sla.actions import record_breaches, start_clocks
from comptoir.sla.among_ourselves import recompute_among_ourselves
from comptoir.sla.calendars import create_calendar
from comptoir.sla.models import SLAClock, SLAPolicy
from tests.desk.racing import at_once
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_team
from tests.sla.promised import promise_hand_offs

pytestmark = pytest.mark.django_db

ASKED = "La cafetière fuit par le bas : est-ce couvert par la garantie ?"


@dataclass
class Bridge:
    service: Team
    experts: Team
    awa: Agent
    lea: Agent
    conversation: Conversation

    def offered(self) -> HandOff:
        return offer_hand_off(self.conversation.pk, to=self.experts, asked=ASKED, by=self.awa)

    def now(self) -> Conversation:
        return Conversation.objects.get(pk=self.conversation.pk)


def make_bridge() -> Bridge:
    promise_hand_offs()
    service, experts = make_team(name="Service"), make_team(name="Experts", purpose="expertise")
    awa, lea = make_agent(teams=[service], name="Awa Diop"), make_agent(teams=[experts], name="Léa Martin")
    conversation = make_conversation(account=make_account(team=service), team=service, assignee=awa)
    return Bridge(service, experts, awa, lea, conversation)


@pytest.fixture
def bridge(db: None) -> Bridge:
    return make_bridge()


def test_until_somebody_accepts_it_stays_with_who_gave_it(bridge: Bridge) -> None:
    bridge.offered()
    assert (bridge.now().team, bridge.now().assignee) == (bridge.service, bridge.awa)


def test_what_nobody_had_taken_stays_with_who_gives_it(bridge: Bridge) -> None:
    Conversation.objects.update(assignee=None)
    bridge.offered()
    assert bridge.now().assignee == bridge.awa


def test_who_may_no_longer_read_it_does_not_by_its_being_accepted(bridge: Bridge) -> None:
    offered = bridge.offered()
    Conversation.objects.update(assignee=None)
    bridge.awa.teams.set([make_team()])
    accept_hand_off(offered.pk, by=bridge.lea)
    assert not readable_by(bridge.awa).exists()


def test_once_decided_a_colleague_of_another_brand_reads_no_more_what_was_asked(bridge: Bridge) -> None:
    other = make_agent(teams=[bridge.experts], name="Autre marque")
    other.brands.add(make_brand())
    offered = bridge.offered()
    assert hand_offs_of(other).filter(pk=offered.pk).exists()
    refuse_hand_off(offered.pk, reason="Ce n’est pas à nous.", by=bridge.lea)
    assert not hand_offs_of(other).exists()
    bridge.lea.brands.add(make_brand())
    assert hand_offs_of(bridge.lea).exists()  # she decided


def test_whoever_accepts_it_has_it_with_their_team(bridge: Bridge) -> None:
    accept_hand_off(bridge.offered().pk, by=bridge.lea)
    assert (bridge.now().team, bridge.now().assignee) == (bridge.experts, bridge.lea)


def test_the_record_tells_who_passed_it_and_who_took_it(bridge: Bridge) -> None:
    accept_hand_off(bridge.offered().pk, by=bridge.lea)
    told = Event.objects.filter(conversation_id=bridge.conversation.pk).order_by("id").values_list("name", "actor_id")
    assert list(told) == [
        ("hand_off.offered", bridge.awa.pk),
        ("clock.stopped", None),
        ("conversation.team_changed", bridge.lea.pk),
        ("conversation.assigned", bridge.lea.pk),
        ("hand_off.accepted", bridge.lea.pk),
    ]


def test_accepting_twice_is_accepting(bridge: Bridge) -> None:
    offered = bridge.offered()
    accept_hand_off(offered.pk, by=bridge.lea)
    accept_hand_off(offered.pk, by=bridge.lea)
    assert Event.objects.filter(name="hand_off.accepted").count() == 1


def test_a_refusal_says_why_and_leaves_it_where_it_was(bridge: Bridge) -> None:
    refused = refuse_hand_off(bridge.offered().pk, reason="Il faut le numéro de série.", by=bridge.lea)
    assert (refused.state, refused.reason) == ("refused", "Il faut le numéro de série.")
    assert (bridge.now().team, bridge.now().assignee) == (bridge.service, bridge.awa)


def test_a_refusal_without_a_reason_is_none(bridge: Bridge) -> None:
    offered = bridge.offered()
    with pytest.raises(ReasonNeededError):
        refuse_hand_off(offered.pk, reason="  ", by=bridge.lea)
    assert HandOff.objects.get().is_offered


def test_taken_back_it_is_owed_by_nobody(bridge: Bridge) -> None:
    withdraw_hand_off(bridge.offered().pk, by=bridge.awa)
    assert HandOff.objects.get().state == "withdrawn"
    assert SLAClock.objects.get(promise="hand_off").is_abandoned


@pytest.mark.parametrize("words", ["", "  \n", "\x00"])
def test_it_names_what_is_asked(bridge: Bridge, words: str) -> None:
    with pytest.raises(UnsaidError):
        offer_hand_off(bridge.conversation.pk, to=bridge.experts, asked=words, by=bridge.awa)


def test_a_team_is_not_offered_what_it_has(bridge: Bridge) -> None:
    with pytest.raises(SameTeamError):
        offer_hand_off(bridge.conversation.pk, to=bridge.service, asked=ASKED, by=bridge.awa)


def test_a_team_without_anybody_is_not_asked(bridge: Bridge) -> None:
    with pytest.raises(NobodyThereError):
        offer_hand_off(bridge.conversation.pk, to=make_team(), asked=ASKED, by=bridge.awa)


def test_it_is_offered_to_one_team_at_a_time(bridge: Bridge) -> None:
    bridge.offered()
    marketing = make_team(purpose="marketing")
    make_agent(teams=[marketing])
    with pytest.raises(HandOffUnderWayError, match="Experts"):
        offer_hand_off(bridge.conversation.pk, to=marketing, asked=ASKED, by=bridge.awa)


def test_the_database_holds_one_open_hand_off(bridge: Bridge) -> None:
    offered = bridge.offered()
    offered.pk = None
    with pytest.raises(IntegrityError, match="one_open_hand_off_per_conversation"):
        offered.save(force_insert=True)


def test_what_is_resolved_is_not_offered(bridge: Bridge) -> None:
    resolve_conversation(bridge.conversation.pk, by=bridge.awa)
    with pytest.raises(ConversationResolvedError):
        bridge.offered()


def test_only_the_team_that_is_asked_decides(bridge: Bridge) -> None:
    offered = bridge.offered()
    for act in (lambda: accept_hand_off(offered.pk, by=bridge.awa), lambda: refuse_hand_off(offered.pk, reason="Non", by=bridge.awa)):  # fmt: skip  # noqa: E501
        with pytest.raises(NotOfTeamError):
            act()


def test_a_supervisor_decides_for_any_team(bridge: Bridge) -> None:
    supervisor = make_agent(role="supervisor")
    accept_hand_off(bridge.offered().pk, by=supervisor)
    assert bridge.now().assignee == supervisor


def test_an_expert_accepts_and_gives_it_back(bridge: Bridge) -> None:
    expert = make_agent(role="expert", teams=[bridge.experts])
    accept_hand_off(bridge.offered().pk, by=expert)
    offer_hand_off(bridge.conversation.pk, to=bridge.service, asked="Oui, couvert deux ans.", by=expert)
    accept_hand_off(HandOff.objects.offered().get().pk, by=bridge.awa)
    assert bridge.now().assignee == bridge.awa


def test_whatever_ends_the_conversation_elsewhere_takes_it_back(bridge: Bridge) -> None:
    marketing = make_team()
    other = make_conversation(account=bridge.conversation.account, contact=bridge.conversation.contact)
    ends: Sequence[Callable[[int], object]] = (
        lambda pk: change_team(pk, to=marketing, by=bridge.awa),
        lambda pk: merge_conversations(other.pk, gone_id=pk, by=bridge.awa, reason="La même"),
    )
    for end in ends:
        offered = bridge.offered()
        end(bridge.conversation.pk)
        assert HandOff.objects.get(pk=offered.pk).state == "withdrawn"


@pytest.mark.parametrize("act", [lambda pk, by: resolve_conversation(pk, by=by), lambda pk, by: mark_spam(pk, block=False, by=by)])  # fmt: skip  # noqa: E501
def test_resolved_or_spam_nobody_need_accept_it(bridge: Bridge, act: Callable[[int, Agent], object]) -> None:
    bridge.offered()
    act(bridge.conversation.pk, bridge.awa)
    assert HandOff.objects.get().state == "withdrawn"


# --- its clock ----------------------------------------------------------------------------------------------------


def test_it_is_to_be_accepted_within_half_an_hour(bridge: Bridge) -> None:
    offered = bridge.offered()
    assert SLAClock.objects.get(hand_off=offered).due_at == offered.given_at + timedelta(minutes=30)


def test_the_half_hour_is_of_the_receiving_teams_opening_hours(bridge: Bridge) -> None:
    create_calendar(owner=bridge.experts, name="Atelier", time_zone="UTC", weekly_hours={"mon": [["09:00", "17:00"]]})
    friday = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    with at_instant(friday):
        offered = bridge.offered()
    assert SLAClock.objects.get(hand_off=offered).due_at == datetime(2026, 11, 30, 9, 30, tzinfo=UTC)


def test_it_does_not_move_what_the_customer_was_promised(bridge: Bridge) -> None:
    SLAPolicy.objects.create(promise="first_reply", target=timedelta(hours=4), position=0)
    begun = now()
    start_clocks({bridge.conversation.pk: begun})
    accept_hand_off(bridge.offered().pk, by=bridge.lea)
    assert bridge.now().promise_due_at == begun + timedelta(hours=4)
    assert SLAClock.objects.get(conversation=bridge.conversation).started_at == begun


def test_accepted_late_the_promise_was_broken(bridge: Bridge) -> None:
    offered = bridge.offered()
    with at_instant(offered.given_at + timedelta(minutes=31)):
        assert record_breaches() == 1
        accept_hand_off(offered.pk, by=bridge.lea)
    clock = SLAClock.objects.get(hand_off=offered)
    assert clock.breached_at is not None
    assert clock.stopped_at is not None
    breach = Event.objects.get(name="clock.breached")
    assert (breach.conversation_id, breach.details["promise"]) == (bridge.conversation.pk, "hand_off")


def test_a_promise_that_is_changed_moves_what_is_offered(bridge: Bridge) -> None:
    offered = bridge.offered()
    SLAPolicy.objects.filter(promise="hand_off").update(target=timedelta(hours=1))
    assert recompute_among_ourselves() == (1, 1)
    assert SLAClock.objects.get(hand_off=offered).due_at == offered.given_at + timedelta(hours=1)
    assert recompute_among_ourselves() == (1, 0)


# --- who sees it, and who hears of it -----------------------------------------------------------------------------


def test_those_who_are_asked_read_it_until_it_is_decided(bridge: Bridge) -> None:
    assert not asked_of(bridge.lea).exists()
    offered = bridge.offered()
    assert readable_by(bridge.lea).get() == bridge.conversation
    assert not Conversation.objects.visible_to(bridge.lea).exists()
    refuse_hand_off(offered.pk, reason="Pas pour nous.", by=bridge.lea)
    assert not readable_by(bridge.lea).exists()


def heard(agent: Agent) -> list[str]:
    notify_agents(list(Event.objects.order_by("id")))
    return list(Notification.objects.filter(agent=agent).order_by("kind").values_list("kind", flat=True))


def test_the_team_that_is_asked_hears_of_it(bridge: Bridge) -> None:
    bridge.offered()
    assert heard(bridge.lea) == [Kind.OFFERED]
    assert heard(bridge.awa) == []


def test_whoever_gave_it_hears_how_it_was_decided(bridge: Bridge) -> None:
    refuse_hand_off(bridge.offered().pk, reason="Pas pour nous.", by=bridge.lea)
    assert heard(bridge.awa) == [Kind.DECIDED]


def test_the_third_hand_off_calls_a_supervisor(bridge: Bridge) -> None:
    supervisor = make_agent(role="supervisor")
    for _time in range(2):
        refuse_hand_off(bridge.offered().pk, reason="Pas pour nous.", by=bridge.lea)
    assert heard(supervisor) == []
    bridge.offered()
    assert heard(supervisor) == [Kind.BOUNCED]
    assert Event.objects.get(name="conversation.bounced").details == {"times": 3}


# --- races --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_many_who_accept_at_once_one_has_it_and_the_others_are_told_who() -> None:
    bridge = make_bridge()
    offered = bridge.offered()
    takers = [make_agent(teams=[bridge.experts], name=f"Expert {number}") for number in range(6)]
    refused = at_once(*[lambda taker=taker: accept_hand_off(offered.pk, by=taker) for taker in takers])
    winner = bridge.now().assignee
    assert winner in takers
    assert len(refused) == 5
    assert all(words.startswith(f"{winner.name} ") for words in refused)
    assert Event.objects.filter(name="hand_off.accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepted_and_taken_back_at_once_it_is_one_of_them() -> None:
    bridge = make_bridge()
    offered = bridge.offered()
    refused = at_once(
        lambda: accept_hand_off(offered.pk, by=bridge.lea), lambda: withdraw_hand_off(offered.pk, by=bridge.awa)
    )
    assert len(refused) == 1
    state = HandOff.objects.get().state
    assert bridge.now().assignee == (bridge.lea if state == "accepted" else bridge.awa)


@pytest.mark.django_db(transaction=True)
def test_offered_twice_at_once_it_is_offered_once() -> None:
    bridge = make_bridge()
    refused = at_once(bridge.offered, bridge.offered)
    assert len(refused) == 1
    assert HandOff.objects.count() == 1


def test_what_is_decided_says_by_whom(bridge: Bridge) -> None:
    offered = bridge.offered()
    accept_hand_off(offered.pk, by=bridge.lea)
    with pytest.raises(HandOffDecidedError, match="Léa Martin"):
        refuse_hand_off(offered.pk, reason="Non", by=make_agent(teams=[bridge.experts]))
