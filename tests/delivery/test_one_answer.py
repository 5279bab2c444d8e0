"""Where a network keeps one answer, as under a review, a second one takes the place of the first."""

from __future__ import annotations

import dataclasses

import pytest

from comptoir.conversations.models import Conversation
from comptoir.events.models import Event
from tests.delivery.conftest import Queue, deliver_due, reread
from tests.fake_network import Fake


@pytest.fixture
def reviewed(conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    monkeypatch.setattr(Fake, "limits", dataclasses.replace(Fake.limits, one_answer=True))
    return conversation


def test_the_second_answer_takes_the_place_and_the_id_of_the_first(reviewed: Conversation, queue: Queue) -> None:
    first = deliver_due(queue(reviewed))
    second = deliver_due(queue(reviewed))
    assert (second.state, reread(first).external_id) == ("sent", None)
    assert reread(first).deleted_at is not None
    assert Event.objects.get(name="message.replaced").subject_id == first.pk


def test_elsewhere_answers_stand_beside_each_other(conversation: Conversation, queue: Queue) -> None:
    first = deliver_due(queue(conversation))
    deliver_due(queue(conversation))
    assert reread(first).deleted_at is None
