"""Whatever happens, over midnight and changes of time, the figures are those that the obvious way finds."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.connectors.base import Author
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import at_instant
from comptoir.desk.actions import change_team, reopen_conversation, resolve_conversation
from comptoir.desk.errors import DeskError
from comptoir.desk.merging import merge_conversations, unmerge_conversation
from comptoir.desk.spam import clear_spam, mark_spam
from comptoir.desk.splitting import split_conversation
from comptoir.intake.actions import receive
from comptoir.people.models import Agent
from comptoir.reporting.asking import By, Question, Reach
from comptoir.reporting.drilling import Figure, behind
from comptoir.reporting.measuring import Line
from comptoir.reporting.queries import report
from tests.factories import make_account, make_agent, make_brand, make_team
from tests.fake_network import FakeNetwork
from tests.intake.events import echo, said
from tests.reporting.counting_all import count_all
from tests.reporting.obvious import Case, day_of, obvious_line, open_at_days_end

#: Where a clock is put forward or back, and when: also at midnight itself, and over the line of the date.
CHANGES = [
    ("Europe/Paris", datetime(2026, 10, 24, 12, tzinfo=UTC)),
    ("Europe/Paris", datetime(2026, 3, 28, 12, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 9, 5, 12, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 4, 4, 12, tzinfo=UTC)),
    ("Atlantic/Azores", datetime(2026, 10, 24, 12, tzinfo=UTC)),
    ("Pacific/Kiritimati", datetime(2026, 12, 31, 1, tzinfo=UTC)),
]
ACTS = ("write", "write", "answer", "resolve", "reopen", "team", "merge", "unmerge", "split", "spam", "clear")
#: What is done: how many minutes later, what, to which conversation and which other one.
STEPS = st.lists(
    st.tuples(st.integers(1, 700), st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 5)), min_size=4, max_size=24
)


class Diary:
    """Does what is to be done, and notes it down; what the counter refuses is not noted."""

    def __init__(self) -> None:
        brand, self.agent = make_brand(), make_agent(role=Agent.Role.SUPERVISOR)
        self.teams = [make_team() for _ in range(3)]
        self.accounts = [make_account(kind=kind, brand=brand, team=self.teams[0]) for kind in ("fake", "fake_safe")]
        self.cases: dict[int, Case] = {}
        self.merged: dict[int, list[tuple[int, Case]]] = {}
        self.number = itertools.count()

    def do(self, act: str, at: datetime, which: int, other: int) -> None:
        if act == "write":
            self.write(at, which)
            return
        ids = sorted(self.cases)
        if ids:
            with at_instant(at):
                getattr(self, act)(at, ids[which % len(ids)], ids[other % len(ids)])

    def write(self, at: datetime, which: int) -> None:
        """One of six threads, on two channels; heard of three minutes later."""
        account = self.accounts[which % 2]
        name = f"in-{next(self.number)}"
        with at_instant(at):
            receive(account, [said(name, thread_id=f"t{which}", sent_at=at - timedelta(minutes=3))])
        self._note(Message.objects.get(external_id=name), at)

    def _note(self, message: Message, at: datetime) -> None:
        conversation = message.conversation
        new = Case(message.account.kind, conversation.team_id or 0, states=[(message.sent_at, True)])
        case = self.cases.setdefault(conversation.pk, new)
        if not case.is_open:
            case.states.append((at, True))
        case.asked.append(message.sent_at)
        case.is_spam = conversation.is_spam

    def answer(self, at: datetime, pk: int, _other: int) -> None:
        conversation = Conversation.objects.get(pk=pk)
        case = self.cases[pk]
        if case.is_open and not case.is_merged and not case.is_spam:
            name = f"out-{next(self.number)}"
            author = Author(id="lea", handle="lea", name="Lea")
            receive(
                conversation.account, [echo(name, thread_id=conversation.thread_id, sent_at=at, counterpart=author)]
            )
            self.cases[Message.objects.get(external_id=name).conversation_id].answered.append(at)

    def resolve(self, at: datetime, pk: int, _other: int) -> None:
        if _done(lambda: resolve_conversation(pk, by=self.agent)):
            self.cases[pk].states.append((at, False))

    def reopen(self, at: datetime, pk: int, _other: int) -> None:
        if _done(lambda: reopen_conversation(pk, by=self.agent)):
            self.cases[pk].states.append((at, True))

    def team(self, at: datetime, pk: int, other: int) -> None:
        case, to = self.cases[pk], self.teams[other % 3].pk
        if case.team != to and _done(lambda: change_team(pk, to=self.teams[other % 3], by=self.agent)):
            case.teams.append((at, case.team, to))
            case.team = to

    def merge(self, _at: datetime, pk: int, other: int) -> None:
        if _done(lambda: merge_conversations(pk, gone_id=other, by=self.agent, reason="same")):
            self.cases[other].is_merged = True
            self._look_again(pk, other)

    def unmerge(self, _at: datetime, pk: int, _other: int) -> None:
        kept = Conversation.objects.get(pk=pk).merged_into_id
        if kept and _done(lambda: unmerge_conversation(pk, by=self.agent)):
            self.cases[pk].is_merged = False
            self._look_again(pk, kept)

    def split(self, at: datetime, pk: int, _other: int) -> None:
        last = Message.objects.filter(conversation=pk, direction="incoming").order_by("-sent_at").first()
        made: list[Conversation] = []
        if last and _done(lambda: made.append(split_conversation(pk, message_ids=[last.pk], by=self.agent))):
            self.cases[made[0].pk] = Case(last.account.kind, made[0].team_id or 0, states=[(last.sent_at, True)])
            self._look_again(pk, made[0].pk)

    def spam(self, _at: datetime, pk: int, _other: int) -> None:
        mark_spam(pk, block=False, by=self.agent)
        self.cases[pk].is_spam = True

    def clear(self, _at: datetime, pk: int, _other: int) -> None:
        if _done(lambda: clear_spam(pk, by=self.agent)):
            self.cases[pk].is_spam = False

    def _look_again(self, *ids: int) -> None:
        """Messages went from one to another: which has which is seen in the conversations."""
        for pk in ids:
            case = self.cases[pk]
            said_there = Message.objects.filter(conversation=pk)
            case.asked = list(said_there.filter(direction="incoming").values_list("sent_at", flat=True))
            case.answered = list(said_there.filter(direction="outgoing").values_list("sent_at", flat=True))


def _done(act: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            act()
    except DeskError:
        return False
    return True


def told(line: Line) -> dict[str, Any]:
    names = ("received", "answered", "never_answered", "waiting", "resolved", "transferred", "reopened")
    durations = {
        name: (one.count, one.median_s, one.p90_s)
        for name, one in (("first_reply", line.first_reply), ("resolution", line.resolution))
    }
    return {name: getattr(line, name) for name in names} | durations


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[*HealthCheck])
@given(change=st.sampled_from(CHANGES), steps=STEPS, before=st.integers(0, 2), later=st.sampled_from([0, 3, 9]))
def test_the_figures_are_those_of_the_obvious_way(
    fake_network: FakeNetwork, change: tuple[str, datetime], steps: list[tuple[int, str, int, int]], before: int,
    later: int,
) -> None:  # fmt: skip
    zone, at = change
    undone = transaction.atomic()
    with override_settings(TIME_ZONE=zone), undone:
        diary = Diary()
        for minutes, act, which, other in steps:
            at += timedelta(minutes=minutes)
            diary.do(act, at, which, other)
        count_all()
        present = at + timedelta(days=later, minutes=1)
        with at_instant(present):
            compare(diary, zone, change[1].date() + timedelta(days=before), present)
        transaction.set_rollback(True)


def compare(diary: Diary, zone: str, since: date, present: datetime) -> None:
    question = Question(since, max(since, day_of(present, zone)))
    reach = Reach.of(diary.agent)
    counting = [case for case in diary.cases.values() if case.counts]
    within = [case for case in counting if question.since <= day_of(case.began, zone) <= question.until]
    answer = report(question, reach)
    assert told(answer.whole) == obvious_line(within, present)
    for named in answer.by_day:
        assert told(named.line) == obvious_line(
            [one for one in within if day_of(one.began, zone) == named.key], present
        )
    for named in answer.lines:
        assert told(named.line) == obvious_line([one for one in within if one.channel == named.key], present)
    for end in answer.backlog:
        assert end.left == open_at_days_end(counting, end.day, zone), end
    team = diary.teams[0].pk
    for end in report(question.of(By.TEAM, team), reach).backlog:
        assert end.left == open_at_days_end(counting, end.day, zone, team=team), end
    assert sum(answer.ages) == sum(case.is_open for case in counting)
    agrees_below(answer.whole, question, reach)


def agrees_below(line: Line, question: Question, reach: Reach) -> None:
    """Each number leads to as many conversations as it says."""
    for figure in Figure:
        if hasattr(line, figure.value):
            assert behind(figure, question, reach).count() == getattr(line, figure), figure
    for end in report(question, reach).backlog:
        assert behind(Figure.OPEN_THEN, question, reach, open_on=end.day).count() == end.left
