"""Several acts under one name: all of them or none, each with the guards it has by itself."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from comptoir.automations.actions import delete_macro, move_macro, run_macro, save_macro
from comptoir.automations.errors import (
    MacroNameTakenError,
    MacroRefusedError,
    NotYourMacroError,
    UnfinishedMacroError,
)
from comptoir.automations.models import Macro
from comptoir.automations.queries import macros_for
from comptoir.conversations.models import Conversation, Message, Note
from comptoir.desk.actions import resolve_conversation
from comptoir.desk.sending import take_reply_back
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork


@pytest.fixture
def agent(db: None, fake_network: FakeNetwork) -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team()])


@pytest.fixture
def conversation(agent: Agent) -> Conversation:
    account = make_account(team=agent.teams.get())
    conversation = make_conversation(account=account, identity=make_identity(name="Nadia Benali"))
    make_incoming(conversation)
    return conversation


def macro(by: Agent, *acts: dict[str, Any], name: str = "Colis perdu", is_shared: bool = False) -> Macro:
    return save_macro(None, name=name, acts=acts, is_shared=is_shared, by=by)


def run(one: Macro, conversation: Conversation, by: Agent, key: uuid.UUID | None = None) -> Conversation:
    run_macro(one.pk, conversation.pk, by=by, key=key or uuid.uuid4())
    conversation.refresh_from_db()
    return conversation


def test_all_its_steps_are_done_in_order(agent: Agent, conversation: Conversation) -> None:
    one = macro(
        agent,
        {"act": "assign", "to": "me"},
        {"act": "tag", "name": "Colis"},
        {"act": "reply", "text": "Bonjour {first_name}, nous cherchons. {agent_name}"},
        {"act": "note", "text": "Vu avec {brand}"},
        {"act": "resolve"},
    )
    run(one, conversation, agent)
    assert (conversation.assignee, conversation.status) == (agent, "resolved")
    assert Message.objects.outgoing().get().text == "Bonjour Nadia, nous cherchons. Awa Diop"
    assert Note.objects.get().text == f"Vu avec {conversation.account.brand.name}"
    assert conversation.tags.get().name == "colis"


def test_taking_its_reply_back_leaves_what_the_reply_took(agent: Agent, conversation: Conversation) -> None:
    one = macro(agent, {"act": "reply", "text": "Nous cherchons."}, {"act": "tag", "name": "Colis"})
    assert run(one, conversation, agent).assignee == agent
    take_reply_back(Message.objects.outgoing().get().pk, by=agent)
    conversation.refresh_from_db()
    assert conversation.assignee is None


def test_a_reply_that_is_refused_undoes_the_steps_before_it(agent: Agent, conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(is_public=True)
    one = macro(agent, {"act": "assign", "to": "me"}, {"act": "reply", "text": "Appelez le 06 12 34 56 78"})
    with pytest.raises(MacroRefusedError):
        run(one, conversation, agent)
    conversation.refresh_from_db()
    assert conversation.assignee is None
    assert not Message.objects.outgoing().exists()


def test_a_step_that_no_longer_makes_sense_undoes_the_others(agent: Agent, conversation: Conversation) -> None:
    resolve_conversation(conversation.pk, by=None)
    with pytest.raises(MacroRefusedError):
        run(macro(agent, {"act": "tag", "name": "vu"}, {"act": "resolve"}), conversation, agent)
    assert not conversation.tags.exists()


def test_a_reply_with_an_empty_place_does_not_leave(agent: Agent, conversation: Conversation) -> None:
    _forget_name(conversation)
    with pytest.raises(MacroRefusedError, match="first_name"):
        run(macro(agent, {"act": "reply", "text": "Le colis de {first_name} est parti."}), conversation, agent)


def test_whoever_has_no_name_is_greeted_without_one(agent: Agent, conversation: Conversation) -> None:
    _forget_name(conversation)
    run(macro(agent, {"act": "reply", "text": "Bonjour {first_name}, merci."}), conversation, agent)
    assert Message.objects.outgoing().get().text == "Bonjour, merci."


def _forget_name(conversation: Conversation) -> None:
    type(conversation.identity).objects.filter(pk=conversation.identity_id).update(name="", handle="visiteur-2")
    type(conversation.contact).objects.filter(pk=conversation.contact_id).update(name="")
    conversation.refresh_from_db()


def test_run_twice_from_one_form_it_replies_once(agent: Agent, conversation: Conversation) -> None:
    one, key = macro(agent, {"act": "reply", "text": "Bonjour"}), uuid.uuid4()
    run(one, conversation, agent, key)
    run(one, conversation, agent, key)
    assert Message.objects.outgoing().count() == 1


def test_a_role_does_by_macro_only_what_it_may_do(agent: Agent, conversation: Conversation) -> None:
    expert = make_agent(role="expert", teams=agent.teams.all())
    shared = macro(make_agent(role="supervisor"), {"act": "resolve"}, is_shared=True)
    with pytest.raises(MacroRefusedError):
        run(shared, conversation, expert)


def test_one_sees_the_shared_ones_and_ones_own(agent: Agent) -> None:
    mine = macro(agent, {"act": "resolve"})
    macro(make_agent(), {"act": "resolve"})
    shared = macro(make_agent(role="supervisor"), {"act": "resolve"}, is_shared=True)
    assert list(macros_for(agent)) == [shared, mine]


def test_an_agent_neither_shares_nor_changes_what_is_shared(agent: Agent) -> None:
    shared = macro(make_agent(role="supervisor"), {"act": "resolve"}, is_shared=True)
    with pytest.raises(NotYourMacroError):
        macro(agent, {"act": "resolve"}, is_shared=True)
    with pytest.raises(NotYourMacroError):
        delete_macro(shared.pk, by=agent)


def test_anothers_own_macro_is_not_there(agent: Agent) -> None:
    own = macro(make_agent(), {"act": "resolve"})
    with pytest.raises(Macro.DoesNotExist):
        delete_macro(own.pk, by=agent)


def test_a_name_is_taken_however_it_is_written(agent: Agent) -> None:
    macro(agent, {"act": "resolve"}, name="Colis perdu")
    with pytest.raises(MacroNameTakenError):
        macro(agent, {"act": "resolve"}, name="colis  PERDU")


@pytest.mark.parametrize(
    "step",
    [
        {"act": "reply", "text": " "},
        {"act": "assign", "to": "999999"},
        {"act": "team", "to": "x"},
        {"act": "snooze", "end": "someday"},
        {"act": "explode"},
    ],
)
def test_a_step_that_lacks_something_is_refused(agent: Agent, step: dict[str, Any]) -> None:
    with pytest.raises(UnfinishedMacroError):
        macro(agent, step)


def test_they_are_put_in_order(agent: Agent) -> None:
    first, second = macro(agent, {"act": "resolve"}, name="a"), macro(agent, {"act": "resolve"}, name="b")
    move_macro(second.pk, up=True, by=agent)
    assert list(macros_for(agent)) == [second, first]
