"""What an automation would have done in the last fortnight: as each conversation stood then, and nothing changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from comptoir.automations.lasting import Turn, crossings
from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.replaying import standings_at
from comptoir.automations.trying import Trial, try_automation
from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant, now
from comptoir.desk.actions import (
    assign_conversation,
    change_team,
    hold_conversation,
    resolve_conversation,
    tag_conversation,
    untag_conversation,
)
from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.people.models import Agent
from comptoir.routing.escalating import set_priority
from comptoir.routing.gathering import Moment
from tests.automations.written import tag, terms
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_outgoing, make_team
from tests.routing.writing import condition

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def supervisor() -> Agent:
    return make_agent(role="supervisor")


def came_in(at: datetime, text: str = "Mon colis", **fields: Any) -> Conversation:
    with at_instant(at):
        conversation = make_conversation(at=at, **fields)
        record("message.received", subject=make_incoming(conversation, text=text, sent_at=at))
    return conversation


def tried(supervisor: Agent, trigger: str, **more: Any) -> Trial:
    return try_automation(terms(trigger, tag(), **more).revision(), agent=supervisor)


def test_it_tells_how_often_it_would_have_run_and_where(supervisor: Agent) -> None:
    account, present = make_account(), now()
    met = [came_in(present - days * DAY, account=account) for days in (1, 5, 13)]
    came_in(present - 2 * DAY, "Merci", account=account)
    came_in(present - 20 * DAY, account=account)
    trial = tried(supervisor, "received", conditions=[condition("text", "colis")])
    assert (trial.runs, trial.conversations, trial.is_cut) == (3, 3, False)
    assert [one.facts.conversation_id for one in trial.shown] == [one.pk for one in met]


def test_trying_changes_nothing(supervisor: Agent) -> None:
    conversation = came_in(now() - DAY)
    events = Event.objects.count()
    tried(supervisor, "received")
    assert not AutomationRun.objects.exists()
    assert not Automation.objects.exists()
    assert (Event.objects.count(), conversation.tags.count()) == (events, 0)


def test_a_conversation_is_taken_as_it_stood_then(supervisor: Agent) -> None:
    conversation = came_in(now() - 3 * DAY)
    with at_instant(now() - 2 * DAY):
        assign_conversation(conversation.pk, to=supervisor, by=None)
    assert tried(supervisor, "received", conditions=[condition("owner", "nobody")]).runs == 1
    assert tried(supervisor, "received", conditions=[condition("owner", "somebody")]).runs == 0


def test_time_that_passed_is_found_again(supervisor: Agent) -> None:
    present = now()
    waited, answered = came_in(present - 3 * DAY), came_in(present - 3 * DAY)
    make_outgoing(waited, sent_at=present - 3 * DAY + 5 * HOUR)
    make_outgoing(answered, sent_at=present - 3 * DAY + 3 * HOUR)
    trial = tried(supervisor, "waits", after=4 * HOUR)
    assert [(one.facts.conversation_id, one.at) for one in trial.shown] == [(waited.pk, present - 3 * DAY + 4 * HOUR)]
    assert tried(supervisor, "silent", after=2 * DAY).runs == 2


def test_opening_hours_that_passed_are_found_again(supervisor: Agent) -> None:
    account = make_account(weekly_hours={"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]]})
    with at_instant(datetime(2026, 3, 6, 12, tzinfo=UTC)):
        waited = came_in(START + 5 * HOUR, account=account)  # 16:00 in Paris, a Monday
        answered = came_in(START + 5 * HOUR, account=account)
        make_outgoing(waited, sent_at=START + 25 * HOUR)
        make_outgoing(answered, sent_at=START + 22 * HOUR)
        trial = tried(supervisor, "waits", after=4 * HOUR, is_in_working_time=True)
    assert [(one.facts.conversation_id, one.at) for one in trial.shown] == [(waited.pk, START + 24 * HOUR)]


def test_trying_costs_the_same_however_much_happened(supervisor: Agent) -> None:
    counts = []
    for times in (2, 20):
        for _number in range(times):
            came_in(now() - DAY)
        with CaptureQueriesContext(connection) as asked:
            tried(supervisor, "received", conditions=[condition("owner", "nobody"), condition("seen", "private")])
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_how_it_stood_is_told_back_from_the_record(supervisor: Agent) -> None:
    conversation = make_conversation(at=START)
    former, later = conversation.team_id, make_team()

    def raise_it() -> None:
        set_priority(Conversation.objects.get(pk=conversation.pk), 3)

    acts = [
        lambda: assign_conversation(conversation.pk, to=supervisor, by=None),
        lambda: tag_conversation(conversation.pk, name="urgent", by=None),
        raise_it,
        lambda: hold_conversation(conversation.pk, by=None),
        lambda: change_team(conversation.pk, to=later, by=None),
        lambda: untag_conversation(conversation.pk, name="urgent", by=None),
        lambda: resolve_conversation(conversation.pk, by=None),
    ]
    for number, act in enumerate(acts, start=1):
        with at_instant(START + number * HOUR):
            act()
    stood = standings_at([Moment(conversation.pk, START + number * HOUR) for number in range(8)])
    assert [one.assignee_id for one in stood if one] == [None, *[supervisor.pk] * 4, None, None, None]
    assert [one.team_id for one in stood if one] == [former] * 5 + [later.pk] * 3
    assert [one.priority for one in stood if one] == [1] * 3 + [3] * 5
    assert [bool(one.tags) for one in stood if one] == [False, False, True, True, True, True, False, False]
    assert [one.status for one in stood if one] == ["open"] * 4 + ["pending"] * 3 + ["resolved"]


WHATS = ["said", "answered", "resolved", "opened", "snoozed", "pending"]
STORIES = st.lists(st.tuples(st.integers(0, 500), st.sampled_from(WHATS)), max_size=12)


@given(story=STORIES, minutes=st.integers(1, 60), state=st.sampled_from(["waits", "resolved", "snoozed", "pending"]))
def test_a_state_is_met_just_where_a_look_each_minute_would_have_met_it(
    story: list[tuple[int, str]], minutes: int, state: str
) -> None:
    begins = {"waits": "said"}.get(state, state)
    ends = {"waits": {"answered", "resolved"}}.get(state, {"opened", "resolved", "snoozed", "pending"} - {state})
    in_order = sorted(story, key=lambda one: one[0])
    looked, since, is_met = [], None, False
    for minute in range(601):
        if since is not None and not is_met and minute - since >= minutes:
            looked.append(minute)
            is_met = True
        for what in (what for at, what in in_order if at == minute):
            if what in ends:
                since, is_met = None, False
            elif what == begins and since is None:
                since = minute
    turns = [Turn(START + timedelta(minutes=at), what) for at, what in in_order]  # type: ignore[arg-type]
    found = crossings(state, turns, reached=lambda begun: begun + timedelta(minutes=minutes), until=START + 10 * HOUR)
    assert [round((at - START) / timedelta(minutes=1)) for at in found] == looked


def test_a_silence_is_met_once_however_often_we_write_into_it() -> None:
    story = [
        Turn(START, "said"), Turn(START + HOUR, "answered"), Turn(START + 50 * HOUR, "answered"),
        Turn(START + 200 * HOUR, "said"), Turn(START + 201 * HOUR, "answered"),
    ]  # fmt: skip
    found = list(crossings("silent", story, reached=lambda begun: begun + 2 * DAY, until=START + 400 * HOUR))
    assert found == [START + 49 * HOUR, START + 249 * HOUR]
