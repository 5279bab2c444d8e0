"""Warnings of promises: each is given once for its moment, and does what it says."""

from __future__ import annotations

import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.automations.warning_acts import act_on_warning
from comptoir.conversations.models import Conversation, Priority
from comptoir.core.clock import at_instant
from comptoir.desk.actions import assign_conversation, hold_conversation, reopen_conversation
from comptoir.events.models import Event
from comptoir.notifications.models import Notification, WebhookDelivery, WebhookEndpoint
from comptoir.reactions import REACTIONS
from comptoir.routing.models import Route
from comptoir.sla.actions import start_clocks, stop_clocks
from comptoir.sla.calendars import create_calendar, edit_calendar
from comptoir.sla.models import ClockWarning, PolicyWarning, Recomputation, SLAClock, SLAPolicy
from comptoir.sla.policies import Terms, create_policy, edit_policy
from comptoir.sla.tasks import recompute, watch
from comptoir.sla.warning import give_warnings
from comptoir.sla.warning_terms import WarningTerms
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_team
from tests.processes import run_side_by_side, started

pytestmark = pytest.mark.django_db

#: A Friday, 16:00 in Paris.
FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
OWNER, TEAM, SUPERVISORS = PolicyWarning.Audience.values


def promised(*warnings: WarningTerms, target: timedelta | None = 4 * HOUR, **terms: Any) -> SLAPolicy:
    """The only policy there is; made long before the conversations of these tests begin."""
    SLAPolicy.objects.all().delete()
    with at_instant(FRIDAY - timedelta(days=30)):
        return create_policy(Terms("first_reply", target, warnings=warnings, **terms))


def began(**fields: Any) -> Conversation:
    conversation = make_conversation(**fields)
    start_clocks({conversation.pk: FRIDAY})
    return conversation


def sweep() -> None:
    recompute(Recomputation.objects.latest("pk").pk)


def look(hours: float) -> int:
    """The watch, so many hours after the clock began."""
    with at_instant(FRIDAY + hours * HOUR):
        return give_warnings()


def follow() -> None:
    """Let everything react to what was given."""
    events = list(Event.objects.filter(name="clock.warned").order_by("pk"))
    for reaction in REACTIONS:
        if wanted := reaction.wanted(events):
            reaction.react(wanted)
    for job in ProcrastinateJob.objects.filter(task_name="automations.act_on_warning").order_by("pk"):
        act_on_warning(**job.args)


def given() -> list[tuple[float, float]]:
    """Of each warning given: its distance from the due time, and when it fell, in hours since the clock began."""
    rows = ClockWarning.objects.order_by("pk").values_list("warning__from_due", "fell_at")
    return [(from_due / HOUR, (fell_at - FRIDAY) / HOUR) for from_due, fell_at in rows]


BEFORE, AFTER = WarningTerms(-HOUR, tells=[OWNER]), WarningTerms(2 * HOUR, tells=[SUPERVISORS])


def test_several_are_given_before_and_after_each_in_its_time() -> None:
    promised(AFTER, BEFORE)
    began()
    assert [look(2.9), look(3), look(3.5), look(5.9), look(6), look(7)] == [0, 1, 0, 0, 1, 0]
    assert given() == [(-1, 3), (2, 6)]


def test_one_on_the_instant_itself_comes_with_the_breach() -> None:
    promised(WarningTerms(timedelta(0), tells=[OWNER]))
    began()
    with at_instant(FRIDAY + 4 * HOUR):
        watch(0)
    assert list(Event.objects.order_by("pk").values_list("name", flat=True))[-2:] == ["clock.breached", "clock.warned"]


def test_the_record_says_which_warning_of_which_promise() -> None:
    promised(BEFORE)
    conversation = began()
    look(3)
    event = Event.objects.get(name="clock.warned")
    assert event.conversation_id == conversation.pk
    assert event.details == {
        "promise": "first_reply", "due_at": (FRIDAY + 4 * HOUR).isoformat(), "minutes_from_due": -60,
        "warning": PolicyWarning.objects.get().pk, "given": ClockWarning.objects.get().pk,
    }  # fmt: skip


