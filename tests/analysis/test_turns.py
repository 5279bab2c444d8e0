"""What a conversation is filtered by: the customer's last turn, at its worst."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.analysis.following import follow_messages
from comptoir.analysis.models import ConversationReading
from comptoir.analysis.turns import retell_readings
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.merging import merge_conversations
from comptoir.events.models import Event
from tests.factories import (
    make_account,
    make_agent,
    make_analysis,
    make_conversation,
    make_identity,
    make_incoming,
    make_outgoing,
    make_reason,
)

pytestmark = pytest.mark.django_db
NOW = now()


@pytest.fixture
def conversation() -> Conversation:
    return make_conversation()


def said(conversation: Conversation, minutes: int, **read: object) -> None:
    make_analysis(make_incoming(conversation, sent_at=NOW + timedelta(minutes=minutes)), **read)  # type: ignore[arg-type]


def test_the_worst_of_a_turn_counts(conversation: Conversation) -> None:
    reason = make_reason("Gaz")
    said(conversation, 1, urgency=3, sentiment="negative", intent="complaint", reason=reason)
    said(conversation, 2, urgency=0, sentiment="neutral", intent="chatter", needs_answer=False)
    reading = ConversationReading.objects.get()
    assert (reading.urgency, reading.sentiment, reading.intent) == (3, "negative", "complaint")
    assert (reading.needs_answer, reading.reason) == (True, reason)


def test_an_answer_ends_the_turn(conversation: Conversation) -> None:
    said(conversation, 1, urgency=3, sentiment="negative")
    make_outgoing(conversation, sent_at=NOW + timedelta(minutes=2))
    retell_readings([conversation.pk])
    assert ConversationReading.objects.get().urgency == 3, "until they speak again, it is what they said last"
    said(conversation, 3, urgency=0, sentiment="positive")
    reading = ConversationReading.objects.get()
    assert (reading.urgency, reading.sentiment) == (0, "positive")


def test_a_call_of_theirs_that_we_took_ends_the_turn(conversation: Conversation) -> None:
    said(conversation, 1, urgency=3)
    make_incoming(conversation, sent_at=NOW + timedelta(minutes=2), kind="call", call_state="ended")
    said(conversation, 3, urgency=0)
    assert ConversationReading.objects.get().urgency == 0


@pytest.mark.parametrize(
    "answer",
    [
        {"is_automatic": True}, {"state": "failed"}, {"state": "queued"}, {"call_state": "missed"},
        {"call_state": "ringing"},
    ],
)  # fmt: skip
def test_what_is_no_answer_does_not_end_it(conversation: Conversation, answer: dict[str, object]) -> None:
    said(conversation, 1, urgency=3)
    make_outgoing(conversation, sent_at=NOW + timedelta(minutes=2), **answer)
    said(conversation, 3, urgency=0)
    assert ConversationReading.objects.get().urgency == 3


def test_a_language_that_nobody_can_tell_says_nothing(conversation: Conversation) -> None:
    said(conversation, 1, language="de")
    said(conversation, 2, language="und")
    assert ConversationReading.objects.get().language == "de"


def test_a_deleted_message_no_longer_counts(conversation: Conversation) -> None:
    said(conversation, 1, urgency=3)
    conversation.messages.update(deleted_at=NOW)
    follow_messages([Event(name="message.deleted", subject_id=1, conversation_id=conversation.pk)])
    assert not ConversationReading.objects.exists()


def test_merged_conversations_are_told_as_one() -> None:
    account, identity = make_account(), make_identity()
    gone = make_conversation(account=account, identity=identity)
    kept = make_conversation(account=account, identity=identity)
    said(kept, 1, urgency=0)
    said(gone, 2, urgency=3)
    merge_conversations(kept.pk, gone_id=gone.pk, by=make_agent(role="administrator"), reason="La même chose")
    follow_messages(list(Event.objects.filter(name__startswith="conversation.merged")))
    reading = ConversationReading.objects.get()
    assert (reading.conversation_id, reading.urgency) == (kept.pk, 3)
