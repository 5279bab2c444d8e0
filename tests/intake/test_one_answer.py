"""Answers of ours under a review, written anew or changed on the network's own pages."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Author, EventKind, NetworkEvent, Rating
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from tests.factories import make_account
from tests.fake_network import Fake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]
HOUR = timedelta(hours=1)
REVIEW = NetworkEvent(
    EventKind.REVIEW, "incoming", "public", external_id="r-1", thread_id="r-1", author=Author("léa"), text="Déçue",
    rating=Rating(1, 5), sent_at=now() - timedelta(days=3),
)  # fmt: skip


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> ChannelAccount:
    monkeypatch.setattr(Fake, "limits", dataclasses.replace(Fake.limits, one_answer=True))
    return make_account()


def answer(external_id: str, text: str, *, hours_ago: float = 1) -> NetworkEvent:
    return NetworkEvent(
        EventKind.COMMENT, "outgoing", "public", external_id=external_id, thread_id="r-1", parent_id="r-1",
        counterpart=Author("léa"), text=text, sent_at=now() - timedelta(hours=hours_ago),
    )  # fmt: skip


def standing() -> dict[str | None, bool]:
    return {one.external_id: one.deleted_at is None for one in Message.objects.outgoing()}


def test_an_answer_written_anew_on_the_network_takes_the_place_of_the_one_before(account: ChannelAccount) -> None:
    receive(account, [REVIEW, answer("a-1", "Désolés", hours_ago=2)])
    receive(account, [REVIEW, answer("a-2", "Vraiment désolés")])
    receive(account, [REVIEW, answer("a-2", "Vraiment désolés")])
    assert standing() == {"a-1": False, "a-2": True}
    replaced = Event.objects.get(name="message.replaced")
    by = Message.objects.get(external_id="a-2")
    assert (replaced.subject_id, replaced.details["by_message"]) == (Message.objects.get(external_id="a-1").pk, by.pk)


def test_the_later_answer_stands_also_where_it_is_told_of_first(account: ChannelAccount) -> None:
    receive(account, [REVIEW, answer("a-2", "Vraiment désolés")])
    receive(account, [answer("a-1", "Désolés", hours_ago=2)])
    assert standing() == {"a-1": False, "a-2": True}


def test_an_answer_changed_under_its_id_takes_the_place_of_the_one_before_too(account: ChannelAccount) -> None:
    receive(account, [REVIEW, answer("a-1", "Désolés", hours_ago=2)])
    edit = dataclasses.replace(
        REVIEW, event=EventKind.EDIT, external_id=None, target_id="r-1", text="Encore pire", sent_at=now() - HOUR * 1.5
    )
    receive(account, [REVIEW, edit])
    assert Conversation.objects.get().waiting_since == edit.sent_at
    for _time in range(2):
        receive(account, [REVIEW, answer("a-1", "Vraiment désolés")])
    said = [(one.external_id, one.text, one.deleted_at is None) for one in Message.objects.outgoing().order_by("pk")]
    assert said == [(None, "Désolés", False), ("a-1", "Vraiment désolés", True)]
    assert Conversation.objects.get().waiting_since is None
    assert Event.objects.filter(name="message.replaced").count() == 1


def test_an_answer_told_again_in_the_same_words_was_not_changed(account: ChannelAccount) -> None:
    receive(account, [REVIEW, answer("a-1", "Désolés 😔,\nLéa & l’équipe.", hours_ago=2)])
    receive(account, [REVIEW, answer("a-1", "Désolés, Léa &amp; l'équipe. ")])
    assert (standing(), Message.objects.outgoing().count()) == ({"a-1": True}, 1)


def test_a_page_read_before_our_last_answer_brings_the_former_one_not_back(account: ChannelAccount) -> None:
    receive(account, [REVIEW, answer("a-1", "Vraiment désolés")])
    receive(account, [REVIEW, answer("a-1", "Désolés", hours_ago=2)])
    assert (standing(), Message.objects.outgoing().get().text) == ({"a-1": True}, "Vraiment désolés")


def test_where_answers_stand_beside_each_other_both_stay() -> None:
    receive(make_account(), [REVIEW, answer("a-1", "Désolés", hours_ago=2), answer("a-2", "Et merci")])
    assert standing() == {"a-1": True, "a-2": True}
