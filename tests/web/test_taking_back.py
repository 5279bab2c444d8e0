"""What takes broken promises back asks first, also beside calendars and terms; hours without effect are not asked."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant
from comptoir.sla.actions import record_breaches, start_clocks
from comptoir.sla.calendars import create_calendar
from comptoir.sla.models import SLAPolicy
from tests.factories import make_agent, make_conversation
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db

NBSP = "\N{NO-BREAK SPACE}"
#: A Friday, 16:00 in Paris.
FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)
EVENING = FRIDAY + timedelta(hours=5)
WEEK = {"opens": "weekly"} | dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "9h-18h")


@pytest.fixture
def client() -> Client:
    return client_of(make_agent(role="administrator", name="Camille"))


@pytest.fixture
def broken() -> Conversation:
    """A promise of four working hours, broken on Friday evening since the account was always open."""
    SLAPolicy.objects.update(target=timedelta(hours=4), target_working_days=None, is_in_working_time=True)
    conversation = make_conversation()
    start_clocks({conversation.pk: FRIDAY})
    return conversation


def asked_first(client: Client, address: str, posted: dict[str, str]) -> Any:
    """It asks, with how many there are; the page that asks is given back once it was agreed to."""
    with at_instant(EVENING):
        record_breaches()
        asked = client.post(address, posted)
        assert asked.status_code == 422
        count = asked.context["mended"].count
        assert count > 0
        assert f"Cela annule {count} promesse" in asked.content.decode()
        assert client.post(address, posted | {"mends": asked.context["mended"].agreement}).status_code == 302
    return asked


def test_hours_of_an_account_ask_before_they_take_promises_back(client: Client, broken: Conversation) -> None:
    with at_instant(EVENING):
        record_breaches()
        client.post(f"/accounts/{broken.account_id}/hours/", WEEK)
    broken.account.refresh_from_db()
    assert broken.account.weekly_hours == {}
    asked = asked_first(client, f"/accounts/{broken.account_id}/hours/", WEEK)
    assert "Les enregistrer quand même" in asked.content.decode()
    broken.account.refresh_from_db()
    assert set(broken.account.weekly_hours) == {"mon", "tue", "wed", "thu", "fri"}


def test_another_one_broken_since_it_was_asked_is_asked_about_first(client: Client, broken: Conversation) -> None:
    address = f"/accounts/{broken.account_id}/hours/"
    with at_instant(EVENING):
        record_breaches()
        agreed = client.post(address, WEEK).context["mended"]
        for made_up in ("9999", "", agreed.agreement[:-2]):
            assert client.post(address, WEEK | {"mends": made_up}).status_code == 422
        broken.clocks.update(stopped_at=EVENING)  # as many as before, and others
        start_clocks({make_conversation(account=broken.account).pk: FRIDAY})
        record_breaches()
        again = client.post(address, WEEK | {"mends": agreed.agreement})
        assert (again.status_code, again.context["mended"].count) == (422, agreed.count)
        assert "n’y était pas quand la question vous a été posée" in again.content.decode()
        broken.account.refresh_from_db()
        assert broken.account.weekly_hours == {}
        assert client.post(address, WEEK | {"mends": again.context["mended"].agreement}).status_code == 302
    broken.account.refresh_from_db()
    assert broken.account.weekly_hours


def test_switching_a_longer_promise_on_asks_before_it_takes_promises_back(client: Client, broken: Conversation) -> None:
    longer = SLAPolicy.objects.create(position=0, promise="first_reply", target=timedelta(days=3), is_active=False)
    asked = asked_first(client, f"/promises/{longer.pk}/switch/", {"on": "yes"})
    assert "L’activer quand même" in asked.content.decode()
    longer.refresh_from_db()
    assert longer.is_active


def test_switching_a_short_promise_off_asks_before_it_takes_promises_back(client: Client, broken: Conversation) -> None:
    short, _longer = short_and_longer(broken)
    asked = asked_first(client, f"/promises/{short.pk}/switch/", {"on": "no"})
    assert "La désactiver quand même" in asked.content.decode()


def short_and_longer(conversation: Conversation) -> tuple[SLAPolicy, SLAPolicy]:
    """The one that was given, and below it one that would hold next."""
    short = conversation.clocks.get(promise="first_reply").policy
    longer = SLAPolicy.objects.create(position=short.position + 1, promise="first_reply", target=timedelta(days=3))
    SLAPolicy.objects.exclude(pk__in=[short.pk, longer.pk]).update(position=99)
    return short, longer


def test_moving_a_promise_asks_beside_it_before_it_takes_promises_back(client: Client, broken: Conversation) -> None:
    short, longer = short_and_longer(broken)
    asked = asked_first(client, f"/promises/{longer.pk}/move/", {"up": "yes"})
    assert asked.context["changed"] == longer.pk
    assert '<input type="hidden" name="up" value="yes">' in asked.content.decode()
    assert "La déplacer quand même" in asked.content.decode()
    longer.refresh_from_db()
    short.refresh_from_db()
    assert longer.position < short.position


def test_another_zone_of_the_brand_asks_before_it_takes_promises_back(client: Client, broken: Conversation) -> None:
    account = broken.account
    account.weekly_hours = {day: [["09:00", "23:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    account.save()
    brand = account.brand
    posted = {"name": brand.name, "language": brand.language, "time_zone": "Asia/Tokyo"}
    asked_first(client, f"/brands/{brand.pk}/", posted)
    brand.refresh_from_db()
    assert brand.time_zone == "Asia/Tokyo"


def test_enter_in_a_field_asks_once_more_and_agrees_to_nothing(client: Client, broken: Conversation) -> None:
    with at_instant(EVENING):
        record_breaches()
        page = client.post(f"/accounts/{broken.account_id}/hours/", WEEK).content.decode()
    form = page[page.rindex("<form", 0, page.index('name="mends"')) :]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None
    assert 'name="mends"' not in first[0]


def test_a_calendar_that_one_was_asked_about_forgetting_can_still_be_changed(
    client: Client, broken: Conversation
) -> None:
    calendar = create_calendar(owner=broken.account.brand, name="Long", time_zone="Europe/Paris", weekly_hours=None)
    SLAPolicy.objects.update(target=timedelta(hours=4), is_in_working_time=True)
    broken.account.weekly_hours = {day: [["09:00", "18:00"]] for day in ("mon", "tue")}
    broken.account.save()
    with at_instant(EVENING):
        record_breaches()
        asked = client.post(f"/calendars/{calendar.pk}/delete/")
    assert asked.status_code == 422
    page = asked.content.decode()
    form = page[page.rindex("<form", 0, page.index('name="mends"')) : page.index('name="mends"')]
    assert f'action="/calendars/{calendar.pk}/"' in form


def test_what_takes_nothing_back_is_done_at_once(client: Client, broken: Conversation) -> None:
    other = SLAPolicy.objects.create(position=99, promise="first_reply", target=timedelta(days=3))
    with at_instant(EVENING):
        record_breaches()
        assert client.post(f"/promises/{other.pk}/switch/", {"on": "no"}).status_code == 302
    other.refresh_from_db()
    assert not other.is_active


def test_an_account_that_goes_by_a_calendar_is_asked_for_no_hours(client: Client, broken: Conversation) -> None:
    account = broken.account
    address = f"/accounts/{account.pk}/"
    assert "Régler les horaires" in client.get(address).content.decode()
    calendar = create_calendar(owner=account.brand, name="Bureau", time_zone="Europe/Paris", weekly_hours=None)
    for page in (client.get(address).content.decode(), client.get(f"{address}hours/").content.decode()):
        assert f"D’après le calendrier «{NBSP}Bureau{NBSP}» de la marque «{NBSP}{account.brand.name}{NBSP}»." in page
        assert f'href="/calendars/{calendar.pk}/"' in page
        assert "Régler les horaires" not in page
        assert 'name="opens"' not in page
    client.post(f"{address}hours/", WEEK)
    account.refresh_from_db()
    assert account.weekly_hours == {}


def test_a_supervisor_who_watches_the_accounts_is_led_to_the_calendar(broken: Conversation) -> None:
    calendar = create_calendar(owner=broken.account.team, name="Équipe", time_zone="Europe/Paris", weekly_hours=None)
    page = client_of(make_agent(role="supervisor")).get(f"/accounts/{broken.account_id}/").content.decode()
    assert f'href="/calendars/{calendar.pk}/"' in page


def test_the_first_steps_ask_for_an_address_that_opens_for_others(client: Client, settings: Any) -> None:
    settings.BASE_URL = "http://127.0.0.1:8000"
    page = client.get("/guide/")
    assert "address" not in page.context["progress"].done
    assert "COMPTOIR_BASE_URL=https://" in page.content.decode()
    settings.BASE_URL = "https://care.example.com"
    page = client.get("/guide/")
    assert "address" in page.context["progress"].done
    assert "commencent par https://care.example.com." in page.content.decode()
