"""A read mark moves forward, and only forward."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.conversations.models import ReadMark
from comptoir.conversations.reading import mark_read
from comptoir.core.clock import now
from tests.factories import make_agent, make_conversation

pytestmark = pytest.mark.django_db


def test_a_conversation_that_is_read_for_the_first_time_gets_a_mark() -> None:
    conversation, agent, at = make_conversation(), make_agent(), now()
    assert mark_read(conversation.pk, agent=agent, up_to=at)
    assert ReadMark.objects.get(conversation=conversation, agent=agent).read_up_to == at


def test_a_mark_moves_forward() -> None:
    conversation, agent, at = make_conversation(), make_agent(), now()
    mark_read(conversation.pk, agent=agent, up_to=at)
    assert mark_read(conversation.pk, agent=agent, up_to=at + timedelta(minutes=1))
    assert ReadMark.objects.get().read_up_to == at + timedelta(minutes=1)


def test_an_older_window_takes_no_mark_back() -> None:
    conversation, agent, at = make_conversation(), make_agent(), now()
    mark_read(conversation.pk, agent=agent, up_to=at)
    assert not mark_read(conversation.pk, agent=agent, up_to=at - timedelta(minutes=1))
    assert ReadMark.objects.get().read_up_to == at


def test_what_one_agent_has_read_another_has_not() -> None:
    conversation, at = make_conversation(), now()
    mark_read(conversation.pk, agent=make_agent(), up_to=at)
    assert mark_read(conversation.pk, agent=make_agent(), up_to=at)
