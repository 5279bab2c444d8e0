"""Notes address colleagues by @, and are answered by writing."""

from __future__ import annotations

import pytest

from comptoir.conversations.models import Conversation, NoteMention
from comptoir.desk.colleagues import readers_of, unaddressed_in
from comptoir.desk.notes import add_note, put_mention_aside
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_team


@pytest.fixture
def conversation(db: None) -> Conversation:
    return make_conversation(account=make_account(team=make_team()))


@pytest.fixture
def agent(conversation: Conversation) -> Agent:
    return make_agent(name="Paul Roy", teams=[conversation.team])


def addressed() -> list[str]:
    return sorted(NoteMention.objects.values_list("agent__name", flat=True))


def test_a_note_addresses_whom_it_names(conversation: Conversation, agent: Agent) -> None:
    awa = make_agent(name="Awa Diop", teams=[conversation.team])
    note = add_note(conversation.pk, text="Bonjour @awa  diop, tu peux ?", by=agent)
    assert NoteMention.objects.get().agent == awa
    assert Event.objects.get(name="note.added").details == {"mentioned": [awa.pk]}
    assert note.text == "Bonjour @awa  diop, tu peux ?"


def test_the_longest_name_counts(conversation: Conversation, agent: Agent) -> None:
    for name in ("Awa", "Awa Diop"):
        make_agent(name=name, teams=[conversation.team])
    add_note(conversation.pk, text="@Awa Diop ?", by=agent)
    assert addressed() == ["Awa Diop"]


def test_two_of_the_same_name_are_both_addressed(conversation: Conversation, agent: Agent) -> None:
    for _number in range(2):
        make_agent(name="Awa Diop", teams=[conversation.team])
    add_note(conversation.pk, text="@Awa Diop ?", by=agent)
    assert addressed() == ["Awa Diop", "Awa Diop"]


@pytest.mark.parametrize("text", ["awa@diop.example", "contact@Awa Diop", "@Awa Diopette", "@ Awa Diop"])
def test_what_only_looks_like_a_name_addresses_nobody(conversation: Conversation, agent: Agent, text: str) -> None:
    make_agent(name="Awa Diop", teams=[conversation.team])
    add_note(conversation.pk, text=text, by=agent)
    assert addressed() == []


def test_someone_who_may_not_read_it_is_not_addressed(conversation: Conversation, agent: Agent) -> None:
    make_agent(name="Awa Diop", teams=[make_team()])
    add_note(conversation.pk, text="@Awa Diop @Paul Roy", by=agent)
    assert addressed() == []


@pytest.mark.parametrize("why", ["brand", "reserved"])
def test_someone_of_the_team_whom_the_account_is_kept_from_is_not_addressed_and_that_is_said(
    conversation: Conversation, agent: Agent, why: str
) -> None:
    ines = make_agent(name="Inès Moreau", teams=[conversation.team])
    if why == "brand":
        ines.brands.add(make_brand())
    else:
        conversation.account.reserved_for.add(closed := make_team())
        agent.teams.add(closed)
    note = add_note(conversation.pk, text="@Inès Moreau, tu peux voir ?", by=agent)
    assert note.text == "@Inès Moreau, tu peux voir ?"
    assert addressed() == []
    assert [one.words for one in unaddressed_in(note.text, conversation, by=agent)] == ["Inès Moreau"]
    assert list(readers_of(conversation)) == [agent]
    Conversation.objects.update(assignee=ines)
    conversation.refresh_from_db()
    assert set(readers_of(conversation)) == {agent, ines}


def test_the_whole_name_of_who_may_not_read_it_addresses_no_namesake(conversation: Conversation, agent: Agent) -> None:
    make_agent(name="Inès", teams=[conversation.team])
    make_agent(name="Inès Moreau", teams=[make_team()])
    add_note(conversation.pk, text="@inès moreau ?", by=agent)
    assert addressed() == []
    (one,) = unaddressed_in("@inès moreau ?", conversation, by=agent)
    assert (one.words, [near.name for near in one.near]) == ("inès moreau", [])


def test_writing_a_note_answers_what_was_asked(conversation: Conversation, agent: Agent) -> None:
    awa = make_agent(name="Awa Diop", teams=[conversation.team])
    add_note(conversation.pk, text="@Awa Diop ?", by=agent)
    add_note(conversation.pk, text="Oui.", by=awa)
    assert NoteMention.objects.get().done_at is not None


def test_only_the_one_who_was_asked_puts_it_aside(conversation: Conversation, agent: Agent) -> None:
    awa = make_agent(name="Awa Diop", teams=[conversation.team])
    add_note(conversation.pk, text="@Awa Diop ?", by=agent)
    mention = NoteMention.objects.get()
    with pytest.raises(NoteMention.DoesNotExist):
        put_mention_aside(mention.pk, by=agent)
    assert put_mention_aside(mention.pk, by=awa).done_at is not None
    put_mention_aside(mention.pk, by=awa)
    assert Event.objects.filter(name="mention.put_aside").count() == 1


@pytest.mark.parametrize(
    ("text", "words", "near"),
    [
        ("@In tu peux voir ?", ["In"], [["Inès Moreau"]]),
        ("Vois avec @ines, merci", ["ines"], [["Inès Moreau"]]),
        ("@Innes ?", ["Innes"], [["Inès Moreau"]]),
        ("@xyz, @xyz !", ["xyz"], [[]]),
        ("@Awa Diop et @Aw", ["Aw"], [["Awa Diop"]]),
        ("@Awa Diop.", [], []),
        ("De lea@exemple.fr, ou @lea@mastodon.example", [], []),
        ("Elle est @lea.fontaine là-bas", [], []),
    ],
)
def test_what_names_nobody_is_found_with_who_may_be_meant(
    conversation: Conversation, agent: Agent, text: str, words: list[str], near: list[list[str]]
) -> None:
    for name in ("Awa Diop", "Inès Moreau"):
        make_agent(name=name, teams=[conversation.team])
    make_agent(name="Ingrid", teams=[make_team()])
    conversation.identity.handle = "lea.fontaine"
    found = unaddressed_in(text, conversation, by=agent)
    assert [one.words for one in found] == words
    assert [[agent.name for agent in one.near] for one in found] == near
