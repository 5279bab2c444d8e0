"""An invitation's ready words and what an agent has typed stand apart, and nothing that was typed is lost."""

from __future__ import annotations

import uuid

import pytest

from comptoir.conversations.models import Conversation, Draft
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def public() -> Conversation:
    account = make_account(kind="bluesky", credentials={"identifier": "us.test", "password": "p"})
    make_account(kind="chat", brand=account.brand, own_id="")
    who = make_identity(channel="bluesky", name="Léa Fontaine")
    conversation = make_conversation(account=account, identity=who, is_public=True, language="fr")
    make_incoming(conversation)
    return conversation


@pytest.fixture
def agent(public: Conversation) -> Agent:
    return make_agent(teams=[public.account.team])


def invite(public: Conversation, agent: Agent, **typed: object) -> Draft:
    if typed:
        typed = {"mode": "public", "key": uuid.uuid4(), "sequence": 1} | typed
    client_of(agent).post(f"/conversations/{public.pk}/invite/", {"way": "link"} | typed)
    return Draft.objects.get(conversation=public, agent=agent)


def test_one_writes_on_below_the_link(public: Conversation, agent: Agent) -> None:
    assert invite(public, agent).text.endswith("\n\n")


def test_what_was_typed_and_not_kept_yet_stands_below_the_link(public: Conversation, agent: Agent) -> None:
    words, _, typed = invite(public, agent, text="Nous regardons.").text.partition("\n\n")
    assert "/private/" in words
    assert typed == "Nous regardons."


def test_a_note_that_was_begun_does_not_become_public(public: Conversation, agent: Agent) -> None:
    assert invite(public, agent, text="Elle ment.", mode="note").visibility == "note"


def test_invitations_that_were_given_up_are_not_listed(public: Conversation, agent: Agent) -> None:
    for _time in range(3):
        invite(public, agent)
    page = client_of(agent).get(f"/conversations/{public.pk}/private/").content.decode()
    assert page.count('private-way"') == 1
