"""Moving a conversation to another of our accounts: nothing is lost, and what comes later finds its place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.desk.actions import resolve_conversation
from comptoir.desk.consultations import ask_expert
from comptoir.desk.errors import MergeRefusedError, MoveRefusedError
from comptoir.desk.hand_offs import offer_hand_off
from comptoir.desk.merging import merge_conversations, unmerge_conversation
from comptoir.desk.moving import accounts_to_move_to, move_conversation
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.sla.actions import start_clocks
from comptoir.sla.calendars import create_calendar
from comptoir.sla.models import SLAClock, SLAPolicy
from tests.factories import (
    make_account,
    make_agent,
    make_brand,
    make_conversation,
    make_incoming,
    make_outgoing,
    make_team,
)
from tests.fake_network import FakeNetwork
from tests.intake.events import said

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def wrong(fake_network: FakeNetwork) -> ChannelAccount:
    return make_account(name="Presse", brand=make_brand(), team=make_team(name="Communication"))


@pytest.fixture
def right(wrong: ChannelAccount) -> ChannelAccount:
    return make_account(name="Service", brand=make_brand(), team=make_team(name="Service"))


@pytest.fixture
def conversation(wrong: ChannelAccount) -> Conversation:
    receive(wrong, [said("m-1", by="nadia", text="Où est mon colis ?", thread_id="t-1")])
    return Conversation.objects.get()


def test_it_goes_on_by_the_other_account_with_its_team(conversation: Conversation, right: ChannelAccount) -> None:
    moved = move_conversation(conversation.pk, to=right, by=make_agent(), reason="Mauvaise boîte")
    assert (moved.account, moved.team) == (right, right.team)
    event = Event.objects.get(name="conversation.moved")
    assert (event.details["to"], event.reason) == (right.pk, "Mauvaise boîte")


def test_what_was_said_stays_where_it_was_said_and_answers_leave_by_the_new_one(
    conversation: Conversation, wrong: ChannelAccount, right: ChannelAccount
) -> None:
    move_conversation(conversation.pk, to=right, by=None)
    answer = queue_reply(conversation.pk, by=make_agent(), text="Il arrive.", visibility="private")
    assert answer.account == right
    assert Message.objects.incoming().get().account == wrong


def test_what_still_comes_where_it_was_arrives_here(
    conversation: Conversation, wrong: ChannelAccount, right: ChannelAccount
) -> None:
    move_conversation(conversation.pk, to=right, by=None)
    receive(wrong, [said("m-2", by="nadia", text="Alors ?", thread_id="t-1")])
    receive(right, [said("m-3", by="nadia", text="Alors ??", thread_id="t-1")])
    assert conversation.messages.count() == 3
    assert Conversation.objects.live().get() == conversation


def test_an_answer_by_the_token_that_went_out_from_there_arrives_here_also_after_moving_back_and_forth(
    conversation: Conversation, wrong: ChannelAccount, right: ChannelAccount
) -> None:
    token = conversation.thread_token
    for account in (right, wrong, right):
        move_conversation(conversation.pk, to=account, by=None)
    receive(wrong, [said("m-2", by="nadia.at.work", text="Alors ?", thread_id="t-2", thread_token=token)])
    assert conversation.messages.count() == 2


def test_it_can_be_moved_back(conversation: Conversation, wrong: ChannelAccount, right: ChannelAccount) -> None:
    move_conversation(conversation.pk, to=right, by=None)
    move_conversation(conversation.pk, to=wrong, by=None)
    receive(right, [said("m-2", by="nadia", text="Alors ?", thread_id="t-1")])
    conversation.refresh_from_db()
    assert (conversation.account, conversation.messages.count()) == (wrong, 2)
    assert Conversation.objects.filter(account=wrong).count() == 1


def test_moved_back_it_leaves_what_was_merged_there_to_be_undone(
    conversation: Conversation, wrong: ChannelAccount, right: ChannelAccount
) -> None:
    resolve_conversation(conversation.pk, by=None)
    again = make_conversation(account=wrong, identity=conversation.identity, thread_id="t-1")
    merge_conversations(again.pk, gone_id=conversation.pk, by=None, reason="Le même colis")
    move_conversation(again.pk, to=right, by=None)
    move_conversation(again.pk, to=wrong, by=None)
    unmerge_conversation(conversation.pk, by=None)
    conversation.refresh_from_db()
    assert conversation.messages.count() == 1


def test_the_pointer_left_behind_is_no_merge_to_be_undone(conversation: Conversation, right: ChannelAccount) -> None:
    move_conversation(conversation.pk, to=right, by=None)
    [left] = Conversation.objects.exclude(pk=conversation.pk)
    assert (left.status, left.merged_into) == ("resolved", conversation)
    with pytest.raises(MergeRefusedError, match="déplacée vers un autre compte"):
        unmerge_conversation(left.pk, by=None)


def test_its_promise_is_computed_anew_and_the_record_says_why(
    conversation: Conversation, right: ChannelAccount
) -> None:
    SLAClock.objects.all().delete()
    SLAPolicy.objects.all().delete()
    SLAPolicy.objects.create(promise="first_reply", target=8 * HOUR, position=2)
    SLAPolicy.objects.create(promise="first_reply", target=HOUR, position=1, brand=right.brand)
    start_clocks({conversation.pk: now()})
    move_conversation(conversation.pk, to=right, by=None)
    clock = SLAClock.objects.get()
    assert clock.due_at - clock.started_at == HOUR
    [moved] = Event.objects.filter(name="clock.moved")
    assert moved.reason == "The conversation goes on by another account."


def test_what_experts_promised_is_computed_anew_too(conversation: Conversation, right: ChannelAccount) -> None:
    SLAClock.objects.all().delete()
    SLAPolicy.objects.all().delete()
    SLAPolicy.objects.create(
        promise="consultation", target=None, target_working_days=2, is_in_working_time=True, working_week="to_friday"
    )
    asked = ask_expert(conversation.pk, question="Quoi ?", email="dr.roy@labo.example", by=None)
    before = asked.clocks.get().due_at
    create_calendar(
        owner=right.brand, name="Nuit", time_zone="Asia/Tokyo", country="",
        weekly_hours={day: [["09:00", "12:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    )  # fmt: skip
    move_conversation(conversation.pk, to=right, by=None)
    assert asked.clocks.get().due_at != before


def test_what_was_offered_is_taken_back(conversation: Conversation, right: ChannelAccount) -> None:
    experts = make_team()
    make_agent(teams=[experts])
    offered = offer_hand_off(conversation.pk, to=experts, asked="?", by=None)
    move_conversation(conversation.pk, to=right, by=None)
    offered.refresh_from_db()
    assert offered.state == "withdrawn"


def test_moved_where_it_is_changes_nothing(conversation: Conversation, wrong: ChannelAccount) -> None:
    move_conversation(conversation.pk, to=wrong, by=None)
    assert not Event.objects.filter(name="conversation.moved").exists()
    assert Conversation.objects.count() == 1


class TestWhatCannotBe:
    """Refused, in words that say what to do instead."""

    def test_a_public_exchange(self, wrong: ChannelAccount, right: ChannelAccount) -> None:
        public = make_conversation(account=wrong, is_public=True)
        with pytest.raises(MoveRefusedError, match="sous la publication où il a été écrit"):
            move_conversation(public.pk, to=right, by=None)

    def test_another_channel(self, conversation: Conversation) -> None:
        with pytest.raises(MoveRefusedError, match="n’atteindrait pas ce client"):
            move_conversation(conversation.pk, to=make_account(kind="fake_findable"), by=None)

    def test_where_the_network_knows_people_by_the_account_they_wrote_to(self, fake_network: FakeNetwork) -> None:
        here, there = (make_account(kind="fake_safe") for _number in range(2))
        with pytest.raises(MoveRefusedError, match="le compte auquel le client a écrit"):
            move_conversation(make_conversation(account=here).pk, to=there, by=None)

    def test_while_a_reply_is_leaving(self, conversation: Conversation, right: ChannelAccount) -> None:
        make_outgoing(conversation, state="queued", external_id=None)
        with pytest.raises(MoveRefusedError, match="en train de partir"):
            move_conversation(conversation.pk, to=right, by=None)

    def test_where_they_are_in_the_same_thread_already(self, conversation: Conversation, right: ChannelAccount) -> None:
        make_conversation(account=right, identity=conversation.identity, thread_id=conversation.thread_id)
        with pytest.raises(MoveRefusedError, match="continuez là-bas"):
            move_conversation(conversation.pk, to=right, by=None)
        conversation.refresh_from_db()
        assert Conversation.objects.count() == 2

    def test_an_account_that_is_not_connected(self, conversation: Conversation, right: ChannelAccount) -> None:
        right.status = ChannelAccount.Status.DISCONNECTED
        with pytest.raises(MoveRefusedError, match="n’est pas connecté"):
            move_conversation(conversation.pk, to=right, by=None)


def test_offered_are_those_alike_that_the_agent_is_shown(conversation: Conversation, right: ChannelAccount) -> None:
    make_account(kind="fake_findable")
    reserved = make_account()
    reserved.reserved_for.add(make_team())
    assert list(accounts_to_move_to(conversation, make_agent(teams=[conversation.account.team]))) == [right]
    public = make_incoming(make_conversation(account=right, is_public=True)).conversation
    assert not accounts_to_move_to(public, make_agent(role="administrator"))
