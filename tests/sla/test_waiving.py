"""A thanks is owed no answer: its promise ends once it has been read, and runs on where it was read wrongly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from comptoir.analysis.actions import correct_reading
from comptoir.analysis.models import Figure, MessageAnalysis
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Attachment, Conversation, Message
from comptoir.conversations.waiting import unanswered_since
from comptoir.core.clock import at_instant
from comptoir.events.models import Event
from comptoir.events.record import Happening, record_all
from comptoir.intake.actions import receive
from comptoir.reactions import REACTIONS
from comptoir.sla import waiving
from comptoir.sla.actions import record_breaches
from comptoir.sla.models import SLAClock, SLAPolicy
from comptoir.sla.queries import promises_given
from comptoir.sla.waiving import settle_owed
from tests.factories import make_account, make_agent, make_analysis, make_promises
from tests.intake.events import START, at, change, echo, said

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
KIND = {"needs_answer": False, "intent": "praise", "sentiment": "positive", "sentiment_score": 0.6}


@pytest.fixture(autouse=True)
def promises() -> None:
    SLAPolicy.objects.all().delete()
    make_promises()


@pytest.fixture
def account() -> ChannelAccount:
    return make_account(own_id="us")


@pytest.fixture
def thanked(account: ChannelAccount) -> Conversation:
    """A customer asked at START, was answered after half an hour, and thanked at the hour."""
    receive(account, [said("m1"), echo("o1", minutes=30)])
    say(account, "thanks", minutes=60)
    return Conversation.objects.get()


def say(account: ChannelAccount, name: str, *, minutes: float) -> None:
    with at_instant(at(minutes)):
        receive(account, [said(name, "Ouf. Merci.", minutes=minutes)])


def read(name: str, *, minutes: float = 61, **figures: Any) -> MessageAnalysis:
    """The message has been read, and what follows is done."""
    message = Message.objects.get(external_id=name)
    with at_instant(at(minutes)):
        analysis = make_analysis(message, **KIND | figures)
        record_all([Happening("message.analysed", "message", message.pk, conversation_id=message.conversation_id)])
        react(minutes=minutes)
    return analysis


def react(*, minutes: float) -> None:
    """What the worker does about the newest event."""
    event = Event.objects.latest("pk")
    asked: list[list[int]] = []
    owed = next(one for one in REACTIONS if one.name == "owed")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(waiving, "defer", lambda _task, *, conversation_ids: asked.append(conversation_ids))
        owed.react(owed.wanted([event]))
    with at_instant(at(minutes)):
        for ids in asked:
            settle_owed(ids)


def correct(name: str, to: str, *, minutes: float) -> None:
    correct_reading(Message.objects.get(external_id=name).pk, figure=Figure.NEEDS_ANSWER, to=to, by=make_agent())
    react(minutes=minutes)


def running() -> SLAClock | None:
    return SLAClock.objects.filter(stopped_at=None, promise="next_reply").first()


def told_due() -> Any:
    return Conversation.objects.get().promise_due_at


def test_a_thanks_that_has_been_read_ends_its_promise_and_the_record_says_why(thanked: Conversation) -> None:
    assert told_due() == at(60) + DAY
    read("thanks")
    ended = SLAClock.objects.get(promise="next_reply")
    assert (ended.stopped_at, ended.is_abandoned, ended.is_waived, told_due()) == (at(61), True, True, None)
    event = Event.objects.get(name="clock.waived")
    assert (event.conversation_id, event.reason) == (thanked.pk, waiving.NOT_OWED)
    assert promises_given(thanked)[0].end(str).endswith("what the customer wrote calls for no answer.")
    with at_instant(START + 3 * DAY):
        assert record_breaches() == 0


@pytest.mark.parametrize(
    "figures",
    [{"needs_answer": True}, {"intent": "chatter"}, {"intent": "complaint"}, {"sentiment": "neutral"},
     {"sentiment": "negative"}, {"sentiment_score": 0.2}, {"urgency": 1}],
)  # fmt: skip
def test_what_may_want_an_answer_keeps_it(thanked: Conversation, figures: dict[str, Any]) -> None:
    read("thanks", **figures)
    assert running() is not None


def test_kind_words_with_a_file_are_answered(thanked: Conversation) -> None:
    message = Message.objects.get(external_id="thanks")
    Attachment.objects.create(message=message, kind="image", state="linked", source_url="https://example.org/a.png")
    read("thanks")
    assert running() is not None


def test_of_a_first_reply_nothing_is_waived(account: ChannelAccount) -> None:
    receive(account, [said("m1")])
    read("m1")
    assert SLAClock.objects.get().stopped_at is None


def test_what_was_asked_before_the_thanks_is_still_owed(account: ChannelAccount, thanked: Conversation) -> None:
    say(account, "question", minutes=62)
    read("thanks", minutes=63)
    assert running() is not None
    read("question", minutes=64, needs_answer=True, intent="question")
    clock = running()
    assert clock is not None
    assert clock.started_at == at(60)


def test_a_person_who_says_that_it_is_to_be_answered_brings_the_same_promise_back(thanked: Conversation) -> None:
    read("thanks")
    correct("thanks", "yes", minutes=120)
    clock = running()
    assert clock is not None
    assert (clock.due_at, clock.is_abandoned, clock.is_waived) == (at(60) + DAY, False, False)
    assert told_due() == at(60) + DAY
    assert Event.objects.get(name="clock.resumed").reason == waiving.OWED_AFTER_ALL
    settle_owed([thanked.pk])
    assert Event.objects.filter(name__in=["clock.waived", "clock.resumed"]).count() == 2


def test_a_person_who_says_that_nothing_is_to_be_answered_ends_it_whatever_was_read(thanked: Conversation) -> None:
    read("thanks", needs_answer=True, intent="question", sentiment="neutral")
    correct("thanks", "no", minutes=120)
    assert running() is None


def test_whoever_asks_after_their_thanks_is_promised_an_answer_before_anybody_has_read_it(
    account: ChannelAccount, thanked: Conversation
) -> None:
    read("thanks")
    say(account, "question", minutes=90)
    clock = running()
    assert clock is not None
    assert (clock.started_at, told_due()) == (at(90), at(90) + DAY)
    read("question", minutes=91, needs_answer=True, intent="question")
    assert running() == clock


def test_a_thanks_after_a_thanks_ends_too_and_either_can_be_brought_back(
    account: ChannelAccount, thanked: Conversation
) -> None:
    read("thanks")
    say(account, "again", minutes=90)
    read("again", minutes=91)
    assert running() is None
    correct("again", "yes", minutes=120)
    clock = running()
    assert clock is not None
    assert clock.started_at == at(90)


def test_once_it_has_been_answered_nothing_comes_back(account: ChannelAccount, thanked: Conversation) -> None:
    read("thanks")
    with at_instant(at(100)):
        receive(account, [echo("o2", minutes=100)])
    correct("thanks", "yes", minutes=120)
    assert running() is None


def waits_since() -> Any:
    return Conversation.objects.get().waiting_since


def test_nobody_waits_for_an_answer_to_a_thanks(thanked: Conversation) -> None:
    assert waits_since() == at(60)
    read("thanks")
    assert waits_since() is None
    assert not Conversation.objects.waiting().exists()
    assert [one.external_id for one in Message.objects.filter(is_waived=True)] == ["thanks"]


def test_whoever_then_asks_waits_since_then(account: ChannelAccount, thanked: Conversation) -> None:
    read("thanks")
    say(account, "question", minutes=90)
    assert waits_since() == at(90)
    read("question", minutes=91, needs_answer=True, intent="question")
    assert waits_since() == at(90)


def test_what_a_person_says_is_to_be_answered_is_waited_for_since_it_was_said(thanked: Conversation) -> None:
    read("thanks")
    correct("thanks", "yes", minutes=120)
    assert waits_since() == at(60)
    correct("thanks", "no", minutes=130)
    assert waits_since() is None


def test_what_they_had_asked_and_came_late_is_waited_for(account: ChannelAccount, thanked: Conversation) -> None:
    read("thanks")
    with at_instant(at(95)):
        receive(account, [said("late", "Et ma facture ?", minutes=45)])
    assert waits_since() == at(45)
    clock = running()
    assert clock is not None
    assert clock.started_at == at(45)


def test_an_answer_that_did_not_arrive_leaves_the_question_waiting_and_not_the_thanks(
    account: ChannelAccount, thanked: Conversation
) -> None:
    read("thanks")
    with at_instant(at(70)):
        receive(account, [echo("o2", minutes=70)])
        receive(account, [change("failed", "o2", by="us", minutes=71)])
    assert waits_since() is None, "our second answer was one to a thanks"
    with at_instant(at(80)):
        receive(account, [change("failed", "o1", by="us", minutes=80)])
    assert waits_since() == START, "the question itself has no answer any more"


def test_since_when_they_wait_read_off_the_messages_leaves_a_thanks_out(thanked: Conversation) -> None:
    read("thanks")
    thanked.refresh_from_db()
    assert unanswered_since(thanked, from_=None) is None


def test_a_promise_of_a_resolution_stands_still_where_nobody_waits_any_more(thanked: Conversation) -> None:
    policy = SLAPolicy.objects.create(promise="resolution", target=DAY, pauses="answered", position=0)
    clock = SLAClock.objects.create(
        conversation=thanked, policy=policy, promise="resolution", started_at=START, due_at=START + 2 * DAY
    )
    read("thanks")
    clock.refresh_from_db()
    assert clock.paused_at == at(61)
    correct("thanks", "yes", minutes=120)
    clock.refresh_from_db()
    assert clock.paused_at is None


@pytest.fixture
def unpromised(account: ChannelAccount) -> Conversation:
    """The same where no next reply is promised."""
    SLAPolicy.objects.filter(promise="next_reply").delete()
    receive(account, [said("m1"), echo("o1", minutes=30)])
    say(account, "thanks", minutes=60)
    return Conversation.objects.get()


def test_nobody_waits_for_an_answer_to_a_thanks_where_none_was_promised(
    account: ChannelAccount, unpromised: Conversation
) -> None:
    assert (running(), waits_since()) == (None, at(60))
    read("thanks")
    assert waits_since() is None
    correct("thanks", "yes", minutes=120)
    assert waits_since() == at(60)
    correct("thanks", "no", minutes=130)
    say(account, "question", minutes=140)
    assert waits_since() == at(140)


def test_where_none_was_promised_what_they_asked_beside_their_thanks_is_waited_for(
    account: ChannelAccount, unpromised: Conversation
) -> None:
    say(account, "question", minutes=62)
    read("question", minutes=63, needs_answer=True, intent="question")
    read("thanks", minutes=64)
    assert waits_since() == at(60)


def test_kind_words_before_any_answer_of_ours_are_waited_for_where_nothing_was_promised(
    account: ChannelAccount,
) -> None:
    SLAPolicy.objects.all().delete()
    receive(account, [said("m1")])
    read("m1")
    assert waits_since() == START