def test_an_answered_promise_is_not_warned_of() -> None:
    promised(BEFORE)
    conversation = began()
    stop_clocks(conversation.pk, FRIDAY + 2 * HOUR)
    assert look(3) == 0


def test_in_working_time_the_distance_is_working_time_too() -> None:
    promised(WarningTerms(-3 * HOUR, tells=[OWNER]), WarningTerms(8 * HOUR, tells=[OWNER]), is_in_working_time=True)
    account = make_account()
    create_calendar(owner=account, name="Bureau", time_zone="Europe/Paris", weekly_hours=OFFICE)
    began(account=account)
    assert [look(1), look(66)] == [1, 0]  # Friday 17:00; it is due on Monday at 11:00
    look(91)
    assert given() == [(-3, 1), (8, 90)]  # Tuesday 10:00: seven hours of Monday were left


def test_of_working_days_whole_days_are_working_days() -> None:
    day = timedelta(days=1)
    promised(
        WarningTerms(-day, tells=[OWNER]), WarningTerms(-2 * HOUR, tells=[OWNER]), WarningTerms(day, tells=[OWNER]),
        target=None, target_working_days=2,
    )  # fmt: skip
    account = make_account()
    create_calendar(owner=account, name="Bureau", time_zone="Europe/Paris", weekly_hours=OFFICE)
    began(account=account)
    look(24 * 30)
    friday_18h = datetime(2026, 5, 22, 16, tzinfo=UTC)
    fell = list(ClockWarning.objects.order_by("fell_at").values_list("fell_at", flat=True))
    assert fell == [friday_18h + 3 * day, friday_18h + 4 * day - 2 * HOUR, friday_18h + 5 * day]


def test_paused_it_is_not_warned_of_and_later_once_it_runs_on() -> None:
    promised(BEFORE, pauses="pending")
    conversation = began()
    with at_instant(FRIDAY + HOUR):
        hold_conversation(conversation.pk, by=None)
    assert look(3) == 0
    with at_instant(FRIDAY + 5 * HOUR):
        reopen_conversation(conversation.pk, by=None)
    assert [look(6.9), look(7)] == [0, 1]


class TestDueAtAnotherTime:
    """A promise that moves is warned of again only where its new moment is still to come."""

    HOURS: dict[str, Any] = {"name": "Bureau", "time_zone": "Europe/Paris", "weekly_hours": None}

    def moved(self, conversation: Conversation, hours: float) -> None:
        policy = SLAPolicy.objects.get()
        edit_policy(policy.pk, Terms("first_reply", hours * HOUR, warnings=[BEFORE]))
        sweep()

    def test_later_it_is_given_again_in_its_time(self) -> None:
        promised(BEFORE)
        conversation = began()
        look(3)
        with at_instant(FRIDAY + 3.2 * HOUR):
            self.moved(conversation, 8)
        assert [look(3.5), look(7)] == [0, 1]
        assert given() == [(-1, 3), (-1, 7)]

    def test_by_a_little_it_is_not_repeated(self) -> None:
        promised(BEFORE)
        conversation = began()
        look(3.1)
        with at_instant(FRIDAY + 3.2 * HOUR):
            self.moved(conversation, 4.05)
        assert look(3.5) == 0

    def test_earlier_it_is_given_at_once(self) -> None:
        promised(BEFORE)
        conversation = began()
        with at_instant(FRIDAY + 2.5 * HOUR):
            self.moved(conversation, 3)
        assert look(2.6) == 1
        assert given() == [(-1, 2)]

    def test_a_changed_calendar_moves_it(self) -> None:
        promised(BEFORE, is_in_working_time=True)
        account = make_account()
        calendar = create_calendar(owner=account, **self.HOURS)
        began(account=account)
        edit_calendar(calendar.pk, **self.HOURS | {"weekly_hours": OFFICE})
        sweep()
        assert [look(3), look(66)] == [0, 1]  # Monday 10:00 is the third hour


