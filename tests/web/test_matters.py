"""Matters on the screens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from comptoir.conversations.models import Conversation, Matter, Message
from comptoir.core.clock import at_instant, now
from comptoir.desk.matters import open_matter
from comptoir.people.models import Agent
from comptoir.sla.models import SLAPolicy
from comptoir.sla.policies import Terms, create_policy
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def awa() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def both(awa: Agent, fake_network: FakeNetwork) -> list[Conversation]:
    """Two of one customer, on two accounts; in the second she waits."""
    nadia, team = make_identity(name="Nadia Benali").contact, awa.teams.get()
    made = []
    for name in ("Boutique", "Page"):
        identity = make_identity(contact=nadia, name="Nadia Benali")
        made.append(make_conversation(account=make_account(team=team, name=name), identity=identity, team=team))
    make_incoming(made[1], text="Et ma cafetière ?")
    return made


def test_conversations_are_joined_and_each_says_so(both: list[Conversation], awa: Agent) -> None:
    client = client_of(awa)
    address = reverse("join_matter", args=[both[0].pk])
    assert "Page" in client.get(address).content.decode()
    answer = client.post(address, {"title": "Cafetière en panne", "with": [both[1].pk]})
    matter = Matter.objects.get()
    assert answer.headers["Location"] == reverse("matter", args=[matter.pk])
    for one in both:
        assert "Cafetière en panne" in client.get(reverse("conversation", args=[one.pk])).content.decode()


def test_one_more_joins_a_matter_that_there_is(both: list[Conversation], awa: Agent) -> None:
    matter = open_matter([both[0].pk], title="Cafetière en panne", by=awa)
    client = client_of(awa)
    address = reverse("join_matter", args=[both[1].pk])
    assert "Cafetière en panne" in client.get(address).content.decode()
    client.post(address, {"matter": matter.pk})
    assert matter.conversations.count() == 2


def test_a_refused_form_keeps_what_was_chosen(both: list[Conversation], awa: Agent) -> None:
    answer = client_of(awa).post(reverse("join_matter", args=[both[0].pk]), {"title": " ", "with": [both[1].pk]})
    assert answer.status_code == 422
    assert f'value="{both[1].pk}" checked' in answer.content.decode()


def test_resolving_says_so_where_the_customer_waits(both: list[Conversation], awa: Agent) -> None:
    matter = open_matter([one.pk for one in both], title="Panne", by=awa)
    client = client_of(awa)
    page = client.get(reverse("matter", args=[matter.pk])).content.decode()
    assert f'name="tell" value="{both[1].pk}" checked' in page
    assert f'name="tell" value="{both[0].pk}">' in page
    client.post(
        reverse("resolve_matter", args=[matter.pk]),
        {"resolution": "Échange", "text": "C’est réglé.", "tell": both[1].pk},
    )
    assert [one.conversation for one in Message.objects.outgoing()] == [both[1]]
    assert not Conversation.objects.exclude(status="resolved").exists()


def test_a_refused_resolution_keeps_all_that_was_typed(both: list[Conversation], awa: Agent) -> None:
    matter = open_matter([one.pk for one in both], title="Panne", by=awa)
    posted = {"resolution": "Échange", "text": "x" * 19_000, "tell": both[0].pk}
    answer = client_of(awa).post(reverse("resolve_matter", args=[matter.pk]), posted)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "x" * 19_000 in page
    assert "Échange" in page
    assert f'value="{both[0].pk}" checked' in page


@pytest.mark.parametrize(
    ("hours", "said"), [(1, "to be resolved by"), (5, "not resolved in time: it was due")], ids=["running", "late"]
)
def test_its_promise_stands_wherever_it_is_named(both: list[Conversation], awa: Agent, hours: int, said: str) -> None:
    SLAPolicy.objects.all().delete()
    create_policy(Terms("resolution", timedelta(hours=4)))
    matter = open_matter([one.pk for one in both], title="Panne", by=awa)
    Agent.objects.filter(pk=awa.pk).update(language="en")
    began = min(one.started_at for one in both)
    with at_instant(began + timedelta(hours=hours)):
        client = client_of(awa)
        for address in (reverse("asked"), reverse("matter", args=[matter.pk]), reverse("bridges", args=[both[0].pk])):
            assert said in client.get(address).content.decode(), address


def test_of_ones_matters_what_is_due_first_comes_first(both: list[Conversation], awa: Agent) -> None:
    SLAPolicy.objects.all().delete()
    create_policy(Terms("resolution", timedelta(hours=4)))
    Conversation.objects.filter(pk=both[0].pk).update(started_at=now() - timedelta(hours=1))
    open_matter([both[0].pk], title="La plus pressée", by=awa)
    open_matter([both[1].pk], title="La plus récente", by=awa)
    page = client_of(awa).get(reverse("asked")).content.decode()
    assert page.index("La plus pressée") < page.index("La plus récente")


def test_another_team_sees_nothing_of_it(both: list[Conversation], awa: Agent) -> None:
    matter = open_matter([one.pk for one in both], title="Panne", by=awa)
    stranger = client_of(make_agent(teams=[make_team()]))
    assert stranger.get(reverse("matter", args=[matter.pk])).status_code == 404
    assert stranger.post(reverse("resolve_matter", args=[matter.pk])).status_code == 404


def test_no_conversation_that_is_not_ones_own_is_joined(both: list[Conversation], awa: Agent) -> None:
    theirs = make_conversation(account=make_account(), identity=make_identity(contact=both[0].contact))
    address = reverse("join_matter", args=[both[0].pk])
    answer = client_of(awa).post(address, {"title": "Panne", "with": [theirs.pk]})
    assert answer.status_code == 404
    assert not Matter.objects.exists()
