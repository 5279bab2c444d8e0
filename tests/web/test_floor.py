"""The floor: what waits, what is promised, who is there, and what is done about it from there."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.notifications.hearing import notify_agents
from comptoir.notifications.models import Notification
from comptoir.people.actions import set_availability
from comptoir.people.models import Agent
from comptoir.routing.assigning.members import loads
from comptoir.web.queries.floor import at_work, oldest, standing
from tests.factories import (
    make_account,
    make_agent,
    make_analysis,
    make_brand,
    make_conversation,
    make_incoming,
    make_outgoing,
    make_team,
)
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def camille() -> Agent:
    return make_agent(role="supervisor", name="Camille")


@pytest.fixture
def client(camille: Agent) -> Client:
    return client_of(camille)


def waits(since: timedelta, **fields: Any) -> Conversation:
    """A customer who wrote so long ago, and has had no answer since."""
    conversation = make_conversation(**fields)
    make_incoming(conversation, sent_at=now() - since)
    return conversation


def promised(within: timedelta, **fields: Any) -> Conversation:
    return make_conversation(promise_due_at=now() + within, **fields)


class TestWhatStands:
    """Counted by team, channel and age; promises by when they run out."""

    def test_what_waits_is_counted_by_age(self, camille: Agent) -> None:
        team = make_team()
        for since in (5 * MINUTE, 30 * MINUTE, 2 * HOUR, 3 * HOUR, 5 * HOUR, 50 * HOUR):
            waits(since, team=team)
        [(of, waiting)] = standing(camille, []).teams
        assert (of, waiting.by_age, waiting.total) == (team, (1, 1, 2, 1, 1), 6)
        assert waiting.since is not None
        assert now() - waiting.since > 49 * HOUR

    def test_the_team_and_the_channel_that_wait_longest_come_first(self, camille: Agent) -> None:
        quick, slow = make_team(), make_team()
        waits(MINUTE, team=quick, account=make_account(kind="email"))
        waits(HOUR, team=slow, account=make_account(kind="chat"))
        stands = standing(camille, [])
        assert [team for team, _waiting in stands.teams] == [slow, quick]
        assert [kind for kind, _waiting in stands.channels] == ["chat", "email"]

    def test_what_is_answered_resolved_or_spam_does_not_wait(self, camille: Agent) -> None:
        make_conversation()
        waits(HOUR, status="resolved", resolved_at=now())
        waits(HOUR, is_spam=True)
        waits(HOUR, status="snoozed")
        assert standing(camille, []).waiting.total == 0

    def test_promises_are_counted_by_when_they_run_out(self, camille: Agent) -> None:
        for within in (-HOUR, 10 * MINUTE, 50 * MINUTE, 20 * HOUR, 40 * HOUR):
            promised(within)
        stands = standing(camille, [])
        assert (stands.broken, list(stands.within)) == (1, [1, 2, 3])

    @pytest.mark.parametrize(("tile", "expected"), [("quarter", 1), ("hour", 2), ("day", 3), ("broken", 1)])
    def test_what_is_promised_leads_to_as_many_as_it_counts(self, client: Client, tile: str, expected: int) -> None:
        for within in (-HOUR, 10 * MINUTE, 50 * MINUTE, 20 * HOUR, 40 * HOUR):
            promised(within)
        page = client.get("/floor/").content.decode()
        [(address, counted)] = re.findall(rf'id="tile-{tile}" href="([^"]+)">(\d+)<', page)
        listed = client.get(unescape(address)).content.decode()
        assert len(set(re.findall(r'href="/conversations/(\d+)/', listed))) == int(counted) == expected

    def test_accounts_that_are_hidden_are_not_counted(self, camille: Agent) -> None:
        hidden = waits(HOUR, promise_due_at=now() + MINUTE).account
        stands = standing(camille, [hidden.pk])
        assert (stands.waiting.total, list(stands.within)) == (0, [0, 0, 0])


class TestTheOldest:
    """Never answered, in public with a complaint, promised next."""

    def test_never_answered_are_those_without_an_answer_of_ours(self) -> None:
        longest, answered, automatic, failed = (waits(number * HOUR) for number in (9, 8, 7, 6))
        make_outgoing(answered)
        make_outgoing(automatic, is_automatic=True)
        make_outgoing(failed, state="failed")
        found = oldest([])
        assert [one.pk for one in found.unanswered] == [longest.pk, automatic.pk, failed.pk]
        assert (found.never_answered, found.is_more) == (3, False)

    def test_the_oldest_complaint_in_public(self) -> None:
        older, newer, private, praise = (
            waits(9 * HOUR, is_public=True),
            waits(HOUR, is_public=True),
            waits(10 * HOUR),
            waits(11 * HOUR, is_public=True),
        )
        for one in (older, newer, private):
            make_analysis(one.messages.get(), intent="complaint")
        make_analysis(praise.messages.get(), intent="praise")
        assert oldest([]).complaint == older

    def test_whoever_asks_in_anger_in_public_complains(self) -> None:
        angry, calm, ironic = (waits(number * HOUR, is_public=True) for number in (7, 8, 9))
        for one, intent, sentiment in (
            (angry, "question", "negative"),
            (calm, "question", "neutral"),
            (ironic, "praise", "negative"),
        ):
            make_analysis(one.messages.get(), intent=intent, sentiment=sentiment)
        assert oldest([]).complaint == angry

    def test_the_longest_of_all_teams_and_of_none_come_first(self) -> None:
        first, second, third = waits(3 * HOUR), waits(2 * HOUR, team=make_team()), waits(HOUR, team=make_team())
        assert list(oldest([]).unanswered) == [first, second, third]

    def test_promises_that_run_out_next_leave_out_what_is_broken(self) -> None:
        promised(-HOUR)
        later, sooner = promised(2 * HOUR), promised(HOUR)
        assert list(oldest([]).promised_next) == [sooner, later]


class TestWhoIsThere:
    """Presence, load, what each handles."""

    def test_who_is_available_comes_first_with_what_they_hold(self) -> None:
        zoe, awa = make_agent(name="Zoé"), make_agent(name="Awa")
        set_availability(awa, "away")
        waits(HOUR, assignee=zoe, account=make_account(kind="chat"))
        make_conversation(assignee=zoe)
        first, second = at_work()
        assert (first.agent, first.held, first.load.points) == (zoe, [("chat", 1), ("fake", 1)], 3)
        assert first.waiting == 1
        assert (second.agent, second.presence, second.waiting) == (awa, "away", 0)

    def test_what_is_pending_is_handled_and_takes_no_points(self) -> None:
        """As work is given out: the board would say of somebody that they are full, and they were given more."""
        zoe = make_agent(name="Zoé")
        waits(HOUR, assignee=zoe)
        make_conversation(assignee=zoe, status="pending")
        [shown] = at_work()
        assert (shown.held, shown.load.points) == ([("fake", 2)], 1)
        assert loads([zoe])[zoe.pk].points == 1

    def test_directors_and_readers_do_not_answer(self) -> None:
        make_agent(role="director")
        assert at_work() == []


@pytest.mark.parametrize(
    ("phone", "chat", "fake", "said", "is_marked"),
    [
        (0, 1, 3, "5 sur 5", False),
        (1, 2, 3, "12 sur 5, dont 9 en ligne (2 chats, 1 appel) : plus que ce qui s’attribue de soi-même", True),
        (1, 0, 3, "8 sur 5, dont 5 en ligne (1 appel)", False),
        (0, 0, 6, "6 sur 5 : plus que ce qui s’attribue de soi-même", True),
    ],
)
@pytest.mark.parametrize("path", ["/floor/", "/routing/agents/"])
def test_more_than_somebody_can_hold_says_what_it_is_made_of(
    client: Client, phone: int, chat: int, fake: int, said: str, is_marked: bool, path: str
) -> None:
    """« 8 sur 5 » alone looks like a mistake: mails keep nobody from a call, which comes on top."""
    awa = make_agent(name="Awa")
    Agent.objects.filter(pk=awa.pk).update(capacity_points=5)
    for kind, count in (("phone", phone), ("chat", chat), ("fake", fake)):
        for _number in range(count):
            make_conversation(assignee=awa, account=make_account(kind=kind))
    page = unescape(client.get(path).content.decode()).replace("\xa0", " ")
    assert f">{said}</span>" in page
    assert ('class="load-over"' in page) is is_marked


def test_the_board_says_itself_in_one_sentence(client: Client) -> None:
    promised(-HOUR)
    promised(10 * MINUTE)
    waits(HOUR)
    page = client.get("/floor/").content.decode()
    assert "1 promesse rompue, 1 arrive à échéance dans les 15 minutes, 1 client attend." in page


def test_a_number_of_queries_that_does_not_grow(client: Client, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    waits(HOUR)
    client.get("/floor/parts/")
    with CaptureQueriesContext(connection) as few:
        client.get("/floor/parts/")
    for number in range(8):
        agent = make_agent(name=f"Agent {number}", teams=[make_team()])
        waits(number * HOUR + MINUTE, assignee=agent, account=make_account(kind="email"))
    with django_assert_num_queries(len(few)):
        client.get("/floor/parts/")


def test_a_supervisor_of_one_brand_sees_no_other(client: Client, camille: Agent) -> None:
    camille.brands.add(make_brand())
    other = waits(HOUR, is_public=True)
    page = client.get("/floor/").content.decode()
    assert str(other.identity) not in page
    assert "Personne n’attend." in page


def test_a_wall_has_nothing_to_press(client: Client) -> None:
    waits(HOUR)
    page = client.get("/floor/?wall=1").content.decode()
    board = page[page.index('id="floor-tiles"') :]
    assert "<button" not in board[: board.index("</main>")]


def test_a_colleagues_menus_come_once_they_are_opened(client: Client) -> None:
    own, other = make_team(), make_team()
    awa = make_agent(name="Awa", teams=[own])
    board = client.get("/floor/").content.decode()
    assert f"/floor/agents/{awa.pk}/availability/" not in board
    presences = client.get(f"/floor/agents/{awa.pk}/presences/").content.decode()
    assert presences.count("<button") == 4
    assert presences.count('aria-current="true"') == 1
    teams = client.get(f"/floor/agents/{awa.pk}/teams-offered/").content.decode()
    assert (f'{{"from": "{own.pk}"}}' in teams, f'{{"to": "{other.pk}"}}' in teams) == (True, True)


def test_a_line_says_what_it_says_to_each_who_looks(client: Client, camille: Agent) -> None:
    """Lines are kept once they are drawn: one that differs for somebody, or says something else, is drawn anew."""
    conversation = waits(HOUR, assignee=camille, last_message_text="Ma bouilloire fuit")
    own = client.get("/floor/parts/").content.decode()
    others = client_of(make_agent(role="supervisor")).get("/floor/parts/").content.decode()
    take = f'id="take-never-{conversation.pk}"'
    assert (take in own, take in others) == (False, True)
    Conversation.objects.update(last_message_text="Elle ne fuit plus")
    assert "Elle ne fuit plus" in client.get("/floor/parts/").content.decode()


def test_a_colleague_who_went_home_is_set_away(client: Client, camille: Agent) -> None:
    awa = make_agent(name="Awa")
    posted = {"availability": "offline"}
    answer = client.post(f"/floor/agents/{awa.pk}/availability/", posted, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "conversation-changed")
    awa.refresh_from_db()
    assert awa.availability == "offline"
    event = Event.objects.get(name="agent.availability_changed")
    assert (event.subject_id, event.actor_id) == (awa.pk, camille.pk)


def test_a_colleague_is_lent_to_a_team_and_taken_out_again(client: Client) -> None:
    own, other = make_team(), make_team()
    awa = make_agent(name="Awa", teams=[own])
    client.post(f"/floor/agents/{awa.pk}/teams/", {"to": str(other.pk)})
    assert set(awa.teams.all()) == {own, other}
    client.post(f"/floor/agents/{awa.pk}/teams/", {"from": str(other.pk)})
    client.post(f"/floor/agents/{awa.pk}/teams/", {"from": str(other.pk)})
    assert list(awa.teams.all()) == [own]
    assert Event.objects.filter(name="agent.changed").count() == 2


@pytest.mark.parametrize("posted", [{"availability": "asleep"}, {}])
def test_a_presence_that_there_is_not_is_refused(client: Client, posted: dict[str, str]) -> None:
    assert client.post(f"/floor/agents/{make_agent().pk}/availability/", posted).status_code == 400


def test_a_call_for_help_reaches_who_is_there_of_the_team_and_other_supervisors(client: Client, camille: Agent) -> None:
    team = make_team()
    make_agent(name="Awa", teams=[team])
    set_availability(make_agent(name="Paul", teams=[team]), "away")
    make_agent(name="Zoé")
    make_agent(name="Dominique", role="supervisor")
    conversation = waits(HOUR, team=team)
    answer = client.post(f"/conversations/{conversation.pk}/help/", headers={"HX-Request": "true"})
    assert "Vos collègues sont prévenus." in answer.content.decode()
    notify_agents(list(Event.objects.filter(name="conversation.help_called")))
    told = Notification.objects.filter(kind="help").values_list("agent__name", flat=True)
    assert sorted(told) == ["Awa", "Dominique"]


def test_no_help_is_called_for_what_is_resolved(client: Client) -> None:
    conversation = make_conversation(status="resolved", resolved_at=now())
    answer = client.post(f"/conversations/{conversation.pk}/help/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert not Event.objects.filter(name="conversation.help_called").exists()
