"""Hiding what a customer published, and deleting what we did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.core.tasks import Retry
from comptoir.delivery.models import Moderation
from comptoir.delivery.moderation import CannotModerateError, ask_network, moderate
from comptoir.events.models import Event
from comptoir.people.models import Agent
from comptoir.sla.actions import start_clocks
from comptoir.sla.models import SLAClock
from tests.factories import (
    make_account,
    make_agent,
    make_conversation,
    make_incoming,
    make_outgoing,
    make_promises,
)
from tests.fake_network import FakeNetwork

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(fake_network: FakeNetwork) -> Conversation:
    return make_conversation(account=make_account(), is_public=True, thread_id="ours-1")


@pytest.fixture
def comment(conversation: Conversation) -> Message:
    return make_incoming(conversation, text="Mon numéro : 06 12 34 56 78")


@pytest.fixture
def agent() -> Agent:
    return make_agent()


def told() -> list[str]:
    return list(Event.objects.filter(subject_kind="message").order_by("pk").values_list("name", flat=True))


def test_a_comment_is_hidden_on_the_network_and_the_record_says_by_whom(
    comment: Message, agent: Agent, fake_network: FakeNetwork
) -> None:
    moderate(ask_network(comment.pk, Moderation.Act.HIDE, by=agent).pk)
    comment.refresh_from_db()
    assert fake_network.hidden == [comment.external_id]
    assert comment.hidden_at is not None
    assert told() == ["message.moderation_requested", "message.hidden"]
    assert Event.objects.get(name="message.hidden").actor_id == agent.pk


def test_a_hidden_comment_is_shown_again(comment: Message, agent: Agent, fake_network: FakeNetwork) -> None:
    moderate(ask_network(comment.pk, Moderation.Act.HIDE, by=agent).pk)
    moderate(ask_network(comment.pk, Moderation.Act.SHOW, by=agent).pk)
    comment.refresh_from_db()
    assert fake_network.shown == [comment.external_id]
    assert comment.hidden_at is None


def test_an_answer_of_ours_is_deleted(conversation: Conversation, agent: Agent, fake_network: FakeNetwork) -> None:
    answer = make_outgoing(conversation)
    moderate(ask_network(answer.pk, Moderation.Act.DELETE, by=agent).pk)
    answer.refresh_from_db()
    assert fake_network.deleted == [answer.external_id]
    assert answer.deleted_at is not None


def test_the_lists_no_longer_show_what_was_deleted(comment: Message, agent: Agent, fake_network: FakeNetwork) -> None:
    answer = make_outgoing(comment.conversation, text="Nous regardons.")
    moderate(ask_network(answer.pk, Moderation.Act.DELETE, by=agent).pk)
    comment.conversation.refresh_from_db()
    assert comment.conversation.last_message_text == comment.text
    moderate(ask_network(comment.pk, Moderation.Act.REMOVE, by=agent).pk)
    comment.conversation.refresh_from_db()
    assert comment.conversation.last_message_text == ""


def test_what_the_network_cannot_do_now_is_asked_again(
    comment: Message, agent: Agent, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("500")
    wanted = ask_network(comment.pk, Moderation.Act.HIDE, by=agent)
    with pytest.raises(Retry):
        moderate(wanted.pk)
    moderate(wanted.pk)
    wanted.refresh_from_db()
    assert (wanted.outcome, wanted.tries) == ("done", 2)


def test_what_the_network_cannot_do_for_a_day_is_given_up(
    comment: Message, agent: Agent, fake_network: FakeNetwork
) -> None:
    wanted = ask_network(comment.pk, Moderation.Act.HIDE, by=agent)
    Moderation.objects.update(requested_at=now() - timedelta(days=2))
    fake_network.answer_next("500")
    moderate(wanted.pk)
    wanted.refresh_from_db()
    assert (wanted.outcome, wanted.reason) == ("refused", "The network answered 500.")


def test_a_refusal_of_the_network_is_told_and_may_be_asked_for_again(
    comment: Message, agent: Agent, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("400")
    moderate(ask_network(comment.pk, Moderation.Act.HIDE, by=agent).pk)
    comment.refresh_from_db()
    assert comment.hidden_at is None
    assert Event.objects.get(name="message.hiding_refused").reason == "The network refused it (400)."
    moderate(ask_network(comment.pk, Moderation.Act.HIDE, by=agent).pk)
    comment.refresh_from_db()
    assert comment.hidden_at is not None


def test_an_account_that_the_network_no_longer_knows_is_disconnected(
    comment: Message, agent: Agent, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("401")
    moderate(ask_network(comment.pk, Moderation.Act.HIDE, by=agent).pk)
    assert ChannelAccount.objects.get().status == "disconnected"
    assert Moderation.objects.get().outcome == "refused"


def test_one_thing_at_a_time_is_asked_about_a_message(comment: Message, agent: Agent) -> None:
    ask_network(comment.pk, Moderation.Act.HIDE, by=agent)
    with pytest.raises(CannotModerateError):
        ask_network(comment.pk, Moderation.Act.HIDE, by=agent)


@pytest.mark.parametrize(
    "fields", [{"visibility": "private"}, {"deleted_at": now()}, {"external_id": None}, {"hidden_at": now()}]
)
def test_only_what_the_public_sees_can_be_hidden(comment: Message, agent: Agent, fields: dict[str, object]) -> None:
    Message.objects.update(**fields)
    with pytest.raises(CannotModerateError):
        ask_network(comment.pk, Moderation.Act.HIDE, by=agent)


def test_a_comment_under_somebody_elses_post_cannot_be_hidden(comment: Message, agent: Agent) -> None:
    Conversation.objects.update(thread_id="theirs-1")
    with pytest.raises(CannotModerateError):
        ask_network(comment.pk, Moderation.Act.HIDE, by=agent)


def test_what_was_not_sent_or_is_not_ours_cannot_be_deleted(
    conversation: Conversation, comment: Message, agent: Agent
) -> None:
    for message in (comment, make_outgoing(conversation, state="queued", external_id=None)):
        with pytest.raises(CannotModerateError):
            ask_network(message.pk, Moderation.Act.DELETE, by=agent)


def test_a_comment_is_removed_on_the_network(comment: Message, agent: Agent, fake_network: FakeNetwork) -> None:
    moderate(ask_network(comment.pk, Moderation.Act.REMOVE, by=agent).pk)
    comment.refresh_from_db()
    assert fake_network.removed == [comment.external_id]
    assert comment.deleted_at is not None
    assert told()[-1] == "message.removed"


def test_nobody_waits_for_an_answer_to_what_was_removed(
    comment: Message, agent: Agent, fake_network: FakeNetwork
) -> None:
    make_promises()
    start_clocks({comment.conversation_id: comment.sent_at})
    assert SLAClock.objects.filter(promise="first_reply", stopped_at=None).exists()
    moderate(ask_network(comment.pk, Moderation.Act.REMOVE, by=agent).pk)
    comment.conversation.refresh_from_db()
    assert comment.conversation.waiting_since is None
    assert not SLAClock.objects.filter(promise="first_reply", stopped_at=None).exists()


def test_who_has_said_more_than_what_was_removed_goes_on_waiting(
    comment: Message, agent: Agent, fake_network: FakeNetwork
) -> None:
    more = make_incoming(comment.conversation, text="Et mon remboursement ?", sent_at=now() + timedelta(seconds=5))
    moderate(ask_network(comment.pk, Moderation.Act.REMOVE, by=agent).pk)
    comment.conversation.refresh_from_db()
    assert comment.conversation.waiting_since == more.sent_at


def test_only_what_stands_in_our_own_space_is_removed(agent: Agent, fake_network: FakeNetwork) -> None:
    elsewhere = make_conversation(account=make_account(), is_public=True, thread_id="theirs-1")
    with pytest.raises(CannotModerateError):
        ask_network(make_incoming(elsewhere).pk, Moderation.Act.REMOVE, by=agent)


def test_a_like_is_given_and_taken_back(comment: Message, agent: Agent, fake_network: FakeNetwork) -> None:
    moderate(ask_network(comment.pk, Moderation.Act.LIKE, by=agent).pk)
    comment.refresh_from_db()
    assert comment.liked_at is not None
    with pytest.raises(CannotModerateError):
        ask_network(comment.pk, Moderation.Act.LIKE, by=agent)
    moderate(ask_network(comment.pk, Moderation.Act.UNLIKE, by=agent).pk)
    comment.refresh_from_db()
    assert (comment.liked_at, fake_network.liked, fake_network.unliked) == (
        None, [comment.external_id], [comment.external_id]
    )  # fmt: skip


def test_our_own_words_are_not_liked_or_removed(conversation: Conversation, agent: Agent) -> None:
    answer = make_outgoing(conversation)
    for act in (Moderation.Act.LIKE, Moderation.Act.REMOVE):
        with pytest.raises(CannotModerateError):
            ask_network(answer.pk, act, by=agent)
