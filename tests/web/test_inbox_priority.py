"""The order of priority, what it is narrowed to, and what a row says of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.web.queries.inbox import InboxFilters, Listing, Position, Sort, StandingView, inbox_page
from comptoir.web.queries.inbox.counts import counts
from tests.factories import make_conversation
from tests.web import one_counter
from tests.web.conftest import Counter, client_of

counter = one_counter.counter

START = now() - timedelta(days=1)


@pytest.fixture
def clear(counter: Counter) -> Counter:
    Conversation.objects.all().delete()
    return counter


def waiting(counter: Counter, priority: int, minutes: int, **fields: Any) -> Conversation:
    since = START + timedelta(minutes=minutes)
    return make_conversation(account=counter.account, priority=priority, waiting_since=since, **fields)


def read_through(agent: Agent, **asked: str) -> list[int]:
    """The list by priority, page by page as a browser asks for it."""
    filters = InboxFilters.read({name: [text] for name, text in asked.items()})
    listing, found, after = Listing.of(StandingView.ALL, "priority", filters), [], None
    while True:
        page = inbox_page(agent, listing, after)
        found += [row.pk for row in page.rows]
        if page.after is None:
            return found
        after = Position.read(str(page.after))


@pytest.mark.parametrize("who", ["agent", "supervisor"])
def test_who_waits_is_listed_by_priority_and_then_by_how_long(clear: Counter, who: str) -> None:
    low, high, normal, urgent, first = (
        waiting(clear, priority, minutes).pk for priority, minutes in ((0, 0), (2, 1), (1, 2), (3, 3), (1, 1))
    )
    make_conversation(account=clear.account, priority=3)  # nobody waits there
    assert read_through(clear.people[who]) == [urgent, high, first, normal, low]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=90))
def test_no_row_is_missed_or_shown_twice_from_page_to_page(
    clear: Counter, monkeypatch: pytest.MonkeyPatch, drawn: list[tuple[int, int]]
) -> None:
    monkeypatch.setattr("comptoir.web.queries.inbox.pages.PAGE", 4)
    monkeypatch.setattr("comptoir.web.queries.inbox.pages._STEPS", (3, 5))
    Conversation.objects.all().delete()
    made = [waiting(clear, priority, minutes, is_public=minutes > 2) for priority, minutes in drawn]
    ordered = sorted(made, key=lambda one: (-one.priority, one.waiting_since, one.pk))
    agent = clear.people["agent"]
    assert read_through(agent) == [one.pk for one in ordered]
    assert read_through(agent, priority="2") == [one.pk for one in ordered if one.priority >= 2]
    assert read_through(agent, visibility="public") == [one.pk for one in ordered if one.is_public]


@pytest.mark.parametrize(("asked", "most"), [("2", 2), ("3", 1)])
@pytest.mark.parametrize("sort", ["newest", "waiting", "priority"])
def test_a_list_is_narrowed_to_what_has_at_least_a_priority(clear: Counter, asked: str, most: int, sort: str) -> None:
    kept = [waiting(clear, priority, 3 - priority).pk for priority in (3, 2, 1, 0)][:most]
    agent = clear.people["agent"]
    listing = Listing.of(StandingView.ALL, sort, InboxFilters.read({"priority": [asked]}))
    assert {row.pk for row in inbox_page(agent, listing).rows} == set(kept)
    assert counts(agent, {"it": listing})["it"].number == most


@pytest.mark.parametrize("asked", ["1", "9", "x"])
def test_a_priority_that_is_no_question_is_not_asked(asked: str) -> None:
    assert not InboxFilters.read({"priority": [asked]})


def test_only_what_goes_before_others_has_a_word_on_its_row(clear: Counter) -> None:
    for priority in range(4):
        waiting(clear, priority, priority)
    page = client_of(clear.people["agent"]).get(reverse("inbox_view", args=["all"])).content.decode()
    assert page.count("mark-priority") == 2
    assert "Priorité\u00a0: Haute" in page
    assert "Priorité\u00a0: Urgente" in page


def test_what_is_done_presses_no_more(clear: Counter) -> None:
    make_conversation(account=clear.account, priority=3, status="resolved", resolved_at=now())
    page = client_of(clear.people["agent"]).get(reverse("inbox_view", args=["resolved"])).content.decode()
    assert "mark-priority" not in page


def test_rows_that_come_in_have_a_key_in_the_order_of_priority(clear: Counter) -> None:
    urgent, high, normal = (waiting(clear, priority, 5 - priority) for priority in (3, 2, 1))
    address = reverse("inbox_rows", args=["all"])
    asked = {"sort": "priority", "ids": f"{normal.pk},{high.pk},{urgent.pk}"}
    page = client_of(clear.people["agent"]).get(address, asked).content.decode()
    keys = [float(part.split('"')[0]) for part in page.split('data-key="')[1:]]
    assert keys == sorted(keys)
    assert [int(part.split('"')[0]) for part in page.split('data-id="')[1:]] == [urgent.pk, high.pk, normal.pk]


def test_who_looks_at_it_by_an_order_it_does_not_have_sees_the_newest_first(clear: Counter) -> None:
    assert Listing.of(StandingView.RESOLVED, "priority").sort is Sort.NEWEST
