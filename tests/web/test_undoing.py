"""What is done to one conversation is said with its way back, and what is undone is said too."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from comptoir.conversations.models import Conversation, Priority
from comptoir.core.clock import now
from comptoir.desk.actions import assign_conversation, resolve_conversation
from comptoir.desk.hand_offs import accept_hand_off, offer_hand_off
from comptoir.desk.snoozing import snooze_conversation
from comptoir.people.models import Agent, Team
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team
from tests.sla.promised import promise_hand_offs
from tests.web.conftest import client_of, htmx

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team(name="Service")


@pytest.fixture
def awa(team: Team) -> Agent:
    return make_agent(name="Awa Diop", teams=[team])


@pytest.fixture
def conversation(team: Team) -> Conversation:
    return make_conversation(account=make_account(team=team), team=team)


def do(client: Client, act: str, conversation: Conversation, **posted: object) -> str:
    answer = client.post(reverse(act, args=[conversation.pk]), posted, headers=htmx())
    assert answer.status_code in (200, 204, 409), answer.status_code
    assert "conversation-left" not in answer.headers.get("HX-Trigger", "")
    return answer.content.decode()


def way_back(page: str) -> str:
    found = re.search(r'name="way_back" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


@pytest.mark.parametrize(
    ("name", "posted", "said", "undone"),
    [
        ("assign", {"to": "me"}, "Attribuée à Awa Diop", "de nouveau chez qui l’avait"),
        ("hold", {}, "En attente", "n’est plus en attente"),
        ("tag", {"name": "colis"}, "Étiquette ajoutée", "de nouveau ses étiquettes"),
        ("prioritize", {"priority": "3"}, "Priorité\N{NO-BREAK SPACE}: Urgente", "de nouveau sa priorité"),
    ],
)
def test_it_is_said_with_its_way_back_and_undone_with_a_sentence(
    conversation: Conversation, awa: Agent, name: str, posted: dict[str, str], said: str, undone: str
) -> None:
    client = client_of(awa)
    page = do(client, name, conversation, **posted)
    assert said in page
    assert "data-undo" in page
    assert undone in do(client, "take_back", conversation, way_back=way_back(page))
    now_there = Conversation.objects.get()
    assert (now_there.assignee, now_there.status, now_there.tags.count()) == (None, "open", 0)
    assert now_there.priority == Priority.NORMAL


def test_passed_to_ones_other_team_it_comes_back(conversation: Conversation, awa: Agent, team: Team) -> None:
    other = make_team(name="Atelier")
    awa.teams.add(other)
    client = client_of(awa)
    page = do(client, "change_team", conversation, to=other.pk)
    assert "Passée à l’équipe Atelier" in page
    do(client, "take_back", conversation, way_back=way_back(page))
    assert Conversation.objects.get().team == team


def test_passed_to_a_team_that_is_not_ones_own_nothing_is_offered_that_could_not_be_done(
    conversation: Conversation, awa: Agent
) -> None:
    page = do(client_of(awa), "change_team", conversation, to=make_team(name="Atelier").pk)
    assert "Passée à l’équipe Atelier" in page
    assert "data-undo" not in page


def test_all_of_a_list_says_how_much_it_is(conversation: Conversation, awa: Agent) -> None:
    for _number in range(2):
        make_conversation(account=conversation.account, team=conversation.team)
    said = client_of(awa).get(reverse("bulk_count") + "?view=all").content.decode()
    assert said == "Toute la liste est choisie\N{NO-BREAK SPACE}: 3"


def test_what_changed_nothing_is_not_said(conversation: Conversation, awa: Agent) -> None:
    assign_conversation(conversation.pk, to=awa, by=awa)
    assert not do(client_of(awa), "assign", conversation, to="me")


def test_what_somebody_was_given_since_stays_with_them(conversation: Conversation, awa: Agent, team: Team) -> None:
    client = client_of(awa)
    page = do(client, "assign", conversation, to="me")
    hugo = make_agent(name="Hugo Le Gall", teams=[team])
    assign_conversation(conversation.pk, to=hugo, by=None)
    assert "donnée à Hugo Le Gall depuis" in do(client, "take_back", conversation, way_back=way_back(page))
    assert Conversation.objects.get().assignee == hugo


def test_what_the_customer_has_written_since_is_not_shut_away(conversation: Conversation, awa: Agent) -> None:
    client = client_of(awa)
    resolve_conversation(conversation.pk, by=awa)
    back = way_back(do(client, "reopen", conversation))
    hear(conversation)
    assert "Elle a changé depuis" in do(client, "take_back", conversation, way_back=back)
    left_at = Conversation.objects.get()
    assert (left_at.status, left_at.waiting_since) == ("open", left_at.last_incoming_at)


def test_put_away_before_it_is_not_put_away_again_once_the_customer_wrote(
    conversation: Conversation, awa: Agent
) -> None:
    client = client_of(awa)
    snooze_conversation(conversation.pk, until=now() + timedelta(days=3), by=awa)
    back = way_back(do(client, "reopen", conversation))
    hear(conversation)
    assert "Elle a changé depuis" in do(client, "take_back", conversation, way_back=back)


def hear(conversation: Conversation) -> None:
    """The customer writes, as intake keeps it."""
    said = make_incoming(conversation, text="Alors ?")
    Conversation.objects.filter(pk=conversation.pk).update(waiting_since=said.sent_at, last_incoming_at=said.sent_at)


@pytest.mark.parametrize("act", ["resolve", "spam"])
def test_what_was_offered_to_another_team_is_offered_again(conversation: Conversation, awa: Agent, act: str) -> None:
    promise_hand_offs()
    experts = make_team(name="Experts")
    make_agent(teams=[experts])
    offered = offer_hand_off(conversation.pk, to=experts, asked="Sous garantie ?", by=awa)
    client = client_of(awa)
    page = client.post(reverse(act, args=[conversation.pk]), headers=htmx()).content.decode()
    offered.refresh_from_db()
    assert (offered.state, offered.clocks.get().stopped_at is None) == ("withdrawn", False)
    do(client, "take_back", conversation, way_back=way_back(page))
    offered.refresh_from_db()
    assert (offered.state, offered.ended_at, offered.clocks.get().stopped_at) == ("offered", None, None)


def test_what_another_team_accepted_since_is_not_given_to_somebody_of_the_former_one(
    conversation: Conversation, awa: Agent, team: Team
) -> None:
    experts = make_team(name="Experts")
    lea = make_agent(name="Léa Martin", teams=[team, experts])
    client = client_of(awa)
    assign_conversation(conversation.pk, to=awa, by=awa)
    back = way_back(do(client, "assign", conversation, to=lea.pk))
    accept_hand_off(offer_hand_off(conversation.pk, to=experts, asked="Sous garantie ?", by=lea).pk, by=lea)
    awa.teams.add(experts)
    assert "Elle a changé depuis" in do(client, "take_back", conversation, way_back=back)
    assert Conversation.objects.get().assignee == lea
