"""A conversation says when the promise that runs out first is to be kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.sla.actions import abandon_clocks, record_breaches, start_clocks, stop_clocks
from tests.factories import make_conversation, make_promises

pytestmark = pytest.mark.django_db

DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def default_promises() -> None:
    make_promises()


def due(conversation: Conversation) -> datetime | None:
    conversation.refresh_from_db()
    return conversation.promise_due_at


def test_a_promise_that_starts_is_told() -> None:
    conversation, begun = make_conversation(), now()
    start_clocks({conversation.pk: begun})
    assert due(conversation) == begun + DAY


def test_only_the_conversations_whose_clock_starts_are_told() -> None:
    waiting, other = make_conversation(), make_conversation()
    start_clocks({waiting.pk: now()})
    assert due(other) is None


def test_a_promise_that_runs_already_keeps_its_instant() -> None:
    conversation, begun = make_conversation(), now()
    start_clocks({conversation.pk: begun})
    start_clocks({conversation.pk: begun - timedelta(hours=5)})
    assert due(conversation) == begun + DAY


def test_an_answer_takes_the_promise_off() -> None:
    conversation, begun = make_conversation(), now()
    start_clocks({conversation.pk: begun})
    stop_clocks(conversation.pk, begun + timedelta(hours=1))
    assert due(conversation) is None


def test_an_answer_from_before_the_question_leaves_the_promise() -> None:
    conversation, begun = make_conversation(), now()
    start_clocks({conversation.pk: begun})
    stop_clocks(conversation.pk, begun - timedelta(hours=1))
    assert due(conversation) == begun + DAY


def test_a_broken_promise_stays_until_it_is_answered() -> None:
    conversation, begun = make_conversation(), now() - timedelta(hours=30)
    start_clocks({conversation.pk: begun})
    record_breaches()
    assert due(conversation) == begun + DAY


def test_an_abandoned_promise_is_taken_off() -> None:
    conversation = make_conversation()
    start_clocks({conversation.pk: now()})
    abandon_clocks(conversation.pk)
    assert due(conversation) is None


def test_what_ran_before_the_column_existed_is_told_by_the_migration() -> None:
    conversation, begun = make_conversation(), now()
    start_clocks({conversation.pk: begun})
    Conversation.objects.update(promise_due_at=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("comptoir.sla.migrations.0004_promises_on_conversations")._TELL)
    assert due(conversation) == begun + DAY
