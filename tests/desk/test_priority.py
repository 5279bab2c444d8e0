"""Having a conversation come sooner or later by hand."""

from __future__ import annotations

import pytest

from comptoir.conversations.models import Conversation, Priority
from comptoir.desk.actions import prioritize_conversation, resolve_conversation
from comptoir.desk.errors import ConversationResolvedError
from comptoir.events.models import Event
from tests.factories import make_account, make_agent, make_conversation
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation() -> Conversation:
    return make_conversation(account=make_account(), priority=Priority.NORMAL)


@pytest.mark.parametrize(
    ("priority", "event"),
    [(Priority.URGENT, "conversation.priority_raised"), (Priority.LOW, "conversation.priority_lowered")],
)
def test_the_record_says_who_raised_or_lowered_it(priority: Priority, event: str, conversation: Conversation) -> None:
    agent = make_agent()
    assert prioritize_conversation(conversation.pk, priority=priority, by=agent).priority == priority
    assert Event.objects.get(name=event).actor_id == agent.pk


def test_the_same_again_changes_nothing(conversation: Conversation) -> None:
    prioritize_conversation(conversation.pk, priority=Priority.NORMAL, by=make_agent())
    assert not Event.objects.filter(name__startswith="conversation.priority").exists()


def test_what_is_resolved_has_none_to_change(conversation: Conversation) -> None:
    agent = make_agent()
    resolve_conversation(conversation.pk, by=agent)
    with pytest.raises(ConversationResolvedError):
        prioritize_conversation(conversation.pk, priority=Priority.HIGH, by=agent)


@pytest.mark.parametrize(("posted", "status", "kept"), [("3", 302, 3), ("4", 404, 1), ("", 404, 1), ("²", 404, 1)])
def test_it_is_one_of_those_that_there_are(posted: str, status: int, kept: int, conversation: Conversation) -> None:
    client = client_of(make_agent(teams=[conversation.account.team]))
    assert client.post(f"/conversations/{conversation.pk}/priority/", {"priority": posted}).status_code == status
    conversation.refresh_from_db()
    assert conversation.priority == kept


def test_the_menu_offers_them_with_the_one_that_is_set(conversation: Conversation) -> None:
    client = client_of(make_agent(teams=[conversation.account.team], language="en"))
    page = client.get(f"/conversations/{conversation.pk}/").content.decode()
    assert page.count('name="priority" value="') == len(Priority)
    assert 'name="priority" value="1" aria-pressed="true"' in page
