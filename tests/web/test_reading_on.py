"""Whoever handed a conversation over reads on, wherever one reads, until they follow it no longer."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comptoir.api.events import _readable
from comptoir.config.streaming.audience import Audience, Batch
from comptoir.config.streaming.record import _TOUCHED, _grouped
from comptoir.conversations.models import Attachment, Conversation, Following, HandOff, Message
from comptoir.conversations.reach import kept_by, readable_by
from comptoir.desk.following import unfollow_conversation
from comptoir.desk.giving_back import give_back
from comptoir.desk.hand_offs import accept_hand_off, offer_hand_off
from comptoir.desk.merging import merge_conversations, unmerge_conversation
from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.notifications.choices import Kind
from comptoir.notifications.hearing import notify_agents
from comptoir.notifications.models import Notification
from comptoir.people.models import Agent, Team
from comptoir.web.queries.inbox import Listing, StandingView, inbox_page
from comptoir.web.queries.search.finding import found
from tests.api.conftest import program_for
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.web.conftest import client_of, htmx

pytestmark = pytest.mark.django_db


@dataclass
class Given:
    """A conversation that Awa offered and an expert of another team accepted."""

    awa: Agent
    expert: Agent
    experts: Team
    conversation: Conversation
    message: Message
    hand_off: HandOff

    def page(self, who: Agent) -> int:
        return client_of(who).get(reverse("conversation", args=[self.conversation.pk])).status_code


@pytest.fixture
def given(db: None, fake_network: FakeNetwork) -> Given:
    service, experts = make_team(name="Service"), make_team(name="Experts", purpose="expertise")
    awa = make_agent(name="Awa Diop", teams=[service])
    expert = make_agent(name="Tomas Roy", role="expert", teams=[experts])
    conversation = make_conversation(account=make_account(team=service), team=service, assignee=awa)
    message = make_incoming(conversation, text="Ma cafetière fuit.")
    offered = offer_hand_off(conversation.pk, to=experts, asked="Sous garantie ?", by=awa)
    accept_hand_off(offered.pk, by=expert)
    return Given(awa, expert, experts, Conversation.objects.get(), message, HandOff.objects.get())


def read(given: Given) -> str:
    return client_of(given.awa).get(reverse("conversation", args=[given.conversation.pk])).content.decode()


def test_they_read_it_and_can_leave_a_note_and_nothing_else(given: Given) -> None:
    page = read(given)
    assert "Ma cafetière fuit." in page
    for act in ('id="resolve"', 'id="assign-menu"', 'value="private"', 'id="hand-off"'):
        assert act not in page
    assert reverse("arbitration") in page  # the ways to other screens stay
    client = client_of(given.awa)
    write = reverse("write", args=[given.conversation.pk])
    assert client.post(write, {"mode": "private", "text": "Bonjour"}).status_code == 403
    assert client.post(write, {"mode": "note", "text": "Elle a rappelé."}).status_code in (200, 302)
    assert client.post(reverse("resolve", args=[given.conversation.pk])).status_code == 404
    assert client.post(reverse("assign", args=[given.conversation.pk]), {"to": "me"}).status_code == 404


def test_followed_no_longer_it_is_not_theirs_to_read(given: Given) -> None:
    address = reverse("follow", args=[given.conversation.pk])
    answer = client_of(given.awa).post(address, {"follow": "no"}, headers=htmx())
    assert answer.headers["HX-Redirect"] == reverse("inbox_view", args=["following"])
    assert given.page(given.awa) == 404
    assert client_of(given.awa).post(address, {"follow": "yes"}).status_code == 404


def test_whoever_only_followed_what_another_team_took_does_not_read_it(given: Given) -> None:
    other = make_agent(teams=[make_team()])
    Following.objects.create(conversation=given.conversation, agent=other)
    assert given.page(other) == 404


def test_who_is_shown_the_account_no_more_reads_nothing(given: Given) -> None:
    given.awa.brands.add(make_brand())
    assert not readable_by(given.awa).exists()
    assert given.page(given.awa) == 404


def test_it_is_on_their_list_of_followed_ones(given: Given) -> None:
    rows = inbox_page(given.awa, Listing(StandingView.FOLLOWING)).rows
    assert [row.pk for row in rows] == [given.conversation.pk]
    assert not inbox_page(given.awa, Listing(StandingView.ALL)).rows


def test_the_search_finds_it(given: Given) -> None:
    assert [one.conversation.pk for one in found(given.awa, "est:ouvert", best_first=False, after="").findings] == [
        given.conversation.pk
    ]


def test_the_api_gives_it(given: Given) -> None:
    program, pk = program_for(given.awa), given.conversation.pk
    assert [one["id"] for one in program.get("/conversations").json()["items"]] == [pk]
    assert program.get(f"/conversations/{pk}/messages").status_code == 200
    assert program.ask("PATCH", f"/conversations/{pk}", {"status": "resolved"}).status_code == 404
    events = list(Event.objects.filter(conversation_id=pk))
    assert _readable(given.awa, events) == events


def test_files_are_served(given: Given) -> None:
    Attachment.objects.create(message=given.message, state="stored", mime_type="text/plain", name="a", storage_key="no")
    answer = client_of(given.awa).get(reverse("original", args=[given.message.pk]))
    assert answer.status_code == 404  # it has no layout of its own
    Message.objects.update(html="<p>Ma cafetière</p>")
    assert client_of(given.awa).get(reverse("original", args=[given.message.pk])).status_code == 200


def test_they_hear_of_it(given: Given) -> None:
    make_incoming(given.conversation, text="Alors ?")
    Event.objects.all().delete()
    record("message.received", subject=given.message)
    notify_agents(list(Event.objects.order_by("id")))
    assert list(Notification.objects.filter(agent=given.awa).values_list("kind", flat=True)) == [Kind.FOLLOWED]


def test_that_it_was_accepted_is_told_once(given: Given) -> None:
    notify_agents(list(Event.objects.order_by("id")))
    assert list(Notification.objects.filter(agent=given.awa).values_list("kind", flat=True)) == [Kind.DECIDED]


def test_their_page_hears_of_it_live(given: Given) -> None:
    pk, account = given.conversation.pk, given.conversation.account_id
    (row,) = _asked_of_the_record(pk)[-1:]
    (touched,) = _grouped([row])
    assert touched.readers == {given.awa.pk}
    batch = Batch([touched])
    assert [one.conversation_id for one in batch.seen_by(Audience(given.awa.pk, False, frozenset()))] == [pk]
    assert not batch.seen_by(Audience(given.awa.pk, False, frozenset(), frozenset({account})))


def _asked_of_the_record(conversation_id: int) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        which = "event.conversation_id = %(conversation)s"
        asked = {"conversation": conversation_id, "of_colleagues": [], "most": 100}
        cursor.execute(_TOUCHED.format(which=which), asked)
        return [(*row[:3], json.loads(row[3]), *row[4:]) for row in cursor.fetchall()]


def test_merged_it_goes_on_to_be_read(given: Given) -> None:
    kept = make_conversation(account=given.conversation.account, contact=given.conversation.contact, team=given.experts)
    merge_conversations(kept.pk, gone_id=given.conversation.pk, by=given.expert, reason="La même")
    assert kept in kept_by(given.awa)


def merged_with_anothers(given: Given) -> Conversation:
    kept = make_conversation(account=given.conversation.account, team=given.experts, assignee=given.expert)
    merge_conversations(kept.pk, gone_id=given.conversation.pk, by=given.expert, reason="La même panne")
    return kept


def test_parted_again_the_other_ones_words_are_not_theirs_to_read(given: Given) -> None:
    kept = merged_with_anothers(given)
    unmerge_conversation(given.conversation.pk, by=given.expert)
    assert list(kept_by(given.awa)) == [given.conversation]
    assert client_of(given.awa).get(reverse("conversation", args=[kept.pk])).status_code == 404


def test_parted_again_whoever_gave_the_other_one_meanwhile_reads_it_on(given: Given) -> None:
    kept = merged_with_anothers(given)
    third = make_team()
    other = make_agent(teams=[third])
    given.awa.teams.add(given.experts)
    accept_hand_off(offer_hand_off(kept.pk, to=third, asked="Et vous ?", by=given.awa).pk, by=other)
    given.awa.teams.remove(given.experts)
    unmerge_conversation(given.conversation.pk, by=given.expert)
    assert set(kept_by(given.awa)) == {given.conversation, kept}


def test_who_followed_it_no_longer_while_it_was_merged_does_not_read_it_once_it_is_parted(given: Given) -> None:
    unfollow_conversation(merged_with_anothers(given).pk, agent=given.awa)
    unmerge_conversation(given.conversation.pk, by=given.expert)
    assert not kept_by(given.awa).exists()


def test_all_of_what_they_follow_is_what_they_can_act_on(given: Given) -> None:
    said = client_of(given.awa).get(reverse("bulk_count") + "?view=following").content.decode()
    assert said == "Toute la liste est choisie\N{NO-BREAK SPACE}: 0"


def test_many_kept_ones_ask_no_more_than_one(given: Given) -> None:
    client = client_of(given.awa)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("inbox_view", args=["following"]))
        return len(asked)

    queries()
    few = queries()
    for _time in range(4):
        made = make_conversation(account=given.conversation.account, team=given.experts)
        Following.objects.create(conversation=made, agent=given.awa, keeps_reading=True)
    assert queries() == few


# --- given back with an answer ------------------------------------------------------------------------------------


def answer(client: Client, hand_off: HandOff, text: str = "Oui, deux ans.") -> HttpResponse:
    return client.post(reverse("answer_hand_off", args=[hand_off.pk]), {"answer": text}, headers=htmx())  # type: ignore[return-value]  # its answer is patched by the client


def test_the_expert_who_accepted_gives_it_back(given: Given) -> None:
    client = client_of(given.expert)
    address = reverse("conversation", args=[given.conversation.pk])
    assert "Rendre avec ma réponse" in client.get(address).content.decode()
    assert answer(client, given.hand_off).headers["HX-Redirect"] == reverse("asked") + "#asked-title"
    page = read(given)
    assert 'id="resolve"' in page
    assert "Oui, deux ans." in page
    assert "En faire une réponse" in page


def test_whoever_answers_customers_answers_them(given: Given) -> None:
    Agent.objects.filter(pk=given.expert.pk).update(role="agent")
    page = client_of(given.expert).get(reverse("conversation", args=[given.conversation.pk])).content.decode()
    assert "Rendre avec ma réponse" not in page


def test_what_the_expert_cannot_do_is_said_before_they_accept(given: Given) -> None:
    other = make_conversation(account=given.conversation.account, team=given.awa.teams.get(), assignee=given.awa)
    offer_hand_off(other.pk, to=given.experts, asked="Et ça ?", by=given.awa)
    page = client_of(given.expert).get(reverse("conversation", args=[other.pk])).content.decode()
    assert "une fois acceptée, vous la rendez avec votre réponse" in page


def test_the_giver_makes_a_reply_of_it(given: Given) -> None:
    give_back(given.hand_off.pk, text="Oui, deux ans.", by=given.expert)
    client = client_of(given.awa)
    led = client.post(reverse("use_hand_off_answer", args=[given.hand_off.pk]), headers=htmx())
    assert led.headers["HX-Redirect"].endswith("#composer-text")
    assert "Oui, deux ans.</textarea>" in read(given)


def test_the_exchange_says_that_it_was_accepted_and_given_back(given: Given) -> None:
    give_back(given.hand_off.pk, text="Oui, deux ans.", by=given.expert)
    page = read(given)
    assert "Tomas Roy a accepté pour l’équipe Experts" in page
    assert "Tomas Roy l’a rendue pour l’équipe Experts, avec une réponse" in page


def test_the_api_gives_it_back(given: Given) -> None:
    program = program_for(given.expert)
    told = program.ask("POST", f"/hand-offs/{given.hand_off.pk}/answer", {"text": "Oui."}).json()
    assert (told["state"], told["answer"], told["answered_by_id"]) == ("answered", "Oui.", given.expert.pk)
    again = program.ask("POST", f"/hand-offs/{given.hand_off.pk}/answer", {"text": "Oui."})
    assert (again.status_code, again.json()["answered_at"]) == (200, told["answered_at"])
    other = program.ask("POST", f"/hand-offs/{given.hand_off.pk}/answer", {"text": "Non."})
    assert other.status_code == 404


def test_a_second_press_is_answered_as_the_first(given: Given) -> None:
    client = client_of(given.expert)
    assert [answer(client, given.hand_off).status_code for _time in range(2)] == [204, 204]
    assert given.conversation.notes.count() == 1
    assert answer(client, given.hand_off, "Non.").status_code == 404


def test_where_it_goes_back_to_is_said(given: Given) -> None:
    address = reverse("conversation", args=[given.conversation.pk])
    assert "Elle retourne à Awa Diop" in client_of(given.expert).get(address).content.decode()
    Agent.objects.filter(pk=given.awa.pk).update(is_active=False)
    assert "Elle retourne à l’équipe Service" in client_of(given.expert).get(address).content.decode()
