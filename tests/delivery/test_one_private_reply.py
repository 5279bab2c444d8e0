"""Where a network lets a comment have one private reply, a second one is not even begun."""

from __future__ import annotations

import pytest
from django.test import Client

from comptoir.conversations.models import Conversation, Message
from comptoir.delivery.refusals import AnsweredOnceError
from tests.delivery.conftest import Queue, deliver_due
from tests.factories import make_account, make_agent, make_conversation, make_incoming
from tests.fake_network import Fake, FakeNetwork
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch) -> Message:
    monkeypatch.setattr(Fake, "writes_privately_once", True)
    conversation = make_conversation(account=make_account(kind="fake"), is_public=True)
    return make_incoming(conversation)


def test_a_second_private_reply_to_a_comment_is_refused(comment: Message, queue: Queue) -> None:
    queue(comment.conversation)
    with pytest.raises(AnsweredOnceError):
        queue(comment.conversation, "Encore moi.")
    assert Message.objects.outgoing().count() == 1


def test_it_can_still_be_answered_in_public(comment: Message, queue: Queue) -> None:
    queue(comment.conversation)
    assert queue(comment.conversation, visibility="public").state == "queued"


def test_the_next_comment_has_one_of_its_own(comment: Message, queue: Queue) -> None:
    deliver_due(queue(comment.conversation))
    make_incoming(comment.conversation, text="Et alors ?")
    assert queue(comment.conversation).state == "queued"


def test_one_that_did_not_leave_is_none(comment: Message, queue: Queue, fake_network: FakeNetwork) -> None:
    fake_network.answer_next("400")
    assert deliver_due(queue(comment.conversation)).state == "failed"
    assert queue(comment.conversation).state == "queued"


def test_elsewhere_one_writes_as_often_as_one_wants(conversation: Conversation, queue: Queue) -> None:
    queue(conversation)
    assert queue(conversation).state == "queued"


@pytest.mark.parametrize("had_one", [False, True])
def test_the_composer_offers_it_once(had_one: bool, comment: Message, queue: Queue) -> None:
    if had_one:
        queue(comment.conversation)
    page = composer(client_of(make_agent(teams=[comment.account.team], language="en")), comment.conversation)
    assert ('value="private"' not in page) is had_one
    assert ("has had the one private reply" in page) is had_one


def composer(client: Client, conversation: Conversation) -> str:
    return client.get(f"/conversations/{conversation.pk}/composer/").content.decode()