def test_a_new_warning_is_not_given_for_moments_that_were_over() -> None:
    policy = promised()
    began()
    with at_instant(FRIDAY + 3.5 * HOUR):
        edit_policy(policy.pk, Terms("first_reply", 4 * HOUR, warnings=[BEFORE, AFTER]))
        sweep()
    assert [look(3.6), look(6)] == [0, 1]
    assert given() == [(2, 6)]


def test_one_taken_off_is_given_no_more_and_what_was_given_stays() -> None:
    policy = promised(BEFORE, AFTER)
    began()
    look(3)
    edit_policy(policy.pk, Terms("first_reply", 4 * HOUR))
    sweep()
    assert look(7) == 0
    assert given() == [(-1, 3)]


@pytest.mark.parametrize("wrong", [[BEFORE, BEFORE], [WarningTerms(-4 * HOUR, tells=[OWNER])]])
def test_what_cannot_be_is_refused(wrong: list[WarningTerms]) -> None:
    with pytest.raises(ValidationError):
        promised(*wrong)


class TestWhatItDoes:
    """Told, posted, more urgent, given back, escalated: each once, however often it is followed."""

    def warned(self, **does: Any) -> Conversation:
        agent = make_agent(name="Awa")
        team = make_team()
        agent.teams.add(team)
        promised(WarningTerms(-HOUR, **does))
        conversation = began(team=team, account=make_account(team=team), assignee=agent)
        look(3)
        return conversation

    def notified(self) -> list[str]:
        return sorted(Notification.objects.filter(kind="warning").values_list("agent__name", flat=True))

    @pytest.fixture(autouse=True)
    def recent(self) -> Any:
        """Reactions do not tell of what is long over."""
        with at_instant(FRIDAY + 3 * HOUR):
            yield

    @pytest.fixture
    def camille(self) -> Any:
        return make_agent(role="supervisor", name="Camille")

    def test_the_owner_is_told(self, camille: Any) -> None:
        self.warned(tells=[OWNER])
        follow()
        assert self.notified() == ["Awa"]

    def test_where_nobody_has_it_the_team_is(self, camille: Any) -> None:
        conversation = self.warned(tells=[OWNER])
        make_agent(name="Zoé", teams=[conversation.team])
        Conversation.objects.update(assignee=None)
        follow()
        assert self.notified() == ["Awa", "Zoé"]

    def test_supervisors_are_told_who_may_see_it(self, camille: Any) -> None:
        make_agent(role="supervisor", name="Dominique").brands.add(make_brand())
        self.warned(tells=[SUPERVISORS])
        follow()
        assert self.notified() == ["Camille"]

    def test_it_is_posted_in_the_webhooks_chosen_whatever_these_asked_for(self) -> None:
        endpoints = [WebhookEndpoint(url=f"https://{name}.example/", event_names=["x.y"]) for name in ("a", "b")]
        for endpoint in endpoints:
            endpoint.secret = "s"
            endpoint.save()
        self.warned()
        endpoints[0].warnings.add(PolicyWarning.objects.get())
        for _time in range(2):
            follow()
        assert list(WebhookDelivery.objects.values_list("endpoint", "event__name")) == [
            (endpoints[0].pk, "clock.warned")
        ]

    def test_it_becomes_more_urgent_once_however_often_it_is_done(self) -> None:
        conversation = self.warned(raises_priority=True)
        for _time in range(3):
            follow()
        conversation.refresh_from_db()
        assert conversation.priority == Priority.HIGH
        [event] = Event.objects.filter(name="conversation.priority_raised")
        assert event.reason == "The promise runs out in 1 h."

    def test_what_is_urgent_stays_so(self) -> None:
        self.warned(raises_priority=True)
        Conversation.objects.update(priority=Priority.URGENT)
        follow()
        assert not Event.objects.filter(name="conversation.priority_raised").exists()

    def test_it_is_given_back_and_not_to_the_same_agent(self) -> None:
        conversation = self.warned(gives_back=True)
        owner = conversation.assignee
        follow()
        conversation.refresh_from_db()
        assert conversation.assignee is None
        assert Route.objects.get(conversation=conversation).released_by == owner

    def test_it_goes_to_the_team_that_helps(self) -> None:
        experts = make_team(name="Experts")
        conversation = self.warned(escalates_to_id=experts.pk)
        follow()
        conversation.refresh_from_db()
        assert (conversation.team, conversation.assignee) == (experts, None)

    def test_what_was_answered_meanwhile_stays_where_it_is(self) -> None:
        conversation = self.warned(gives_back=True, raises_priority=True)
        stop_clocks(conversation.pk, FRIDAY + 3 * HOUR)
        follow()
        conversation.refresh_from_db()
        assert conversation.assignee is not None
        assert conversation.priority == Priority.NORMAL
        assert ClockWarning.objects.get().acted_at is not None


