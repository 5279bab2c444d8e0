"""Calendars as rows: whose they are, what they hold, which one counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from comptoir.channels.models import ChannelAccount
from comptoir.events.models import Event
from comptoir.sla.calendar import ALL_DAY, Span
from comptoir.sla.calendars import Exceptional, create_calendar, delete_calendar, edit_calendar
from comptoir.sla.models import OpeningCalendar
from comptoir.sla.opening import plain_calendar
from comptoir.sla.queries import CALENDARS_OF_ACCOUNT, opening_of, pure_calendar
from tests.factories import make_account, make_brand, make_team

pytestmark = pytest.mark.django_db

WEEK = {"mon": [["09:00", "12:30"], ["14:00", "18:00"]], "fri": [["22:00", "02:00"]]}
MONDAY, FRIDAY = date(2026, 5, 4), date(2026, 5, 8)


def given(**fields: Any) -> dict[str, Any]:
    return {"name": "Service", "time_zone": "Europe/Paris", "weekly_hours": WEEK} | fields


def test_weekly_hours_become_spans_and_nights_pass_midnight() -> None:
    calendar = create_calendar(owner=make_team(), **given()).as_calendar()
    assert calendar.spans_on(MONDAY) == (Span(540, 750), Span(840, 1080))
    assert calendar.spans_on(FRIDAY) == (Span(1320, 1560),)
    assert calendar.zone == ZoneInfo("Europe/Paris")


def test_holidays_of_the_country_close_it() -> None:
    calendar = create_calendar(owner=make_team(), **given(country="FR")).as_calendar()
    assert calendar.spans_on(FRIDAY) == ()  # 8 May


def test_an_exceptional_day_holds_whatever_else_is_said() -> None:
    opened = Exceptional(FRIDAY, [["10:00", "11:00"]], "Inventaire")
    calendar = create_calendar(owner=make_team(), **given(country="FR", exceptions=[opened])).as_calendar()
    assert calendar.spans_on(FRIDAY) == (Span(600, 660),)


def test_no_weekly_hours_are_round_the_clock() -> None:
    assert create_calendar(owner=make_team(), **given(weekly_hours=None)).as_calendar().spans_on(MONDAY) == ALL_DAY


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekly_hours": {"mon": [["09:00", "12:00"], ["11:00", "18:00"]]}},
        {"weekly_hours": {"lundi": [["09:00", "12:00"]]}},
        {"weekly_hours": {"mon": [["9 heures", "12:00"]]}},
        {"weekly_hours": {}},
        {"time_zone": "Europe/Ici"},
        {"country": "XX"},
        {"subdivision": "67"},
        {"exceptions": [Exceptional(MONDAY, [["25:00", "26:00"]])]},
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        create_calendar(owner=make_team(), **given(**wrong))


def test_an_owner_has_one_calendar() -> None:
    team = make_team()
    create_calendar(owner=team, **given())
    with pytest.raises(ValidationError):
        create_calendar(owner=team, **given())


@pytest.mark.parametrize("owners", [0, 2])
def test_the_database_keeps_each_calendar_to_exactly_one_owner(owners: int) -> None:
    fields: dict[str, Any] = dict([("team", make_team()), ("brand", make_brand())][:owners])
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningCalendar.objects.create(name="À personne", **fields)


def test_the_nearest_calendar_counts_and_then_the_accounts_hours() -> None:
    account = make_account(weekly_hours={"mon": [["08:00", "09:00"]]})
    found = [pure_calendar(account, account.team_id).spans_on(MONDAY)]
    for owner, opens in ((account.brand, "10:00"), (account.team, "11:00"), (account, "12:00")):
        create_calendar(owner=owner, **given(weekly_hours={"mon": [[opens, "20:00"]]}))
        found.append(pure_calendar(account, account.team_id).spans_on(MONDAY))
    assert found == [(Span(opens, closes),) for opens, closes in ((480, 540), (600, 1200), (660, 1200), (720, 1200))]


def test_an_account_without_hours_is_open_round_the_clock_in_its_brands_zone() -> None:
    account = make_account(brand=make_brand(time_zone="Indian/Reunion"))
    calendar = pure_calendar(account, account.team_id)
    assert (calendar.spans_on(MONDAY), calendar.zone.key) == (ALL_DAY, "Indian/Reunion")


def test_the_calendar_of_another_team_does_not_count() -> None:
    account = make_account()
    create_calendar(owner=make_team(), **given())
    assert pure_calendar(account, account.team_id).weekly is None


def test_a_change_is_seen_at_once_and_recorded_once() -> None:
    calendar = create_calendar(owner=make_team(), **given())
    calendar.as_calendar()
    edited = edit_calendar(calendar.pk, **given(exceptions=[Exceptional(MONDAY, reason="Grève")]))
    edit_calendar(calendar.pk, **given(exceptions=[Exceptional(MONDAY, reason="Grève")]))
    assert edited.as_calendar().spans_on(MONDAY) == ()
    event = Event.objects.get(name="calendar.changed")
    assert list(event.details["changes"]) == ["exceptions"]


def test_the_pure_calendar_is_made_once_for_one_state_of_the_row() -> None:
    calendar = create_calendar(owner=make_team(), **given())
    assert OpeningCalendar.objects.get(pk=calendar.pk).as_calendar() is calendar.as_calendar()


def test_a_forgotten_calendar_leaves_the_next_one() -> None:
    account = make_account()
    delete_calendar(create_calendar(owner=account, **given()).pk)
    assert pure_calendar(account, account.team_id).weekly is None
    assert Event.objects.get(name="calendar.deleted").details["was"]["weekly_hours"] == WEEK


def test_the_night_before_an_exceptional_closing_is_worked_to_its_end() -> None:
    saturday = Exceptional(date(2026, 5, 9), reason="Inventaire")
    calendar = create_calendar(owner=make_team(), **given(exceptions=[saturday])).as_calendar()
    midnight = datetime(2026, 5, 8, 22, tzinfo=UTC)
    assert next(calendar.openings(midnight, until_day=date(2026, 5, 9)))[1] == datetime(2026, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        (datetime(2026, 5, 4, 7, 0, tzinfo=UTC), True, None),  # 9:00 in Paris, to the second
        (datetime(2026, 5, 4, 10, 30, tzinfo=UTC), False, datetime(2026, 5, 4, 12, 0, tzinfo=UTC)),  # it just closed
        (datetime(2026, 5, 4, 16, 0, tzinfo=UTC), False, datetime(2026, 5, 11, 7, 0, tzinfo=UTC)),  # past 8 May
        (datetime(2026, 5, 15, 23, 0, tzinfo=UTC), True, None),  # in the night of Friday
    ],
)
def test_it_says_whether_it_is_open_and_when_it_opens(at: datetime, is_open: bool, opens: datetime | None) -> None:
    calendar = create_calendar(owner=make_team(), **given(country="FR")).as_calendar()
    assert (calendar.is_open_at(at), calendar.next_opening(at)) == (is_open, opens)


def test_what_never_opens_opens_within_no_year() -> None:
    calendar = plain_calendar("Europe/Paris", {"mon": []})
    assert calendar.next_opening(datetime(2026, 5, 4, 7, 0, tzinfo=UTC)) is None


@pytest.mark.parametrize("nearest", ["account", "team", "brand", None])
def test_an_account_that_came_with_its_calendars_is_asked_for_none(
    nearest: str | None, django_assert_num_queries: Any
) -> None:
    account = make_account(weekly_hours={"mon": [["08:00", "09:00"]]})
    owners = {"brand": account.brand, "team": account.team, "account": account}
    for owner in list(owners)[: list(owners).index(nearest) + 1] if nearest else []:
        hours = {"mon": [["10:00", f"1{len(owner)}:00"]]}
        create_calendar(owner=owners[owner], **given(weekly_hours=hours)).as_calendar()
    expected = pure_calendar(account, account.team_id).spans_on(MONDAY)
    whole = ChannelAccount.objects.select_related("brand", *CALENDARS_OF_ACCOUNT).get()
    with django_assert_num_queries(0):
        assert opening_of(whole).spans_on(MONDAY) == expected
