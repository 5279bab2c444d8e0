"""What is counted follows the record: at once, once, whoever is killed; and what was there before is counted too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from comptoir.config.cli import run_command
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.actions import change_team, resolve_conversation
from comptoir.desk.merging import merge_conversations, unmerge_conversation
from comptoir.desk.spam import clear_spam, mark_spam
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.reporting import following
from comptoir.reporting.following import begin_counting, count_everything_anew, count_past, follow_record
from comptoir.reporting.models import CountedConversation, Kept, PastCounting
from comptoir.reporting.stories import stories_of
from comptoir.sla.models import SLAClock, SLAPolicy
from comptoir.sla.sweeping import recompute_batch, request_recomputation
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_promises, make_team
from tests.fake_network import FakeNetwork
from tests.intake.events import echo, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(fake_network: FakeNetwork) -> Any:
    make_promises()
    return make_account()


def follow_all() -> None:
    while follow_record():
        pass


def the_counted() -> CountedConversation:
    return CountedConversation.objects.get()


def test_what_happens_is_counted(account: Any) -> None:
    follow_all()
    receive(account, [said("a", minutes=0), echo("b", minutes=7)])
    follow_all()
    assert the_counted().first_reply_s == 420
    resolve_conversation(Conversation.objects.get().pk, by=make_agent())
    follow_all()
    assert the_counted().resolved_at is not None


def test_a_late_message_changes_the_past(account: Any) -> None:
    follow_all()
    receive(account, [said("a", minutes=10), echo("b", minutes=17)])
    follow_all()
    receive(account, [said("late", minutes=2)])
    follow_all()
    assert the_counted().first_reply_s == 900


def test_spam_is_forgotten_and_comes_back(account: Any) -> None:
    receive(account, [said("a")])
    begin_counting()
    mark_spam(Conversation.objects.get().pk, block=False, by=None)
    follow_all()
    assert not CountedConversation.objects.exists()
    clear_spam(Conversation.objects.get().pk, by=None)
    follow_all()
    assert the_counted().spells.count() == 1


def test_merged_conversations_are_one_and_parted_ones_two(account: Any) -> None:
    follow_all()
    receive(account, [said("a", thread_id="a"), said("b", thread_id="b", minutes=5)])
    first, second = Conversation.objects.order_by("pk")
    merge_conversations(second.pk, gone_id=first.pk, by=None)
    follow_all()
    assert the_counted().began_at == first.started_at
    unmerge_conversation(first.pk, by=None)
    follow_all()
    assert CountedConversation.objects.count() == 2


def test_what_was_there_before_is_counted_a_piece_at_a_time(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(account, [said(f"m{number}", thread_id=f"t{number}") for number in range(5)])
    monkeypatch.setattr(following, "_CONVERSATIONS", 2)
    begin_counting()
    assert count_past()
    assert CountedConversation.objects.count() == 2
    while count_past():
        pass
    assert CountedConversation.objects.count() == 5
    assert PastCounting.objects.get().percent == 100


def test_a_turn_that_is_cut_leaves_nothing_half_done(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    follow_all()
    receive(account, [said("a"), echo("b", minutes=3)])

    def killed(_found: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("comptoir.reporting.actions._store_spells", killed)
        with pytest.raises(KeyboardInterrupt):
            follow_record()
    assert not CountedConversation.objects.exists()
    follow_all()
    assert the_counted().spells.count() == 1


def test_counting_everything_anew_finds_the_same(account: Any) -> None:
    follow_all()
    receive(account, [said("a"), echo("b", minutes=3)])
    follow_all()
    before = list(CountedConversation.objects.values())
    count_everything_anew()
    while count_past():
        pass
    assert list(CountedConversation.objects.values()) == before


def test_history_does_not_count_and_what_comes_after_it_does(account: Any) -> None:
    follow_all()
    receive(account, [said("old", minutes=-60 * 24 * 20), echo("older answer", minutes=-60 * 24 * 19)], as_history=True)
    follow_all()
    assert not CountedConversation.objects.exists()
    receive(account, [said("new", minutes=0), echo("answer", minutes=4)])
    follow_all()
    assert (the_counted().first_reply_s, the_counted().reopening_count) == (240, 0)


def test_a_promise_that_is_no_longer_broken_is_not_told_as_broken(account: Any) -> None:
    follow_all()
    receive(account, [said("a", sent_at=now() - timedelta(hours=30))])
    SLAClock.objects.filter(promise="first_reply").update(breached_at=now())
    Event.objects.create(
        name="clock.breached", actor_kind="system", subject_kind="slaclock", subject_id=1,
        conversation_id=Conversation.objects.get().pk,
    )  # fmt: skip
    follow_all()
    assert the_counted().first_reply_promise == Kept.BROKEN
    SLAPolicy.objects.filter(promise="first_reply").update(target=timedelta(hours=48))
    sweep = request_recomputation()
    while recompute_batch(sweep.pk):
        pass
    follow_all()
    assert the_counted().first_reply_promise == Kept.RUNNING


def test_what_a_team_had_that_is_gone_is_nobodys(account: Any) -> None:
    follow_all()
    gone = make_team()
    receive(account, [said("a")])
    conversation = Conversation.objects.get()
    change_team(conversation.pk, to=gone, by=None)
    change_team(conversation.pk, to=account.team, by=None)
    gone.delete()
    follow_all()
    assert {spell.team_id for spell in the_counted().spells.all()} == {None, account.team_id}


def test_the_stories_of_many_take_as_many_questions_as_of_one(account: Any, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_incoming(make_conversation(account=account))
    ids = list(Conversation.objects.values_list("pk", flat=True))
    with django_assert_num_queries(8):
        stories_of(ids[:1])
    with django_assert_num_queries(8):
        stories_of(ids)


def test_the_command_counts_everything_anew(account: Any, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr("comptoir.config.starting.is_up_to_date", lambda _url: True)
    monkeypatch.setattr("comptoir.config.starting.configure_logging", lambda _name: None)
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "fr")
    receive(account, [said("a", minutes=0), echo("b", minutes=7)])
    follow_all()
    CountedConversation.objects.update(first_reply_s=1)
    assert run_command(["reports", "recount"]) == 0
    assert the_counted().first_reply_s == 420
    assert "1 conversations sont comptées." in capsys.readouterr().out
