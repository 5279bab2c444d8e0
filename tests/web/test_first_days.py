"""The first days of a counter: what one is led to, told and spared."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from comptoir.people.models import Agent
from tests.factories import make_agent, make_team
from tests.web.conftest import Counter, client_of, htmx

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Agent:
    return make_agent(role="administrator", name="Camille")


@pytest.fixture
def client(administrator: Agent) -> Client:
    return client_of(administrator)


def page(client: Client, name: str, *arguments: object, **asked: str) -> str:
    return client.get(reverse(name, args=arguments), asked, headers=htmx()).content.decode()


def test_an_empty_inbox_leads_to_the_first_steps(client: Client) -> None:
    shown = client.get(reverse("inbox_view", args=["all"])).content.decode()
    assert f'<a class="button primary" href="{reverse("guide")}">' in shown


def test_whoever_makes_the_first_team_is_in_it(client: Client, administrator: Agent) -> None:
    assert f'value="{administrator.pk}" id="id_agents_0" checked' in page(client, "new_team")


def test_whoever_makes_another_is_not(client: Client, administrator: Agent) -> None:
    make_team()
    assert f'value="{administrator.pk}" id="id_agents_0" checked' not in page(client, "new_team")


def test_every_role_says_what_it_is_for(client: Client) -> None:
    assert page(client, "new_agent").count('type="radio" name="role"') == len(Agent.Role)
    assert "Répond aux clients" in page(client, "new_agent")


@pytest.mark.parametrize(
    ("typed", "address"),
    [("promess", "promises"), ("PLATEAU", "floor"), ("jours feries", "calendars"), ("premiers", "guide")],
)
def test_the_command_bar_finds_screens_by_name_and_by_what_they_are_for(
    client: Client, typed: str, address: str
) -> None:
    assert f'id="screen-{address}"' in page(client, "commands", q=typed)


def test_it_goes_to_the_settings_as_a_whole_without_a_key(client: Client) -> None:
    assert 'id="go-settings" data-group="going"' in page(client, "me")


def test_it_offers_no_screen_that_one_may_not_open() -> None:
    adviser = client_of(make_agent(role="agent"))
    assert 'id="screen-promises"' not in page(adviser, "commands", q="promess")


def test_an_empty_catalogue_is_not_waited_for(counter: Counter) -> None:
    assert "en cours de lecture" not in page(counter.client("agent"), "answers", counter.conversation.pk)


def test_a_reply_for_later_says_when_it_leaves(counter: Counter) -> None:
    assert "Partira" in page(counter.client("agent"), "conversation", counter.conversation.pk)


def test_every_page_hears_what_happens(client: Client) -> None:
    assert 'data-live="' in client.get(reverse("settings")).content.decode()


def test_nobody_is_listened_to_at_the_door() -> None:
    assert "data-live" not in Client().get(reverse("account_login")).content.decode()
