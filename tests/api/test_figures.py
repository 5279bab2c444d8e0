"""Figures of service through the API: those of the screen, read-only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant
from comptoir.desk.hand_offs import offer_hand_off
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.people.models import Team
from comptoir.reporting.actions import count_conversations
from comptoir.reporting.asking import Question, Reach
from comptoir.reporting.queries import report
from tests.api.conftest import Program, program_for
from tests.factories import make_account, make_agent, make_team
from tests.intake.events import START, echo, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_kinds")]


@pytest.fixture
def team() -> Team:
    return make_team(name="Service")


@pytest.fixture
def director(team: Team) -> Program:
    """Of a counter where, in March, one was answered after seven minutes, and one waits, offered to another team."""
    account, others = make_account(team=team), make_team(name="Experts")
    make_agent(teams=[others])
    receive(account, [said("a", by="lea"), echo("b", to="lea", minutes=7), said("c", by="nadia", thread_id="t-2")])
    waits = Conversation.objects.get(messages__external_id="c")
    with at_instant(START + timedelta(hours=1)):
        offer_hand_off(waits.pk, to=others, asked="?", by=None)
    count_conversations(list(Conversation.objects.values_list("pk", flat=True)))
    return program_for(make_agent(role="director"))


MARCH = {"since": "2026-03-01", "until": "2026-03-30"}


def figures(program: Program, **asked: str) -> Any:
    answer = program.get(f"/figures?{urlencode(MARCH | asked)}")
    assert answer.status_code == 200
    return answer.json()


def test_they_are_those_of_the_screen(director: Program) -> None:
    told = figures(director)
    of_screen = report(Question.read(MARCH), Reach.of(director.agent)).whole
    assert (told["whole"]["received"], told["whole"]["answered"]) == (of_screen.received, of_screen.answered) == (2, 1)
    assert told["whole"]["first_reply"] == {"count": 1, "median_s": 420, "p90_s": 420}
    assert (told["lines"][0]["key"], len(told["backlog"])) == ("fake", 30)
    hand_offs = next(one for one in told["passed"] if one["kind"] == "hand_off")
    assert (hand_offs["asked"], hand_offs["open"]) == (1, 1)


def test_the_lines_are_what_is_asked_for(director: Program, team: Team) -> None:
    told = figures(director, by="team")
    assert [(one["key"], one["name"]) for one in told["lines"]] == [(str(team.pk), "Service")]
    days = figures(director, by="day", since="2026-03-02", until="2026-03-03")
    assert [(one["key"], one["figures"]["received"]) for one in days["lines"]] == [("2026-03-02", 2), ("2026-03-03", 0)]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("?since=2026-05-02&until=2026-05-01", "/since"), ("?since=1960-01-01", "/since"),
     ("?since=2020-01-01&until=2022-01-01", "/since"), ("?intent=?", "/intent"), ("?by=moon", "/by")],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(director: Program, query: str, pointer: str) -> None:
    answer = director.get(f"/figures{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].endswith(pointer)


def test_an_agent_reads_those_of_their_teams_and_nobodys_own(director: Program, team: Team) -> None:
    stranger = program_for(make_agent(teams=[make_team()]))
    assert figures(stranger)["whole"]["received"] == 0
    colleague = program_for(make_agent(teams=[team]))
    assert figures(colleague, by="agent")["by"] == "channel"


def test_figures_of_somebody_whose_they_may_not_see_are_refused_and_not_everybodys(
    director: Program, team: Team
) -> None:
    colleague = program_for(make_agent(teams=[team]))
    answer = colleague.get(f"/figures?{urlencode(MARCH | {'agent': str(make_agent(teams=[team]).pk)})}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].endswith("/agent")


def test_who_took_them_stands_in_the_record(director: Program) -> None:
    figures(director)
    event = Event.objects.get(name="figures.exported")
    assert (event.actor_kind, event.details["question"]["until"]) == ("token", MARCH["until"])
