"""Hints on the tone of what is being written: quiet, in one's language, gone once one wants none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from comptoir.analysis.apart import Apart, WorkshopGoneError
from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from comptoir.web.views import tone
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team

pytestmark = pytest.mark.django_db

POOR = "Votre demande a bien été prise en compte par nos services !!"


@pytest.fixture(scope="module", autouse=True)
def reader() -> Iterator[None]:
    """More patient than a person who writes: a busy machine takes long to begin it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tone, "_READER", Apart())
        yield
        tone._READER.end()


@pytest.fixture
def agent(client: Client) -> Agent:
    agent = make_agent(name="Awa Diop", teams=[make_team()], language="fr")
    client.force_login(agent.user)
    return agent


@pytest.fixture
def conversation(agent: Agent) -> Conversation:
    one = make_conversation(account=make_account(team=agent.teams.get()))
    make_incoming(one, text="Ma commande est arrivée cassée et personne ne répond !")
    return one


def ask(client: Client, conversation: Conversation, text: str) -> HttpResponse:
    return client.post(reverse("tone", args=[conversation.pk]), {"text": text, "mode": "private"})


def test_hints_are_said_in_the_agents_language_with_their_place(client: Client, conversation: Conversation) -> None:
    answer = ask(client, conversation, POOR)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "points à regarder" in said
    assert f'data-start="{POOR.index("!!")}" data-end="{len(POOR)}"' in said


def test_what_is_hardly_begun_has_none(client: Client, conversation: Conversation) -> None:
    assert ask(client, conversation, "Bonjour !!").status_code == 204


def test_where_the_reader_is_away_nothing_is_said(
    client: Client, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_asked: object) -> None:
        raise WorkshopGoneError

    monkeypatch.setattr(tone._READER, "tone", gone)
    assert ask(client, conversation, POOR).status_code == 204


def test_nobody_waits_behind_somebody_elses_hints(
    client: Client, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tone, "_LONGEST_WAIT_S", 0.01)
    with tone._TURN:
        assert ask(client, conversation, POOR).status_code == 204


def test_whoever_wants_none_gets_none_and_can_have_them_again(client: Client, conversation: Conversation) -> None:
    page = reverse("conversation", args=[conversation.pk])
    assert b'id="composer-tone"' in client.get(page).content
    client.post(reverse("choose_tone"), {"shown": "no"})
    assert ask(client, conversation, POOR).status_code == 204
    assert b'id="composer-tone"' not in client.get(page).content
    assert "Afficher des remarques sur le ton" in client.get(reverse("me")).content.decode()
    client.post(reverse("choose_tone"), {"shown": "yes"})
    assert b'id="composer-tone"' in client.get(page).content
