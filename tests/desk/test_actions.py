"""What staff do to a conversation, and what is written down of it."""

from __future__ import annotations

import pytest

from comptoir.conversations.models import Conversation, Draft, Note
from comptoir.core.clock import now
from comptoir.desk.actions import (
    assign_conversation,
    change_team,
    reopen_conversation,
    resolve_conversation,
    tag_conversation,
    untag_conversation,
)
from comptoir.desk.drafts import save_draft
from comptoir.desk.errors import (
    ConversationOpenError,
    ConversationResolvedError,
    EmptyTextError,
    NotAssignableError,
    ReplacedConversationError,
)
from comptoir.desk.notes import add_note
from comptoir.events.models import Event
from comptoir.people.models import Agent
from comptoir.sla.actions import start_clocks
from tests.factories import make_agent, make_conversation, make_incoming, make_team


@pytest.fixture
def conversation(db: None) -> Conversation:
    conversation = make_conversation()
    make_incoming(conversation)
    return conversation


@pytest.fixture
def agent(conversation: Conversation) -> Agent:
    assert conversation.team is not None
    return make_agent(teams=[conversation.team])


def names() -> list[str]:
    return list(Event.objects.exclude(name="agent.created").order_by("id").values_list("name", flat=True))


def test_assigning_gives_the_conversation_and_is_recorded_once(conversation: Conversation, agent: Agent) -> None:
    assign_conversation(conversation.pk, to=agent, by=agent)
    assign_conversation(conversation.pk, to=agent, by=agent)
    conversation.refresh_from_db()
    assert conversation.assignee == agent
    assert names() == ["conversation.assigned"]


def test_assigning_records_who_had_it_before(conversation: Conversation, agent: Agent) -> None:
    assign_conversation(conversation.pk, to=agent, by=agent)
    assign_conversation(conversation.pk, to=None, by=agent)
    last = Event.objects.order_by("id").last()
    assert last is not None
    assert last.details == {"to": None, "former": agent.pk}


def test_a_resolved_conversation_cannot_be_assigned(conversation: Conversation, agent: Agent) -> None:
    resolve_conversation(conversation.pk, by=agent)
    with pytest.raises(ConversationResolvedError):
        assign_conversation(conversation.pk, to=agent, by=agent)
    assert names() == ["conversation.resolved"]


def test_nobody_is_given_a_conversation_that_they_may_not_answer(conversation: Conversation, agent: Agent) -> None:
    with pytest.raises(NotAssignableError):
        assign_conversation(conversation.pk, to=make_agent(role="director"), by=agent)


def test_changing_the_team_takes_it_from_an_agent_of_another_team(conversation: Conversation, agent: Agent) -> None:
    assign_conversation(conversation.pk, to=agent, by=agent)
    other = make_team()
    change_team(conversation.pk, to=other, by=agent)
    conversation.refresh_from_db()
    assert (conversation.team, conversation.assignee) == (other, None)


def test_changing_the_team_leaves_it_to_an_agent_of_both(conversation: Conversation, agent: Agent) -> None:
    other = make_team()
    agent.teams.add(other)
    assign_conversation(conversation.pk, to=agent, by=agent)
    assert change_team(conversation.pk, to=other, by=agent).assignee == agent


def test_resolving_ends_the_waiting_and_its_clocks(conversation: Conversation, agent: Agent) -> None:
    start_clocks({conversation.pk: now()})
    resolve_conversation(conversation.pk, by=agent)
    conversation.refresh_from_db()
    assert conversation.status == "resolved"
    assert conversation.waiting_since is None
    assert not conversation.clocks.filter(stopped_at=None).exists()


def test_what_is_resolved_cannot_be_resolved_again(conversation: Conversation, agent: Agent) -> None:
    resolve_conversation(conversation.pk, by=agent)
    with pytest.raises(ConversationResolvedError):
        resolve_conversation(conversation.pk, by=agent)


def test_a_resolved_conversation_reopens(conversation: Conversation, agent: Agent) -> None:
    resolve_conversation(conversation.pk, by=agent)
    assert reopen_conversation(conversation.pk, by=agent).status == "open"
    assert names() == ["conversation.resolved", "conversation.reopened"]


def test_an_open_conversation_does_not_reopen(conversation: Conversation, agent: Agent) -> None:
    with pytest.raises(ConversationOpenError):
        reopen_conversation(conversation.pk, by=agent)


def test_one_with_a_live_successor_does_not_reopen(conversation: Conversation, agent: Agent) -> None:
    resolve_conversation(conversation.pk, by=agent)
    make_conversation(account=conversation.account, identity=conversation.identity, thread_id=conversation.thread_id)
    with pytest.raises(ReplacedConversationError):
        reopen_conversation(conversation.pk, by=agent)


def test_a_note_is_kept_also_on_what_is_resolved(conversation: Conversation, agent: Agent) -> None:
    resolve_conversation(conversation.pk, by=agent)
    add_note(conversation.pk, text="  Cliente fidèle \x00", by=agent)
    assert Note.objects.get().text == "Cliente fidèle"


def test_an_empty_note_is_refused(conversation: Conversation, agent: Agent) -> None:
    with pytest.raises(EmptyTextError):
        add_note(conversation.pk, text=" \n", by=agent)


def test_a_tag_is_one_word_however_it_is_written(conversation: Conversation, agent: Agent) -> None:
    tag_conversation(conversation.pk, name="Colis  perdu", by=agent)
    tag_conversation(conversation.pk, name="colis perdu ", by=agent)
    assert [tag.name for tag in conversation.tags.all()] == ["colis perdu"]
    assert names() == ["conversation.tagged"]


def test_a_tag_is_taken_off_however_it_is_written(conversation: Conversation, agent: Agent) -> None:
    tag_conversation(conversation.pk, name="colis perdu", by=agent)
    untag_conversation(conversation.pk, name=" Colis\x00  Perdu", by=agent)
    assert not conversation.tags.exists()
    assert names() == ["conversation.tagged", "conversation.untagged"]


def test_taking_off_a_tag_that_is_not_there_records_nothing(conversation: Conversation, agent: Agent) -> None:
    untag_conversation(conversation.pk, name="absent", by=agent)
    assert names() == []


def test_a_draft_is_one_for_each_agent(conversation: Conversation, agent: Agent) -> None:
    other = make_agent()
    save_draft(conversation.pk, agent=agent, text="Bon", visibility="private")
    save_draft(conversation.pk, agent=agent, text="Bonjour", visibility="private")
    save_draft(conversation.pk, agent=other, text="Salut", visibility="note")
    assert sorted(Draft.objects.values_list("text", flat=True)) == ["Bonjour", "Salut"]


def test_an_emptied_draft_is_forgotten(conversation: Conversation, agent: Agent) -> None:
    save_draft(conversation.pk, agent=agent, text="Bon", visibility="private")
    save_draft(conversation.pk, agent=agent, text="  ", visibility="private")
    assert not Draft.objects.exists()
