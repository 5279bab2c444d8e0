"""Nobody asks a customer again for what we hold already."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from comptoir.analysis.apart import WorkshopGoneError
from comptoir.contacts.models import Contact
from comptoir.conversations.models import Conversation
from comptoir.desk.matters import open_matter
from comptoir.people.models import Agent
from comptoir.web.queries.held_already import held_already
from comptoir.web.views import tone
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team

pytestmark = pytest.mark.django_db

ASKS = "Bonjour Nadia, pouvez-vous nous communiquer votre numéro de commande ?"


@pytest.fixture
def awa() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team()])


@pytest.fixture
def nadia() -> Contact:
    return make_identity(name="Nadia Benali").contact


def exchange(awa: Agent, nadia: Contact, text: str) -> Conversation:
    team = awa.teams.get()
    identity = make_identity(contact=nadia, name="Nadia Benali")
    made = make_conversation(account=make_account(team=team), identity=identity, team=team)
    make_incoming(made, text=text)
    return made


def test_what_the_customer_said_here_is_held(awa: Agent, nadia: Contact) -> None:
    here = exchange(awa, nadia, "Ma commande n° 4471-B est arrivée cassée, appelez-moi au 06 12 34 56 78.")
    held = held_already(here, awa, {"order", "phone"})
    assert "4471-B" in held["order"]
    assert held["phone"] == "06 12 34 56 78"


def test_what_is_not_asked_for_is_not_told(awa: Agent, nadia: Contact) -> None:
    here = exchange(awa, nadia, "Ma commande n° 4471-B est arrivée cassée.")
    assert held_already(here, awa, {"phone"}) == {}


def test_what_they_said_elsewhere_is_held_where_it_is_one_matter(awa: Agent, nadia: Contact) -> None:
    here, there = exchange(awa, nadia, "Et alors ?"), exchange(awa, nadia, "Ma commande n° 4471-B est cassée.")
    assert held_already(here, awa, {"order"}) == {}
    open_matter([here.pk, there.pk], title="Panne", by=awa)
    assert "4471-B" in held_already(here, awa, {"order"})["order"]


def test_what_another_team_was_told_is_not_shown(awa: Agent, nadia: Contact) -> None:
    here = exchange(awa, nadia, "Et alors ?")
    others = make_agent(teams=[make_team()])
    there = exchange(others, nadia, "Ma commande n° 4471-B est cassée.")
    open_matter([here.pk, there.pk], title="Panne", by=awa)
    assert held_already(here, awa, {"order"}) == {}


def test_an_address_that_they_are_known_by_is_held(awa: Agent, nadia: Contact) -> None:
    here = exchange(awa, nadia, "Et alors ?")
    make_identity(channel="email", contact=nadia, handle="nadia@exemple.fr")
    assert held_already(here, awa, {"email"}) == {"email": "nadia@exemple.fr"}


def test_it_is_flagged_while_one_writes(
    awa: Agent, nadia: Contact, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_asked: object) -> None:
        raise WorkshopGoneError

    monkeypatch.setattr(tone._READER, "tone", away)
    here = exchange(awa, nadia, "Ma commande n° 4471-B est arrivée cassée.")
    client.force_login(awa.user, backend="django.contrib.auth.backends.ModelBackend")
    said = client.post(reverse("tone", args=[here.pk]), {"text": ASKS, "mode": "private"}).content.decode()
    assert "4471-B" in said.partition("</summary>")[0]  # read without unfolding anything
    assert f'data-start="{ASKS.index("numéro")}"' in said
    other = client.post(
        reverse("tone", args=[here.pk]), {"text": "Bonjour Nadia, c’est parti demain.", "mode": "private"}
    )
    assert other.status_code == 204
