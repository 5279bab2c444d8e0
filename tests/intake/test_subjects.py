"""Answers of which nothing but the subject says what they answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.conversations.models import Conversation, Message
from comptoir.intake.actions import receive
from tests.factories import make_account
from tests.intake.events import START, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = make_account(own_id="us")
    receive(account, [said("q1", thread_id="q1", subject="Ma commande")])
    return account


def answers(account, message_id: str = "a1", subject: str = "ma  Commande", **fields):
    receive(account, [said(message_id, thread_id=message_id, answered_subject=subject, minutes=5, **fields)])


def test_an_answer_without_any_other_sign_goes_on_under_its_subject(account):
    answers(account)
    assert Conversation.objects.get().messages.count() == 2


def test_an_answer_to_a_mail_that_a_server_renamed_goes_on_under_its_subject_too(account):
    answers(account, parent_id="renamed", related_ids=("renamed",))
    assert Conversation.objects.get().messages.count() == 2


def test_what_names_a_mail_that_is_known_goes_where_that_one_is(account):
    receive(account, [said("q2", thread_id="q2", subject="Ma commande", minutes=1)])
    answers(account, parent_id="q1")
    assert Message.objects.get(external_id="a1").conversation.thread_id == "q1"


def test_what_answers_a_mail_that_comes_with_it_stays_with_that_one(account):
    both = [
        said("q2", thread_id="q2", subject="Ma commande", minutes=3),
        said("a1", thread_id="q2", parent_id="q2", answered_subject="Ma commande", minutes=4),
    ]
    receive(account, both)
    assert Message.objects.get(external_id="a1").conversation.thread_id == "q2"


def test_what_answers_that_answer_is_at_home_too(account):
    answers(account)
    receive(account, [said("a2", thread_id="a1", parent_id="a1", minutes=9)])
    assert Conversation.objects.get().messages.count() == 3


@pytest.mark.parametrize("fields", [{"by": "marc"}, {"subject": "Autre chose"}, {"visibility": "public"}])
def test_another_person_another_subject_and_another_visibility_begin_anew(account, fields):
    answers(account, **fields)
    assert Conversation.objects.count() == 2


def test_the_same_subject_on_another_account_is_another_exchange(account):
    answers(make_account())
    assert Conversation.objects.count() == 2


def test_an_exchange_that_ended_long_ago_is_not_taken_up_again(account):
    Conversation.objects.update(status="resolved", resolved_at=START - timedelta(days=30))
    answers(account)
    assert Conversation.objects.count() == 2


def test_of_several_under_one_subject_the_latest_goes_on(account):
    receive(account, [said("q2", thread_id="q2", subject="Re: Ma commande", minutes=1)])
    answers(account)
    assert Message.objects.get(external_id="a1").conversation.thread_id == "q2"


def test_answers_cost_one_query_however_many_there_are(account):
    def batch(first: int, size: int):
        numbers = range(first, first + size)
        return [said(f"a{one}", thread_id=f"a{one}", answered_subject="Ma commande", minutes=one) for one in numbers]

    with CaptureQueriesContext(connection) as few:
        receive(account, batch(10, 2))
    with CaptureQueriesContext(connection) as many:
        receive(account, batch(20, 30))
    assert len(many) == len(few)
    assert Conversation.objects.count() == 1
