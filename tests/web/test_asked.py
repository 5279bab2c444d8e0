"""How much is asked of an agent, beside the way to it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comptoir.desk.consultations import ask_expert
from comptoir.desk.hand_offs import offer_hand_off, refuse_hand_off
from comptoir.desk.matters import open_matter
from comptoir.people.models import Agent
from comptoir.web.queries.asked import count_asked_of
from tests.factories import make_agent, make_conversation, make_team
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def awa() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Experts")])


def asked_in_badge(agent: Agent) -> int:
    return int(client_of(agent).get(reverse("unseen_notifications")).json()["asked"])


def test_what_is_offered_what_is_put_to_one_and_ones_matters_count(awa: Agent) -> None:
    assert asked_in_badge(awa) == 0
    offered = offer_hand_off(make_conversation().pk, to=awa.teams.get(), asked="Sous garantie ?", by=None)
    ask_expert(make_conversation().pk, question="Quoi ?", expert=awa, by=None)
    open_matter([make_conversation().pk], title="Cafetière", by=awa)
    assert asked_in_badge(awa) == 3
    refuse_hand_off(offered.pk, reason="Usure", by=awa)
    assert asked_in_badge(awa) == 2


def test_what_is_asked_of_others_does_not_count(awa: Agent) -> None:
    other = make_agent(teams=[make_team()])
    offer_hand_off(make_conversation().pk, to=other.teams.get(), asked="?", by=awa)
    ask_expert(make_conversation().pk, question="Quoi ?", expert=other, by=awa)
    open_matter([make_conversation().pk], title="Cafetière", by=other)
    assert asked_in_badge(awa) == 0


def test_who_could_not_accept_is_not_asked_to(awa: Agent) -> None:
    director = make_agent(role="director", teams=[awa.teams.get()])
    offer_hand_off(make_conversation().pk, to=awa.teams.get(), asked="?", by=None)
    assert asked_in_badge(director) == 0


def test_it_is_one_query_and_none_of_a_screen(awa: Agent) -> None:
    with CaptureQueriesContext(connection) as queries:
        count_asked_of(awa)
    assert len(queries) == 1
    page = client_of(awa).get(reverse("notifications")).content.decode()
    assert 'id="asked-count" hidden' in page
