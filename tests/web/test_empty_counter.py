"""What screens say where there is nothing yet is true of nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from comptoir.core.clock import now
from tests.factories import make_agent, make_conversation
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(make_agent(role="administrator", language="en"))


def test_a_bot_that_has_decided_nothing_has_left_nothing_ruled_on(client: Client) -> None:
    page = client.get("/bot/").content.decode()
    assert "The bot has decided nothing yet." in page
    assert "Everything has been ruled on." not in page


def test_of_no_reply_nothing_is_said_to_be_within_a_time(client: Client) -> None:
    assert "9 in 10 within" not in client.get("/reports/").content.decode()


def test_figures_begin_with_the_first_message(client: Client) -> None:
    page = client.get("/reports/").content.decode()
    assert "Figures begin with the first message." in page
    assert "Choose more days" not in page


@pytest.mark.parametrize(("role", "is_told"), [("administrator", False), ("agent", True)])
def test_only_who_sees_some_teams_is_told_that_others_are_not_searched(role: str, is_told: bool) -> None:
    page = client_of(make_agent(role=role, language="en")).get("/search/?q=lamp").content.decode()
    assert "Nothing found for “lamp”." in page
    assert ("teams that are not yours are not searched" in page) is is_told


def test_a_list_that_was_worked_through_does_not_say_that_nobody_ever_wrote(client: Client) -> None:
    assert "No conversation yet." in client.get("/inbox/all/").content.decode()
    make_conversation(status="resolved", resolved_at=now())
    page = client.get("/inbox/all/").content.decode()
    assert "There is nothing to do at the moment." in page
    assert "No conversation yet." not in page
