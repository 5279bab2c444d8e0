"""Telephone calls: one message each, which says how it stands."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Attachment, Author, Call, EventKind, NetworkEvent
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.waiting import unanswered_since
from comptoir.core.clock import at_instant
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.sla.models import SLAClock
from tests.factories import make_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]
#: Told by a clock that stands, so that no call begins on another day, or before it could be known, than it ends.
BEGUN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _ten_minutes_later() -> Iterator[None]:
    with at_instant(BEGUN + timedelta(minutes=10)):
        yield


@pytest.fixture
def account() -> ChannelAccount:
    return make_account()


def call(state: Any, *, after_s: int = 0, duration_s: int | None = None, **fields: Any) -> NetworkEvent:
    length = None if duration_s is None else timedelta(seconds=duration_s)
    said: dict[str, Any] = {"external_id": "call-1", "author": Author("+33612345678"), **fields}
    return NetworkEvent(
        EventKind.CALL,
        "incoming",
        "private",
        sent_at=BEGUN + timedelta(seconds=after_s),
        call=Call(state, length),
        **said,
    )


RINGS, TAKEN, OVER = call("ringing"), call("answered", after_s=8), call("ended", after_s=200, duration_s=192)


@pytest.mark.parametrize("order", itertools.permutations([RINGS, TAKEN, OVER]))
def test_a_call_that_was_taken_ends_answered_in_whatever_order_it_is_told(
    order: tuple[NetworkEvent, ...], account: ChannelAccount
) -> None:
    for event in order:
        receive(account, [event])
    message = Message.objects.get()
    assert (message.call_state, message.call_duration) == ("ended", timedelta(seconds=192))
    assert Conversation.objects.get().waiting_since is None


def test_all_of_it_in_one_delivery_is_one_message(account: ChannelAccount) -> None:
    assert receive(account, [RINGS, TAKEN, OVER]) == 1
    assert Message.objects.get().call_state == "ended"
    assert Conversation.objects.get().waiting_since is None


def test_a_missed_call_waits_for_an_answer(account: ChannelAccount) -> None:
    receive(account, [RINGS])
    receive(account, [call("missed", after_s=30)])
    assert Message.objects.get().call_state == "missed"
    assert Conversation.objects.get().waiting_since == BEGUN


def test_taking_a_call_keeps_the_promise(account: ChannelAccount) -> None:
    receive(account, [RINGS])
    receive(account, [TAKEN])
    clock = SLAClock.objects.get()
    assert clock.stopped_at == BEGUN + timedelta(seconds=8)


def test_a_voicemail_brings_its_recording_once(account: ChannelAccount) -> None:
    recording = Attachment("audio", url="https://phone.example/recording.mp3")
    voicemail = call("voicemail", after_s=60, duration_s=25, text="Rappelez-moi", attachments=(recording,))
    receive(account, [RINGS, call("missed", after_s=30)])
    receive(account, [voicemail])
    receive(account, [voicemail])
    message = Message.objects.get()
    assert (message.call_state, message.text) == ("voicemail", "Rappelez-moi")
    assert [one.source_url for one in message.attachments.all()] == ["https://phone.example/recording.mp3"]


def test_each_step_is_recorded_once(account: ChannelAccount) -> None:
    for event in (RINGS, TAKEN, TAKEN, OVER, OVER):
        receive(account, [event])
    names = Event.objects.filter(name__startswith="call.").order_by("pk").values_list("name", flat=True)
    assert list(names) == ["call.answered", "call.ended"]


def test_a_voicemail_whose_words_the_database_cannot_hold_is_kept_all_the_same(account: ChannelAccount) -> None:
    receive(account, [RINGS])
    receive(account, [call("voicemail", after_s=60, text="Rappelez\x00-moi \ud83d")])
    message = Message.objects.get()
    assert (message.call_state, message.text) == ("voicemail", "Rappelez\ufffd-moi \ufffd")


def test_a_call_of_ours_to_nobody_who_is_named_holds_nothing_up(account: ChannelAccount) -> None:
    placed = replace(call("missed", external_id="call-2", author=Author("+33199000002")), direction="outgoing")
    receive(account, [placed, RINGS])
    assert [one.external_id for one in Message.objects.all()] == ["call-1"]


def test_a_call_that_was_taken_asks_for_nothing_whoever_looks_again(account: ChannelAccount) -> None:
    receive(account, [RINGS, TAKEN, OVER])
    assert unanswered_since(Conversation.objects.get(), from_=None) is None


def test_whoever_calls_again_and_is_answered_waits_no_more(account: ChannelAccount) -> None:
    receive(account, [RINGS, call("missed", after_s=30)])
    again = call("ringing", after_s=300, external_id="call-2")
    receive(account, [again])
    receive(account, [call("answered", after_s=305, external_id="call-2")])
    conversation = Conversation.objects.get()
    assert (conversation.waiting_since, unanswered_since(conversation, from_=BEGUN)) == (None, None)


def of_ours(state: Any, **fields: Any) -> NetworkEvent:
    """A call of ours to the one who had called."""
    us, them = Author("+33199000002"), Author("+33612345678")
    return replace(call(state, external_id="call-2", author=us, **fields), direction="outgoing", counterpart=them)


def test_a_call_of_ours_that_nobody_took_answers_nobody(account: ChannelAccount) -> None:
    receive(account, [RINGS, call("missed", after_s=30)])
    receive(account, [of_ours("ringing", after_s=300)])
    receive(account, [of_ours("missed", after_s=330)])
    conversation = Conversation.objects.get()
    assert (conversation.waiting_since, unanswered_since(conversation, from_=BEGUN)) == (BEGUN, BEGUN)
    assert SLAClock.objects.get().stopped_at is None


def test_a_call_of_ours_that_was_taken_answers_whoever_had_called(account: ChannelAccount) -> None:
    receive(account, [RINGS, call("missed", after_s=30)])
    receive(account, [of_ours("ringing", after_s=300)])
    receive(account, [of_ours("answered", after_s=310)])
    assert Conversation.objects.get().waiting_since is None
    assert SLAClock.objects.get().stopped_at == BEGUN + timedelta(seconds=310)


@pytest.mark.parametrize("voicemail_is_first", [True, False])
def test_a_voice_message_says_its_own_length_and_not_the_calls(
    account: ChannelAccount, voicemail_is_first: bool
) -> None:
    message, over = call("voicemail", after_s=60, duration_s=8), call("ended", after_s=61, duration_s=31)
    for event in (message, over) if voicemail_is_first else (over, message):
        receive(account, [event])
    assert Message.objects.get().call_duration == timedelta(seconds=8)
