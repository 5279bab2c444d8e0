"""Hand-offs on the screens."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comptoir.conversations.models import Conversation, HandOff
from comptoir.desk.following import unfollow_conversation
from comptoir.desk.hand_offs import accept_hand_off, offer_hand_off, refuse_hand_off
from comptoir.events.models import Event
from comptoir.notifications.hearing import notify_agents
from comptoir.people.models import Agent, Team
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.web.conftest import client_of, htmx

pytestmark = pytest.mark.django_db

ASKED = "La pompe est-elle sous garantie ?"


@pytest.fixture
def service() -> Team:
    return make_team(name="Service")


@pytest.fixture
def experts() -> Team:
    return make_team(name="Experts", purpose="expertise")


@pytest.fixture
def awa(service: Team) -> Agent:
    return make_agent(name="Awa Diop", teams=[service])


@pytest.fixture
def lea(experts: Team) -> Agent:
    return make_agent(name="Léa Martin", teams=[experts])


@pytest.fixture
def conversation(service: Team, awa: Agent, fake_network: FakeNetwork) -> Conversation:
    made = make_conversation(account=make_account(team=service), team=service, assignee=awa)
    make_incoming(made, text="Ma cafetière fuit.")
    return made


def page_of(client: Client, conversation: Conversation) -> str:
    return client.get(reverse("conversation", args=[conversation.pk])).content.decode()


def test_it_is_offered_with_what_is_asked(conversation: Conversation, awa: Agent, experts: Team, lea: Agent) -> None:
    client = client_of(awa)
    address = reverse("hand_off", args=[conversation.pk])
    answer = client.post(address, {"to": experts.pk, "asked": ASKED})
    assert answer.headers["Location"] == reverse("conversation", args=[conversation.pk]) + "#conversation-title"
    assert ASKED in page_of(client, conversation)


def test_a_refused_form_keeps_what_was_typed(conversation: Conversation, awa: Agent, service: Team, lea: Agent) -> None:
    answer = client_of(awa).post(reverse("hand_off", args=[conversation.pk]), {"to": service.pk, "asked": ASKED})
    assert answer.status_code == 422
    assert ASKED in answer.content.decode()


def test_whoever_is_asked_reads_all_and_can_only_decide(
    conversation: Conversation, awa: Agent, experts: Team, lea: Agent
) -> None:
    offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    page = page_of(client_of(lea), conversation)
    assert "Ma cafetière fuit." in page
    assert 'id="accept-hand-off"' in page
    for act in ('id="resolve"', 'id="assign-menu"', 'value="private"', 'id="hand-off"'):
        assert act not in page


def test_a_guest_answers_no_customer(conversation: Conversation, awa: Agent, experts: Team, lea: Agent) -> None:
    offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    client = client_of(lea)
    address = reverse("write", args=[conversation.pk])
    assert client.post(address, {"mode": "private", "text": "Bonjour"}).status_code == 403
    assert client.post(address, {"mode": "note", "text": "Je regarde"}).status_code in (200, 302)
    assert client.post(reverse("resolve", args=[conversation.pk])).status_code == 404
    assert client.post(reverse("assign", args=[conversation.pk]), {"to": "me"}).status_code == 404


def test_accepted_it_opens_as_ones_own(conversation: Conversation, awa: Agent, experts: Team, lea: Agent) -> None:
    offered = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    answer = client_of(lea).post(reverse("accept_hand_off", args=[offered.pk]), headers=htmx())
    assert answer.headers["HX-Redirect"] == reverse("conversation", args=[conversation.pk]) + "#conversation-title"
    assert 'id="resolve"' in page_of(client_of(lea), conversation)


def test_whoever_decides_on_the_page_they_are_led_to_has_it_asked_for_again(
    conversation: Conversation, awa: Agent, experts: Team, lea: Agent
) -> None:
    offered = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    here = f"http://testserver{reverse('conversation', args=[conversation.pk])}"
    headers = {**htmx(), "HX-Current-URL": f"{here}#conversation-title"}
    answer = client_of(lea).post(reverse("accept_hand_off", args=[offered.pk]), headers=headers)
    assert answer.headers["HX-Refresh"] == "true"


def test_whoever_comes_second_is_told_who_was_first(
    conversation: Conversation, awa: Agent, experts: Team, lea: Agent
) -> None:
    offered = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    accept_hand_off(offered.pk, by=lea)
    second = client_of(make_agent(teams=[experts]))
    answer = second.post(reverse("accept_hand_off", args=[offered.pk]), headers=htmx())
    assert answer.status_code == 409
    assert "Léa Martin" in answer.content.decode()


@pytest.mark.parametrize(
    ("act", "by", "said"),
    [
        ("refuse_hand_off", "lea", "Refusée\u00a0: la conversation reste chez ceux qui la proposaient"),
        ("withdraw_hand_off", "awa", "Elle n’est plus proposée\u00a0: la conversation reste ici."),
    ],
)
def test_what_became_of_it_is_said_to_whoever_decided(
    conversation: Conversation, awa: Agent, experts: Team, lea: Agent, act: str, by: str, said: str
) -> None:
    offered = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    client = client_of({"lea": lea, "awa": awa}[by])
    answer = client.post(reverse(act, args=[offered.pk]), {"reason": "Usure normale."}, headers=htmx())
    assert said in client.get(answer.headers["HX-Redirect"].partition("#")[0], follow=True).content.decode()


def test_refused_it_is_no_longer_theirs_to_read(
    conversation: Conversation, awa: Agent, experts: Team, lea: Agent
) -> None:
    offered = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    client = client_of(lea)
    answer = client.post(reverse("refuse_hand_off", args=[offered.pk]), {"reason": "Usure normale."}, headers=htmx())
    assert answer.headers["HX-Redirect"] == reverse("asked") + "#asked-title"
    assert client.get(reverse("conversation", args=[conversation.pk])).status_code == 404
    assert "Usure normale." in page_of(client_of(awa), conversation)


def test_another_team_sees_nothing_of_it(conversation: Conversation, awa: Agent, experts: Team, lea: Agent) -> None:
    offered = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    stranger = client_of(make_agent(teams=[make_team()]))
    for name in ("accept_hand_off", "refuse_hand_off", "withdraw_hand_off"):
        assert stranger.post(reverse(name, args=[offered.pk]), {"reason": "Non"}).status_code == 404
    assert ASKED not in stranger.get(reverse("asked")).content.decode()
    assert HandOff.objects.get().is_offered


def test_it_is_a_landmark_beside_its_exchange_and_one_of_many_in_the_list(
    conversation: Conversation, awa: Agent, experts: Team, lea: Agent
) -> None:
    offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    assert 'aria-label="Passage de relais"' in page_of(client_of(lea), conversation)
    listed = client_of(lea).get(reverse("asked")).content.decode()
    assert ASKED in listed
    assert 'aria-label="Passage de relais"' not in listed


def test_the_list_shows_what_waits_for_my_teams_and_what_i_gave(
    conversation: Conversation, awa: Agent, experts: Team, lea: Agent
) -> None:
    offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    for agent in (lea, awa):
        assert ASKED in client_of(agent).get(reverse("asked")).content.decode()


def test_a_long_list_asks_no_more_than_a_short_one(service: Team, awa: Agent, experts: Team, lea: Agent) -> None:
    client = client_of(lea)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("asked"))
        return len(asked)

    def offer() -> None:
        made = make_conversation(account=make_account(team=service), team=service)
        offer_hand_off(made.pk, to=experts, asked=ASKED, by=awa)

    offer()
    few = queries()
    for _time in range(4):
        offer()
    assert queries() == few


def told(agent: Agent) -> str:
    return unescape(client_of(agent).get("/notifications/").content.decode())


def test_what_was_accepted_is_told_with_who_and_leads_nowhere_once_it_is_followed_no_longer(
    conversation: Conversation, awa: Agent, experts: Team, lea: Agent
) -> None:
    """The way there led to an error, and what the customer wrote since was shown to whoever may not read it."""
    offered = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    accept_hand_off(offered.pk, by=lea)
    unfollow_conversation(conversation.pk, agent=awa)
    conversation.refresh_from_db()
    make_incoming(conversation, text="Voici mon numéro de carte.")
    notify_agents(list(Event.objects.filter(name="hand_off.accepted")))
    page = told(awa)
    assert "Léa Martin a accepté pour l’équipe Experts" in page
    assert "La conversation est désormais avec d’autres." in page
    assert "numéro de carte" not in page
    assert str(conversation.identity) not in page
    assert page_status(awa, conversation) == 404
    assert reverse("conversation", args=[conversation.pk]) not in page


def page_status(agent: Agent, conversation: Conversation) -> int:
    return client_of(agent).get(reverse("conversation", args=[conversation.pk])).status_code


def test_what_was_refused_is_told_with_its_reason(
    conversation: Conversation, awa: Agent, experts: Team, lea: Agent
) -> None:
    offered = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    refuse_hand_off(offered.pk, reason="Pas de notre ressort.", by=lea)
    notify_agents(list(Event.objects.filter(name="hand_off.refused")))
    page = told(awa)
    assert "Léa Martin a refusé pour l’équipe Experts" in page
    assert "Pas de notre ressort." in page
    assert reverse("conversation", args=[conversation.pk]) in page
