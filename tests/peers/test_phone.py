"""Calls of a real Kamailio, told to the intake's own endpoint: one message each, however often they are told of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.intake.consumer import consume_once
from comptoir.intake.models import RawDelivery
from comptoir.people.models import Agent
from comptoir.reactions import react_once
from tests.factories import make_account, make_agent
from tests.peers.bluesky_network import eventually
from tests.peers.intake_server import IntakeServer, serving_intake
from tests.peers.kamailio_switchboard import (
    OURS,
    OURS_AT_BOTH,
    Switchboard,
    documented_telling,
    plain_telling,
    running_switchboard,
)

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]
SECRET = "between-us-and-them"
LEA, TOM = "+33612345678", "+33698765432"


@pytest.fixture
def account() -> ChannelAccount:
    return make_account(kind="phone", own_id=OURS, credentials={"number": OURS, "webhook_secret": SECRET})


@pytest.fixture
def intake(account: ChannelAccount) -> Iterator[IntakeServer]:
    with serving_intake() as intake:
        yield intake


@pytest.fixture
def board(intake: IntakeServer, account: ChannelAccount, tmp_path: Path) -> Iterator[Switchboard]:
    """As our README has it configured: by POST, by what the dialog knows."""
    with running_switchboard(tmp_path, documented_telling(intake.url(account), SECRET)) as board:
        yield board


@pytest.fixture
def plain_board(intake: IntakeServer, account: ChannelAccount, tmp_path: Path) -> Iterator[Switchboard]:
    """As somebody configures it who tells all that comes by: by GET, several times."""
    with running_switchboard(tmp_path, plain_telling(intake.url(account), SECRET)) as board:
        yield board


def stands(*states: str) -> list[Message]:
    """The calls, once they stand so."""

    def look() -> list[Message]:
        consume_once()
        found = list(Message.objects.order_by("pk"))
        assert [message.call_state for message in found] == list(states)
        return found

    found: list[Message] = eventually(look)
    return found


def test_three_calls_at_once_are_three_messages_of_one_caller(board: Switchboard, intake: IntakeServer) -> None:
    with board.desk("uas"):
        board.call("uac", calls=3, talks_ms=2000)
    calls = stands("ended", "ended", "ended")
    assert {str(call.identity) for call in calls} == {"sipp"}
    assert all(timedelta(seconds=1) <= call.call_duration <= timedelta(seconds=4) for call in calls)
    assert Conversation.objects.count() == 1
    assert intake.seen == [("POST", "200")] * 9


def test_a_caller_is_named_and_answered_and_the_time_is_counted(board: Switchboard) -> None:
    begun = now()
    with board.desk("uas"):
        board.call("customer_hangs_up", LEA, shown="Léa Martin", talks_ms=2000)
    (call,) = stands("ended")
    assert call.identity is not None
    assert (call.identity.external_id, call.identity.name) == (LEA, "Léa Martin")
    assert (call.direction, call.visibility, call.kind) == ("incoming", "private", "call")
    assert abs(call.sent_at - begun) < timedelta(seconds=10)
    assert Conversation.objects.get().waiting_since is None


def test_the_page_of_whoever_is_available_rings_while_the_telephone_does(
    board: Switchboard, account: ChannelAccount
) -> None:
    agent = make_agent(teams=[account.team])
    with board.desk("desk_only_rings"), board.customer("customer_gives_up", LEA, talks_ms=6000) as customer:
        stands("ringing")
        assert rings_for(agent) == [f"/conversations/{Conversation.objects.get().pk}/"]
        assert customer.poll() is None
        assert customer.wait(20) == 0
    stands("missed")
    assert rings_for(agent) == []
    assert Conversation.objects.get().waiting_since is not None


def rings_for(agent: Agent) -> list[str]:
    while react_once():
        pass
    client = Client()
    client.force_login(agent.user)
    return [call["url"] for call in client.get("/notifications/unseen/").json()["calls"]]


def test_a_desk_that_is_busy_misses_the_call(board: Switchboard) -> None:
    with board.desk("desk_is_busy"):
        board.call("customer_is_refused", LEA)
    (call,) = stands("missed")
    assert call.call_duration is None


def test_where_nobody_sits_at_the_desk_the_call_is_missed(board: Switchboard) -> None:
    board.call("uac", fails=True)
    stands("missed")


def test_the_caller_stays_who_called_where_the_desk_hangs_up(board: Switchboard) -> None:
    with board.desk("desk_hangs_up", talks_ms=1500):
        board.call("customer_listens", LEA)
    (call,) = stands("ended")
    assert str(call.identity) == LEA
    assert call.call_duration is not None
    assert call.call_duration >= timedelta(seconds=1)


def test_a_call_that_one_of_two_desks_takes_is_no_missed_one(board: Switchboard, intake: IntakeServer) -> None:
    with board.desk("uas"), board.desk("desk_only_rings", other=True):
        board.call("customer_hangs_up", LEA, to=OURS_AT_BOTH, talks_ms=1000)
    stands("ended")
    assert len(intake.seen) == 3


def test_who_calls_again_goes_on_in_the_same_conversation(board: Switchboard) -> None:
    with board.desk("uas"):
        for shown in (LEA, TOM, "0612345678", "0033612345678"):
            board.call("customer_hangs_up", shown, talks_ms=100)
    calls = stands("ended", "ended", "ended", "ended")
    assert [str(call.identity) for call in calls] == [LEA, TOM, LEA, LEA]
    assert Conversation.objects.count() == 2


def test_a_telephone_that_asks_again_while_the_counter_is_slow_calls_once(
    board: Switchboard, intake: IntakeServer
) -> None:
    intake.slow_s = 1.2
    with board.desk("uas"):
        board.call("customer_hangs_up", LEA, talks_ms=2500)
    stands("ended")
    assert len(intake.seen) == 3


def test_the_call_goes_on_where_the_counter_does_not_answer(board: Switchboard, intake: IntakeServer) -> None:
    intake.slow_s = 2.5
    with board.desk("uas"):
        board.call("customer_hangs_up", LEA, talks_ms=100)


def test_what_is_told_by_get_and_twice_is_one_call(plain_board: Switchboard, intake: IntakeServer) -> None:
    intake.slow_s = 0.7  # longer than telephones wait before they ask again
    with plain_board.desk("uas"):
        plain_board.call("customer_hangs_up", LEA, talks_ms=500)
    (call,) = stands("ended")
    assert str(call.identity) == LEA
    assert set(intake.seen) == {("GET", "200")}
    assert len(intake.seen) > 3
    assert RawDelivery.objects.count() == len(intake.seen)


def test_by_get_a_call_that_is_given_up_is_missed_and_one_that_the_desk_ends_is_the_customers(
    plain_board: Switchboard,
) -> None:
    with plain_board.desk("desk_only_rings"):
        plain_board.call("customer_gives_up", TOM, talks_ms=300)
    stands("missed")
    with plain_board.desk("desk_hangs_up", talks_ms=500):
        plain_board.call("customer_listens", LEA)
    calls = stands("missed", "ended")
    assert [str(call.identity) for call in calls] == [TOM, LEA]


def test_a_wrong_secret_is_not_believed(intake: IntakeServer, account: ChannelAccount, tmp_path: Path) -> None:
    with running_switchboard(tmp_path, documented_telling(intake.url(account), "a guess")) as board, board.desk("uas"):
        board.call("customer_hangs_up", LEA, talks_ms=100)
    assert set(intake.seen) == {("POST", "401")}
    assert not RawDelivery.objects.exists()
