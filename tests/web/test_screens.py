"""What the screens of the inbox say and do, without a browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.conversations.models import Conversation, Draft, Message
from comptoir.core.clock import now
from comptoir.desk.actions import resolve_conversation
from comptoir.intake.models import RawDelivery
from comptoir.people.models import Agent
from comptoir.web.queries.exchange import exchange_window
from comptoir.web.queries.inbox import PAGE, Listing, Position, Sort, StandingView, inbox_page
from comptoir.web.queries.windows import Place
from tests.factories import make_conversation, make_incoming, make_outgoing
from tests.web import one_counter
from tests.web.conftest import Counter, client_of, htmx

counter = one_counter.counter


def everything(agent: Agent, view: StandingView, sort: Sort) -> list[int]:
    """All pages, one after the other."""
    found: list[int] = []
    after: Position | None = None
    while True:
        page = inbox_page(agent, Listing(view, sort), after)
        found += [row.pk for row in page.rows]
        after = page.after
        if after is None:
            return found


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_pages_hold_every_conversation_once_and_in_order(counter: Counter, role: str) -> None:
    Conversation.objects.all().delete()
    at = now()
    made = [make_conversation(account=counter.account, at=at - timedelta(minutes=n // 3)) for n in range(PAGE * 2 + 5)]
    wanted = [one.pk for one in sorted(made, key=lambda one: (one.last_message_at, one.pk), reverse=True)]
    assert everything(counter.people[role], StandingView.ALL, Sort.NEWEST) == wanted


def test_those_who_have_waited_longest_come_first_and_nobody_else_comes(counter: Counter) -> None:
    Conversation.objects.all().delete()
    waiting = [make_conversation(account=counter.account, waiting_since=now() - timedelta(hours=n)) for n in range(5)]
    make_conversation(account=counter.account)
    wanted = [one.pk for one in reversed(waiting)]
    assert everything(counter.people["agent"], StandingView.ALL, Sort.WAITING) == wanted


def test_what_is_mine_is_on_my_list_though_it_is_another_teams(counter: Counter) -> None:
    stranger = counter.people["stranger"]
    Conversation.objects.filter(pk=counter.conversation.pk).update(assignee=stranger)
    assert everything(stranger, StandingView.MINE, Sort.NEWEST) == [counter.conversation.pk]
    assert everything(stranger, StandingView.ALL, Sort.NEWEST) == [counter.conversation.pk]


def test_what_is_mine_and_my_teams_is_listed_once(counter: Counter) -> None:
    agent = counter.people["agent"]
    Conversation.objects.filter(pk=counter.conversation.pk).update(assignee=agent)
    assert everything(agent, StandingView.ALL, Sort.NEWEST) == [counter.conversation.pk]


def test_a_resolved_conversation_moves_to_the_resolved(counter: Counter) -> None:
    agent = counter.people["agent"]
    resolve_conversation(counter.conversation.pk, by=agent)
    assert everything(agent, StandingView.ALL, Sort.NEWEST) == []
    assert everything(agent, StandingView.RESOLVED, Sort.NEWEST) == [counter.conversation.pk]


def test_only_rows_that_belong_on_the_list_are_refreshed(counter: Counter) -> None:
    other = make_conversation(account=counter.account, status="resolved", resolved_at=now())
    client = client_of(counter.people["agent"])
    page = client.get(f"/inbox/all/rows/?ids={counter.conversation.pk},{other.pk},999,x").content.decode()
    assert f'id="row-{counter.conversation.pk}"' in page
    assert f'id="row-{other.pk}"' not in page


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_position(text: str) -> None:
    read = Position.read(text)
    assert read is None or Position.read(str(read)) == read


def test_windows_of_an_exchange_hold_every_message_once(counter: Counter) -> None:
    Message.objects.all().delete()
    at = now()
    made = [make_incoming(counter.conversation, sent_at=at - timedelta(seconds=n // 4)).pk for n in range(130)]
    seen: list[int] = []
    before: Position | None = None
    while True:
        window = exchange_window(counter.conversation, Place(before=before))
        seen = [item.message.pk for item in window.items if item.message] + seen
        before = window.before
        if before is None:
            break
    assert sorted(seen) == sorted(made)
    assert seen == list(counter.conversation.messages.in_order().values_list("pk", flat=True))


def test_a_reply_goes_with_its_draft(counter: Counter) -> None:
    agent = counter.people["agent"]
    Draft.objects.create(conversation=counter.conversation, agent=agent, text="Bonjour", visibility="private")
    address = f"/conversations/{counter.conversation.pk}/write/"
    answer = client_of(agent).post(address, {"mode": "private", "text": "Bonjour"}, headers=htmx())
    assert answer.headers["HX-Trigger"] == "exchange-changed"
    assert not Draft.objects.filter(agent=agent).exists()


def test_a_refused_reply_leaves_draft_and_page_as_they_are(counter: Counter) -> None:
    agent = counter.people["agent"]
    Draft.objects.create(conversation=counter.conversation, agent=agent, text="Bonjour", visibility="private")
    address = f"/conversations/{counter.conversation.pk}/write/"
    before = Message.objects.count()
    answer = client_of(agent).post(address, {"mode": "private", "text": "x" * 301}, headers=htmx())
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#composer-refusal"
    assert (Message.objects.count(), Draft.objects.filter(agent=agent).count()) == (before, 1)


def test_an_expert_leaves_notes_and_cannot_answer(counter: Counter) -> None:
    client = client_of(counter.people["expert"])
    address = f"/conversations/{counter.conversation.pk}/write/"
    assert client.post(address, {"mode": "note", "text": "Vu"}, headers=htmx()).status_code == 200
    assert client.post(address, {"mode": "private", "text": "Bonjour"}, headers=htmx()).status_code == 403


def test_a_failure_says_why_and_offers_another_try(counter: Counter) -> None:
    page = client_of(counter.people["agent"]).get(f"/conversations/{counter.conversation.pk}/").content.decode()
    assert "Refusé : trop long" in page
    assert f"/messages/{counter.failed.pk}/resend/" in page


def test_what_was_set_aside_is_shown_as_text_and_read_again(counter: Counter) -> None:
    client = client_of(counter.people["supervisor"])
    page = client.get(f"/deliveries/{counter.delivery.pk}/").content.decode()
    assert "{&lt;script&gt;" in page
    client.post("/deliveries/replay/", {"id": counter.delivery.pk})
    assert RawDelivery.objects.get().state == "new"


def test_a_new_colleague_gets_a_link_that_is_shown_once(counter: Counter) -> None:
    client = client_of(counter.people["administrator"])
    form = {
        "name": "Léa Roy",
        "email": "Lea@maison.example",
        "role": "agent",
        "language": "fr",
        "teams": [counter.team.pk],
    }
    page = client.post("/people/new/", form).content.decode()
    assert "/sign-in/" in page
    assert list(Agent.objects.get(user__email="lea@maison.example").teams.all()) == [counter.team]


def test_an_address_that_signs_in_already_is_refused_in_words(counter: Counter) -> None:
    client = client_of(counter.people["administrator"])
    email = counter.people["agent"].user.email.upper()
    answer = client.post("/people/new/", {"name": "A", "email": email, "role": "agent", "language": "fr"})
    assert answer.status_code == 422
    assert "se connecte déjà" in answer.content.decode()


def test_an_outgoing_message_shows_what_the_network_said_and_no_more(counter: Counter) -> None:
    counter.sent.delete()
    make_outgoing(counter.conversation, state="sending", external_id=None)
    page = client_of(counter.people["agent"]).get(f"/conversations/{counter.conversation.pk}/").content.decode()
    assert "Envoyée" not in page


@pytest.mark.parametrize(("kind", "heading"), [("email", "E-mail"), ("chat", "Chat en direct")])
def test_the_form_that_connects_an_account_names_the_channel(counter: Counter, kind: str, heading: str) -> None:
    page = client_of(counter.people["administrator"]).get(f"/accounts/connect/{kind}/").content.decode()
    assert f"<h1>Connecter un compte {heading}</h1>" in page


def test_only_what_may_be_left_empty_is_marked_optional(counter: Counter) -> None:
    page = client_of(counter.people["administrator"]).get("/accounts/connect/chat/").content.decode()
    assert page.count("(facultatif)") == 3


def test_a_request_that_cannot_be_read_is_answered_in_words(counter: Counter) -> None:
    client = client_of(counter.people["agent"])
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "Cette demande n’a pas pu être lue" in answer.content.decode()


def test_taking_off_a_tag_with_a_nul_in_it_is_no_error(counter: Counter) -> None:
    client = client_of(counter.people["agent"])
    address = f"/conversations/{counter.conversation.pk}/untag/"
    assert client.post(address, {"name": "a\x00b"}, headers=htmx()).status_code == 204
