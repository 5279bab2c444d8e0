"""Time that passes in opening hours: counted as promises are, and kept as the instant at which it will have passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.automations.counting import count_all_anew
from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.queries import runs_of
from comptoir.automations.stopping import resume_automation
from comptoir.automations.sweeping import sweep
from comptoir.automations.writing import edit_automation, switch_automation
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant
from comptoir.desk.actions import change_team, hold_conversation
from comptoir.people.actions import close_access
from comptoir.sla.matching import calendars_of
from comptoir.sla.models import OpeningCalendar
from comptoir.sla.queries import pure_calendar
from tests.automations.waits import DAY, FOUR, HOUR, answer, look, tagged, waiting
from tests.automations.written import automation, ended, follow, tag, terms
from tests.factories import make_account, make_agent, make_conversation, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

MINUTE = timedelta(minutes=1)
WEEK = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
#: A Friday, 17:00 in Paris: an hour before the counter closes.
FRIDAY = datetime(2026, 2, 27, 16, tzinfo=UTC)
#: Three opening hours later: the Monday, 12:00 in Paris.
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


@pytest.fixture
def account() -> ChannelAccount:
    return make_account(weekly_hours=WEEK)


def four_hours_waited(**more: object) -> None:
    automation("waits", tag(), after=FOUR, is_in_working_time=True, since=FRIDAY - DAY, **more)


def states() -> list[str]:
    return [state for state, _reason in ended()]


def test_who_has_waited_for_so_many_opening_hours_is_met_then_and_not_before(account: ChannelAccount) -> None:
    four_hours_waited()
    one = waiting(FRIDAY, account=account)
    for at in (FRIDAY + FOUR, FRIDAY + DAY, NOON - MINUTE):
        look(at)
        assert tagged() == set()
    look(NOON)
    assert tagged() == {one.pk}


def test_when_it_will_be_due_is_computed_once_and_nobody_looks_before(account: ChannelAccount) -> None:
    four_hours_waited()
    counts = []
    for times in (1, 15):
        for _number in range(times):
            waiting(FRIDAY, account=account)
        with at_instant(FRIDAY + 5 * HOUR):
            sweep()
            with CaptureQueriesContext(connection) as asked:
                sweep()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert set(AutomationRun.objects.values_list("due_at", flat=True)) == {NOON}


def test_what_is_answered_before_is_let_go_and_not_listed(account: ChannelAccount) -> None:
    four_hours_waited()
    one = waiting(FRIDAY, account=account)
    look(FRIDAY + DAY)
    answer(one, NOON - HOUR)
    look(NOON)
    assert (tagged(), states()) == (set(), ["unmet"])
    run = AutomationRun.objects.get()
    assert runs_of(run.automation, agent=make_agent(role="administrator")) == []


def test_what_is_still_to_come_is_not_listed_as_about_to_run(account: ChannelAccount) -> None:
    four_hours_waited()
    waiting(FRIDAY, account=account)
    look(FRIDAY + DAY)
    run = AutomationRun.objects.get()
    with at_instant(FRIDAY + DAY):
        assert runs_of(run.automation, agent=make_agent(role="administrator")) == []


def test_other_hours_of_the_account_move_what_is_still_to_come(account: ChannelAccount) -> None:
    four_hours_waited()
    one = waiting(FRIDAY, account=account)
    look(FRIDAY + 5 * HOUR)
    ChannelAccount.objects.filter(pk=account.pk).update(weekly_hours=WEEK | {"sat": [["09:00", "18:00"]]})
    with at_instant(FRIDAY + 5 * HOUR):
        assert count_all_anew() == 1
    assert AutomationRun.objects.get().due_at == FRIDAY + 19 * HOUR  # the Saturday at noon
    look(FRIDAY + 19 * HOUR)
    assert tagged() == {one.pk}


def test_hours_that_changed_unheard_are_counted_again_when_it_would_run(account: ChannelAccount) -> None:
    four_hours_waited()
    one = waiting(FRIDAY, account=account)
    look(FRIDAY + DAY)
    ChannelAccount.objects.filter(pk=account.pk).update(weekly_hours=WEEK | {"mon": [["14:00", "18:00"]]})
    look(NOON)
    assert tagged() == set()
    look(NOON + 5 * HOUR)
    assert tagged() == {one.pk}


def test_another_team_has_its_own_hours_count(account: ChannelAccount) -> None:
    four_hours_waited()
    one = waiting(FRIDAY, account=account)
    look(FRIDAY + DAY)
    night = make_team(name="Nuit")
    OpeningCalendar.objects.create(name="Nuit", team=night, time_zone="Europe/Paris", weekly_hours=None)
    with at_instant(FRIDAY + DAY):
        change_team(one.pk, to=night, by=None)
        follow()
    assert AutomationRun.objects.get().due_at <= FRIDAY + DAY


def test_the_calendar_is_the_one_that_promises_are_counted_by(account: ChannelAccount) -> None:
    team, zone = make_team(), "Europe/Paris"
    conversations = [make_conversation(account=account), make_conversation(account=account, team=team), None]
    OpeningCalendar.objects.create(name="Marque", brand=account.brand, time_zone=zone, weekly_hours=WEEK)
    OpeningCalendar.objects.create(name="Équipe", team=team, time_zone=zone, weekly_hours=None)
    conversations[2] = make_conversation(account=make_account(weekly_hours={"sun": [["10:00", "12:00"]]}))
    whole = [one for one in conversations if one is not None]
    found = calendars_of({one.pk for one in whole})
    for one in whole:
        expected = pure_calendar(one.account, one.team_id)
        assert (found[one.pk].zone, found[one.pk].weekly) == (expected.zone, expected.weekly)


def test_a_counter_that_never_opens_sets_nothing_off() -> None:
    four_hours_waited()
    closed = make_account(weekly_hours={"mon": []})
    OpeningCalendar.objects.create(name="Fermé", account=closed, weekly_hours={"mon": []})
    waiting(FRIDAY, account=closed)
    look(NOON + 30 * DAY)
    assert (tagged(), states()) == (set(), ["unmet"])


@pytest.mark.parametrize(("switched_on", "is_met"), [(FRIDAY + DAY, True), (NOON + HOUR, False)])
def test_what_had_lasted_so_long_when_it_was_switched_on_is_left_alone(
    account: ChannelAccount, switched_on: datetime, is_met: bool
) -> None:
    one = waiting(FRIDAY, account=account)
    automation("waits", tag(), after=FOUR, is_in_working_time=True, since=switched_on)
    look(NOON + 2 * HOUR)
    assert (one.pk in tagged()) is is_met


def test_a_status_lasts_in_opening_hours_too(account: ChannelAccount) -> None:
    automation("pending", tag(), after=FOUR, is_in_working_time=True, since=FRIDAY - DAY)
    one: Conversation = waiting(FRIDAY - HOUR, account=account)
    look(FRIDAY - HOUR)
    with at_instant(FRIDAY):
        hold_conversation(one.pk, by=None)
    look(NOON - MINUTE)
    assert tagged() == set()
    look(NOON)
    assert tagged() == {one.pk}


def test_words_that_changed_hold_for_what_is_still_to_come_too(account: ChannelAccount) -> None:
    four_hours_waited()
    one = waiting(FRIDAY, account=account)
    look(FRIDAY + FOUR)
    with at_instant(FRIDAY + DAY):
        words = terms("waits", tag("relu"), after=FOUR, is_in_working_time=True)
        edit_automation(Automation.objects.get().pk, words)
    look(FRIDAY + DAY)
    look(NOON)
    assert [name for (name,) in one.tags.values_list("name")] == ["relu"]
    assert states() == ["done"]


def test_what_is_still_to_come_goes_on_with_whoever_takes_it_over(account: ChannelAccount) -> None:
    writer, successor = make_agent(role="administrator"), make_agent(role="administrator")
    four_hours_waited(writer=writer)
    one = waiting(FRIDAY, account=account)
    look(FRIDAY + FOUR)
    with at_instant(FRIDAY + DAY):
        close_access(writer.pk)
        follow()
        resume_automation(Automation.objects.get().pk, runs_held=True, writer=successor)
    look(NOON)
    assert tagged() == {one.pk}
    assert AutomationRun.objects.get().revision.writer == successor


def test_what_is_still_to_come_when_it_is_switched_off_is_let_go_and_met_once_it_is_on_again(
    account: ChannelAccount,
) -> None:
    four_hours_waited()
    one = waiting(FRIDAY, account=account)
    look(FRIDAY + FOUR)
    for at, on in ((FRIDAY + DAY, False), (FRIDAY + DAY + HOUR, True)):
        with at_instant(at):
            switch_automation(Automation.objects.get().pk, on=on)
        assert states() == []
    look(FRIDAY + 2 * DAY)
    look(NOON)
    assert (tagged(), states()) == ({one.pk}, ["done"])
