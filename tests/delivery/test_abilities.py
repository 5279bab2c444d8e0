"""What may be done with a message: as who wrote it, and in whose thread, says."""

from __future__ import annotations

import pytest

from comptoir.connectors.base import Standing
from comptoir.conversations.models import Conversation, Message
from comptoir.delivery.abilities import abilities, abilities_of
from tests.factories import make_account, make_conversation, make_identity, make_incoming, make_outgoing
from tests.fake_network import Fake, FakeNetwork

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Standing]:
    """What the connector was asked about."""
    seen: list[Standing] = []

    def may_hide(self: Fake, message: Standing) -> bool:
        seen.append(message)
        return message.thread_author_id == "us"

    monkeypatch.setattr(Fake, "may_hide", may_hide)
    return seen


@pytest.fixture
def conversation(fake_network: FakeNetwork) -> Conversation:
    return make_conversation(account=make_account(own_id="us"), is_public=True, thread_id="post-1")


def test_the_connector_is_told_who_wrote_what_and_where(conversation: Conversation, asked: list[Standing]) -> None:
    comment = make_incoming(conversation, external_id="c-1", parent_external_id="post-1", custom={"a": 1})
    assert not abilities(comment).may_hide
    author = comment.identity.external_id if comment.identity else None
    assert asked == [Standing("post-1", "c-1", author, "post-1", None, {"a": 1})]
    assert asked[0].answers_the_first


def test_who_began_the_thread_is_known_from_what_the_network_told_of_another_message(
    conversation: Conversation, asked: list[Standing]
) -> None:
    make_incoming(conversation, custom={"thread_author": "us"})
    assert abilities(make_incoming(conversation)).may_hide


def test_a_thread_that_we_began_is_ours_and_one_of_a_customer_is_theirs(
    conversation: Conversation, asked: list[Standing]
) -> None:
    comment = make_incoming(conversation)
    began = make_outgoing(conversation, external_id="post-1")
    assert abilities(comment).may_hide
    began.delete()
    make_incoming(conversation, external_id="post-1", identity=make_identity(external_id="lea"))
    assert not abilities(comment).may_hide
    assert asked[-1].thread_author_id == "lea"


def test_nothing_of_this_is_asked_of_private_messages_and_our_own(
    conversation: Conversation, asked: list[Standing]
) -> None:
    messages = [make_incoming(conversation, visibility="private"), make_outgoing(conversation)]
    found = abilities_of(messages, conversation)
    assert [found[one.pk].may_hide for one in messages] == [False, False]
    assert found[messages[0].pk].may_like
    assert asked == []


def test_messages_of_a_merged_conversation_are_asked_about_on_their_own_account(
    conversation: Conversation, asked: list[Standing]
) -> None:
    other = make_account(own_id="them", brand=conversation.account.brand, team=conversation.account.team)
    messages = [make_incoming(conversation), make_incoming(conversation, account=other)]
    Message.objects.update(custom={"thread_author": "us"})
    assert set(abilities_of(messages, conversation)) == {one.pk for one in messages}
