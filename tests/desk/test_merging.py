"""One conversation of two, two of one: nothing is lost on the way, and what comes later finds its place."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Draft, Following, Message, Note
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.refusals import MergedMeanwhileError
from comptoir.desk.actions import reopen_conversation, resolve_conversation, tag_conversation
from comptoir.desk.errors import MergedAwayError, MergeRefusedError, SplitRefusedError
from comptoir.desk.following import follow_conversation
from comptoir.desk.merging import merge_conversations, unmerge_conversation
from comptoir.desk.models import CallBack
from comptoir.desk.notes import add_note
from comptoir.desk.splitting import split_conversation
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.sla.actions import start_clocks
from comptoir.sla.models import SLAClock
from comptoir.sla.queries import promises_given
from tests.factories import (
    make_account,
    make_agent,
    make_conversation,
    make_identity,
    make_incoming,
    make_outgoing,
    make_promises,
)
from tests.fake_network import FakeNetwork
from tests.intake.events import said
from tests.processes import run_side_by_side


@pytest.fixture
def account(db: None, fake_network: FakeNetwork) -> ChannelAccount:
    return make_account()


@pytest.fixture
def pair(account: ChannelAccount) -> tuple[Conversation, Conversation]:
    """Two conversations of one person: « a », then « b »."""
    receive(account, [said("a-1", thread_id="a"), said("b-1", thread_id="b", minutes=5)])
    return Conversation.objects.get(thread_id="a"), Conversation.objects.get(thread_id="b")


Pair = tuple[Conversation, Conversation]


def running() -> list[SLAClock]:
    return list(SLAClock.objects.filter(stopped_at=None))


def fresh(*conversations: Conversation) -> None:
    for one in conversations:
        one.refresh_from_db()


def test_all_that_was_in_it_moves(pair: Pair) -> None:
    kept, gone = pair
    agent = make_agent()
    note = add_note(gone.pk, text="Vu", by=agent)
    tag_conversation(gone.pk, name="colis", by=agent)
    follow_conversation(gone.pk, agent=agent)
    merge_conversations(kept.pk, gone_id=gone.pk, by=agent)
    fresh(kept, gone)
    assert set(kept.messages.values_list("external_id", flat=True)) == {"a-1", "b-1"}
    assert Note.objects.get(pk=note.pk).conversation == kept
    assert kept.tags.get().name == "colis"
    assert Following.objects.filter(conversation=kept, agent=agent).exists()
    assert (gone.status, gone.merged_into, gone.waiting_since) == ("resolved", kept, None)


def test_the_older_promise_runs_on_alone(pair: Pair) -> None:
    kept, gone = pair
    merge_conversations(gone.pk, gone_id=kept.pk, by=None)  # the newer one is kept
    fresh(gone)
    (clock,) = running()
    assert (clock.conversation, clock.started_at) == (gone, gone.waiting_since)
    assert gone.promise_due_at == clock.due_at


def test_the_promise_that_gave_way_is_not_told_as_closed_without_an_answer(pair: Pair) -> None:
    kept, gone = pair
    merge_conversations(kept.pk, gone_id=gone.pk, by=None)
    fresh(kept)
    assert [one.clock.is_abandoned for one in promises_given(kept)] == [False]


def test_two_drafts_of_one_agent_stand_one_below_the_other(pair: Pair) -> None:
    kept, gone = pair
    agent = make_agent()
    Draft.objects.create(conversation=kept, agent=agent, text="Bonjour", visibility="private")
    Draft.objects.create(conversation=gone, agent=agent, text="Merci", visibility="private")
    merge_conversations(kept.pk, gone_id=gone.pk, by=agent)
    assert Draft.objects.get().text == "Bonjour\n\nMerci"


def test_what_comes_later_in_the_merged_thread_lands_in_the_kept_one(pair: Pair, account: ChannelAccount) -> None:
    kept, gone = pair
    merge_conversations(kept.pk, gone_id=gone.pk, by=None)
    receive(account, [said("b-2", thread_id="b", minutes=9), said("b-3", parent_id="b-1", minutes=10)])
    assert kept.messages.count() == 4
    assert Conversation.objects.count() == 2


def test_it_finds_the_kept_one_through_two_merges(pair: Pair, account: ChannelAccount) -> None:
    first, second = pair
    receive(account, [said("c-1", thread_id="c", minutes=6)])
    third = Conversation.objects.get(thread_id="c")
    merge_conversations(second.pk, gone_id=first.pk, by=None)
    merge_conversations(third.pk, gone_id=second.pk, by=None)
    receive(account, [said("a-2", thread_id="a", minutes=9)])
    assert Message.objects.get(external_id="a-2").conversation == third


def test_a_customer_reopens_the_kept_one_by_writing_in_the_merged_thread(pair: Pair, account: ChannelAccount) -> None:
    kept, gone = pair
    merge_conversations(kept.pk, gone_id=gone.pk, by=None)
    resolve_conversation(kept.pk, by=None)
    receive(account, [said("b-2", thread_id="b", sent_at=now())])
    fresh(kept, gone)
    assert (kept.status, gone.status) == ("open", "resolved")


def test_undone_both_are_as_they_were(pair: Pair) -> None:
    kept, gone = pair
    before = [Conversation.objects.values().get(pk=one.pk) for one in pair]
    merge_conversations(kept.pk, gone_id=gone.pk, by=None)
    unmerge_conversation(gone.pk, by=None)
    assert [Conversation.objects.values().get(pk=one.pk) for one in pair] == before
    assert {clock.conversation_id for clock in running()} == {kept.pk, gone.pk}


def test_the_call_that_waits_goes_with_the_one_that_goes_on_and_back(pair: Pair) -> None:
    kept, gone = pair
    call = CallBack.objects.create(conversation=gone, account=gone.account, number="+33612345678", due_at=now())
    merge_conversations(kept.pk, gone_id=gone.pk, by=make_agent())
    fresh_call = CallBack.objects.get(pk=call.pk)
    assert (fresh_call.conversation, fresh_call.is_waiting) == (kept, True)
    unmerge_conversation(gone.pk, by=None)
    assert CallBack.objects.get(pk=call.pk).conversation == gone


def test_of_two_calls_that_wait_the_one_of_the_kept_stays(pair: Pair) -> None:
    kept, gone = pair
    number = "+33612345678"
    own, _other = (
        CallBack.objects.create(conversation=one, account=one.account, number=number, due_at=now()) for one in pair
    )
    merge_conversations(kept.pk, gone_id=gone.pk, by=make_agent())
    assert list(kept.call_backs.waiting()) == [own]


def test_what_was_said_since_the_merge_stays_in_the_kept_one(pair: Pair, account: ChannelAccount) -> None:
    kept, gone = pair
    merge_conversations(kept.pk, gone_id=gone.pk, by=None)
    receive(account, [said("b-2", thread_id="b", minutes=9)])
    unmerge_conversation(gone.pk, by=None)
    assert set(kept.messages.values_list("external_id", flat=True)) == {"a-1", "b-2"}


def other(**fields: Any) -> Conversation:
    return make_conversation(**fields)


def test_what_cannot_be_one_is_refused(pair: Pair, account: ChannelAccount) -> None:
    kept, _gone = pair
    strangers = [
        other(identity=kept.identity),  # another account
        other(account=account, identity=kept.identity, is_public=True),
        other(account=account),  # another person, no reason
    ]
    for stranger in strangers:
        with pytest.raises(MergeRefusedError):
            merge_conversations(kept.pk, gone_id=stranger.pk, by=None)
    with pytest.raises(MergeRefusedError):
        merge_conversations(kept.pk, gone_id=kept.pk, by=None)


def test_two_people_are_merged_for_a_reason(pair: Pair, account: ChannelAccount) -> None:
    stranger = other(account=account)
    merge_conversations(pair[0].pk, gone_id=stranger.pk, by=None, reason="Son époux écrit pour elle")
    fresh(stranger)
    assert stranger.merged_into == pair[0]


def test_what_no_database_keeps_is_left_out_of_the_reason(pair: Pair) -> None:
    kept, gone = pair
    merge_conversations(kept.pk, gone_id=gone.pk, by=make_agent(), reason=" le même\x00 colis ")
    assert Event.objects.get(name="conversation.merged").reason == "le même colis"


def test_a_reply_in_flight_holds_the_merge_up(pair: Pair) -> None:
    kept, gone = pair
    make_outgoing(gone, state="sending", external_id=None)
    with pytest.raises(MergeRefusedError):
        merge_conversations(kept.pk, gone_id=gone.pk, by=None)


def test_chosen_messages_become_a_conversation_of_their_own(account: ChannelAccount) -> None:
    receive(account, [said("n-1"), said("n-2", minutes=5)])
    origin = Conversation.objects.get()
    second = Message.objects.get(external_id="n-2")
    split = split_conversation(origin.pk, message_ids=[second.pk], by=None)
    fresh(origin, split)
    assert (origin.messages.get().external_id, split.messages.get()) == ("n-1", second)
    assert origin.waiting_since is not None
    assert origin.last_message_at == origin.waiting_since
    assert split.waiting_since == second.sent_at
    assert {clock.conversation_id: clock.started_at for clock in running()} == {
        origin.pk: origin.waiting_since, split.pk: second.sent_at
    }  # fmt: skip


def test_the_promise_goes_with_the_message_it_was_given_for(account: ChannelAccount) -> None:
    receive(account, [said("n-1"), said("n-2", minutes=5)])
    origin = Conversation.objects.get()
    clock = SLAClock.objects.get()
    split = split_conversation(origin.pk, message_ids=[Message.objects.get(external_id="n-1").pk], by=None)
    clock.refresh_from_db()
    assert clock.conversation == split
    assert {one.conversation_id for one in running()} == {origin.pk, split.pk}


def test_an_answer_to_what_was_split_off_lands_there_and_the_thread_goes_on_in_the_first(
    account: ChannelAccount,
) -> None:
    receive(account, [said("n-1"), said("n-2", minutes=5)])
    origin = Conversation.objects.get()
    split = split_conversation(origin.pk, message_ids=[Message.objects.get(external_id="n-2").pk], by=None)
    receive(account, [said("n-3", parent_id="n-2", minutes=6), said("n-4", minutes=7)])
    assert Message.objects.get(external_id="n-3").conversation == split
    assert Message.objects.get(external_id="n-4").conversation == origin


def test_a_split_is_undone_by_merging(account: ChannelAccount) -> None:
    receive(account, [said("n-1"), said("n-2", minutes=5)])
    origin = Conversation.objects.get()
    split = split_conversation(origin.pk, message_ids=[Message.objects.get(external_id="n-2").pk], by=None)
    merge_conversations(origin.pk, gone_id=split.pk, by=None)
    assert origin.messages.count() == 2
    assert len(running()) == 1


def test_neither_all_nor_only_our_own_can_be_split_off(account: ChannelAccount) -> None:
    conversation = make_conversation(account=account)
    theirs, ours = make_incoming(conversation), make_outgoing(conversation)
    for chosen in ([theirs.pk, ours.pk], [ours.pk], []):
        with pytest.raises(SplitRefusedError):
            split_conversation(conversation.pk, message_ids=chosen, by=None)


def merge(kept_id: int, gone_id: int) -> None:
    merge_conversations(kept_id, gone_id=gone_id, by=None)


def hear(account_id: int, numbers: range) -> None:
    account = ChannelAccount.objects.get(pk=account_id)
    for number in numbers:
        receive(account, [said(f"b-{number}", thread_id="b", sent_at=now())])


def _either(merging: tuple[int, int] | None, hearing: tuple[int, range] | None) -> None:
    if merging:
        merge(*merging)
    if hearing:
        hear(*hearing)


@pytest.mark.django_db(transaction=True)
def test_messages_that_arrive_during_a_merge_end_in_the_kept_one(fake_network: FakeNetwork) -> None:
    make_promises()
    account, person = make_account(), make_identity(external_id="lea")
    kept = make_conversation(account=account, identity=person, thread_id="a")
    gone = make_conversation(account=account, identity=person, thread_id="b")
    make_incoming(gone)
    start_clocks({gone.pk: now()})
    run_side_by_side(_either, [(None, (account.pk, range(12))), ((kept.pk, gone.pk), None)], seconds=60)
    hear(account.pk, range(12, 14))
    assert Conversation.objects.count() == 2
    assert Message.objects.filter(conversation=kept).count() == 15
    assert [clock.conversation_id for clock in running()] == [kept.pk]


def test_what_was_merged_away_is_not_reopened_beside_the_one_that_goes_on(pair: Pair) -> None:
    kept, gone = pair
    merge_conversations(kept.pk, gone_id=gone.pk, by=make_agent())
    with pytest.raises(MergedAwayError):
        reopen_conversation(gone.pk, by=make_agent())
    fresh(gone)
    assert gone.status == "resolved"


def test_a_reply_to_what_was_merged_away_meanwhile_is_refused_and_nothing_leaves(pair: Pair) -> None:
    kept, gone = pair
    merge_conversations(kept.pk, gone_id=gone.pk, by=make_agent())
    with pytest.raises(MergedMeanwhileError):
        queue_reply(gone.pk, by=make_agent(), text="Bonjour", visibility="private")
    assert not Message.objects.outgoing().exists()


def _merge_or_not(kept: int, gone: int) -> None:
    try:
        merge_conversations(kept, gone_id=gone, by=None)
    except MergeRefusedError:
        return  # the other one was first


@pytest.mark.django_db(transaction=True)
def test_two_merges_that_cross_leave_one_that_goes_on(transactional_db: None, fake_network: FakeNetwork) -> None:
    account, person = make_account(), make_identity(channel="fake")
    ids = [make_conversation(account=account, identity=person, thread_id=thread).pk for thread in "ab"]
    run_side_by_side(_merge_or_not, [(ids[0], ids[1]), (ids[1], ids[0])], seconds=60)
    gone = Conversation.objects.get(merged_into__isnull=False)
    assert (gone.status, gone.merged_into is not None and gone.merged_into.status) == ("resolved", "open")
