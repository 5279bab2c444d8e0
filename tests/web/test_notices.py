"""What an administrator should act on is on every page until it is settled."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from comptoir.notifications.models import Notice
from comptoir.people.models import Agent
from tests.factories import make_agent

pytestmark = pytest.mark.django_db


def page_for(role: str, address: str) -> str:
    client = Client()
    client.force_login(make_agent(role=role, language="fr").user)
    return client.get(address, follow=True).content.decode()


@pytest.fixture(autouse=True)
def lost_account() -> Notice:
    return Notice.objects.create(
        kind=Notice.Kind.ACCOUNT_DISCONNECTED, subject_id=1, subject_name="Bluesky France", reason="The token expired."
    )


def test_an_administrator_is_told_wherever_they_are() -> None:
    assert "à traiter" in page_for(Agent.Role.ADMINISTRATOR, reverse("people"))


def test_the_accounts_screen_says_what_happened_and_why() -> None:
    page = page_for(Agent.Role.ADMINISTRATOR, reverse("accounts"))
    assert "Bluesky France" in page
    assert "The token expired." in page


def test_those_who_cannot_repair_it_are_left_in_peace() -> None:
    assert "à traiter" not in page_for(Agent.Role.SUPERVISOR, reverse("accounts"))
