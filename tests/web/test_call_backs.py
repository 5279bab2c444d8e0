"""Calls to be made, on the screens."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comptoir.conversations.models import Conversation
from comptoir.desk.call_backs import ask_call_back
from comptoir.desk.models import CallBack
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.web.conftest import client_of, htmx

pytestmark = pytest.mark.django_db


@pytest.fixture
def awa() -> Agent:
    return make_agent(name="Awa Diop", language="en", teams=[make_team(name="Service")])


@pytest.fixture
def conversation(awa: Agent, fake_network: FakeNetwork) -> Conversation:
    team = awa.teams.get()
    made = make_conversation(account=make_account(team=team), team=team, assignee=awa)
    make_incoming(made, text="Ma cafetière fuit. Mon numéro : 06 12 34 56 78.")
    make_account(kind="phone", brand=made.account.brand, own_id="+33123456789", credentials={"number": "+33123456789"})
    return made


def page_of(client: Client, conversation: Conversation) -> str:
    return client.get(reverse("conversation", args=[conversation.pk])).content.decode()


def posted(**fields: Any) -> dict[str, Any]:
    return {"number": "06 12 34 56 78", "due": "", **fields}


def test_the_form_holds_the_number_that_the_customer_wrote(conversation: Conversation, awa: Agent) -> None:
    client = client_of(awa)
    address = reverse("call_back", args=[conversation.pk])
    assert address in page_of(client, conversation)
    assert 'value="06 12 34 56 78"' in client.get(address).content.decode()


def test_a_call_that_is_asked_for_stands_above_the_exchange_and_in_the_list(
    conversation: Conversation, awa: Agent
) -> None:
    client = client_of(awa)
    client.post(reverse("call_back", args=[conversation.pk]), posted())
    for page in (page_of(client, conversation), client.get(reverse("asked")).content.decode()):
        assert "Call back on 06 12 34 56 78" in page
        assert reverse("place_call_back", args=[CallBack.objects.get().pk]) in page


def test_a_refused_form_keeps_what_was_typed(conversation: Conversation, awa: Agent) -> None:
    answer = client_of(awa).post(reverse("call_back", args=[conversation.pk]), posted(number="06 12", due="hier"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="06 12"' in page
    assert 'value="hier"' in page


@pytest.mark.parametrize("due", ["2020-01-01T10:00", "jamais", "9999-99-99T00:00"])
def test_a_moment_that_is_over_or_none_is_refused(due: str, conversation: Conversation, awa: Agent) -> None:
    answer = client_of(awa).post(reverse("call_back", args=[conversation.pk]), posted(due=due))
    assert answer.status_code == 422


def test_how_it_ended_is_said_between_the_messages(conversation: Conversation, awa: Agent) -> None:
    asked = ask_call_back(conversation.pk, number="+33612345678", by=awa)
    client = client_of(awa)
    address = reverse("end_call_back", args=[asked.pk])
    assert client.post(address, {"state": "reached"}, headers=htmx()).headers["HX-Trigger"] == "exchange-changed"
    page = page_of(client, conversation)
    assert "reached" in page
    assert "Call back on" not in page


def test_one_who_cannot_be_rung_is_told_why(conversation: Conversation, awa: Agent) -> None:
    asked = ask_call_back(conversation.pk, number="+33612345678", by=awa)
    answer = client_of(awa).post(reverse("place_call_back", args=[asked.pk]), headers=htmx())
    assert answer.status_code == 409
    assert "Say first on which telephone" in answer.content.decode()


def test_a_call_names_the_conversation_it_was_asked_for_in(conversation: Conversation, awa: Agent) -> None:
    asked = ask_call_back(conversation.pk, number="+33612345678", by=awa)
    call = make_conversation(account=asked.account, team=awa.teams.get(), assignee=awa)
    CallBack.objects.update(state="reached", call=call)
    assert "This call was asked for on" in page_of(client_of(awa), call)


def test_calls_of_conversations_that_are_not_theirs_are_not_listed(conversation: Conversation, awa: Agent) -> None:
    ask_call_back(conversation.pk, number="+33612345678", by=awa)
    stranger = make_agent(name="Paul Roy", language="en", teams=[make_team(name="Atelier")])
    assert "Call back on" not in client_of(stranger).get(reverse("asked")).content.decode()
