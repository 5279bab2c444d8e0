"""Which of some messages an agent may read."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.conversations.models import Message
from comptoir.conversations.readable import readable_messages
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team

pytestmark = pytest.mark.django_db


def test_only_what_lies_in_conversations_that_one_may_read_is_kept_in_its_order() -> None:
    agent = make_agent(teams=[make_team()])
    own = make_conversation(account=make_account(team=agent.teams.get()))
    first, second = make_incoming(own), make_incoming(own)
    elsewhere = make_incoming(make_conversation(account=make_account()))
    assert readable_messages([second, elsewhere, first], agent) == [second, first]


def test_of_nothing_nothing_is_asked(django_assert_num_queries: Any) -> None:
    agent = make_agent()
    with django_assert_num_queries(0):
        assert readable_messages([], agent) == []


def test_many_messages_are_two_questions(django_assert_num_queries: Any) -> None:
    agent = make_agent(role="administrator")
    account = make_account()
    for _number in range(5):
        make_incoming(make_conversation(account=account))
    with django_assert_num_queries(2):
        assert len(readable_messages(Message.objects.all(), agent)) == 5