# --- many at once ---


def keep_looking(_worker: int) -> None:
    with at_instant(FRIDAY + 7 * HOUR):
        while give_warnings():
            pass


def keep_acting(_worker: int) -> None:
    for job in ProcrastinateJob.objects.filter(task_name="automations.act_on_warning").order_by("pk"):
        act_on_warning(**job.args)


@pytest.mark.django_db(transaction=True)
def test_of_six_workers_each_warning_is_given_by_one() -> None:
    promised(BEFORE, AFTER)
    account = make_account()
    start_clocks({make_conversation(account=account).pk: FRIDAY for _number in range(700)})
    run_side_by_side(keep_looking, [(worker,) for worker in range(6)], seconds=120)
    assert ClockWarning.objects.count() == 1400
    assert Event.objects.filter(name="clock.warned").count() == 1400
    assert not SLAClock.objects.exclude(next_warning_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_of_six_workers_each_act_is_done_by_one() -> None:
    promised(WarningTerms(-HOUR, raises_priority=True))
    account = make_account()
    start_clocks({make_conversation(account=account).pk: FRIDAY for _number in range(40)})
    with at_instant(FRIDAY + 3 * HOUR):
        give_warnings()
        follow()
    run_side_by_side(keep_acting, [(worker,) for worker in range(6)], seconds=120)
    assert set(Conversation.objects.values_list("priority", flat=True)) == {Priority.HIGH}
    assert Event.objects.filter(name="conversation.priority_raised").count() == 40


def die_over_it() -> None:
    with at_instant(FRIDAY + 3 * HOUR), transaction.atomic():
        give_warnings()
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_over_it_leaves_it_to_the_next() -> None:
    promised(BEFORE)
    began()
    worker = started(die_over_it)
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    assert given() == []
    assert look(3) == 1
    assert given() == [(-1, 3)]


@pytest.mark.django_db(transaction=True)
def test_whoever_answers_while_the_watch_looks_is_not_waited_for() -> None:
    promised(BEFORE)
    held, free = began(), began()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM sla_slaclock WHERE conversation_id = %s FOR UPDATE", [held.pk])
        looked: list[int] = []

        def elsewhere() -> None:
            looked.append(look(3))
            connections.close_all()

        worker = threading.Thread(target=elsewhere)
        worker.start()
        worker.join(timeout=30)
        cursor.execute("ROLLBACK")
    assert looked == [1]
    assert ClockWarning.objects.get().clock.conversation_id == free.pk


def test_a_conversation_taken_by_hand_is_told_to_its_new_owner() -> None:
    promised(BEFORE)
    conversation = began()
    zoe = make_agent(name="Zoé")
    assign_conversation(conversation.pk, to=zoe, by=None)
    look(3)
    with at_instant(FRIDAY + 3 * HOUR):
        follow()
    assert list(Notification.objects.filter(kind="warning").values_list("agent__name", flat=True)) == ["Zoé"]
