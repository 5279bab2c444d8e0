"""Calendars and promises, set by a supervisor."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant
from comptoir.notifications.models import WebhookEndpoint
from comptoir.sla.actions import record_breaches, start_clocks
from comptoir.sla.calendars import create_calendar
from comptoir.sla.models import ExceptionalDay, OpeningCalendar, PolicyWarning, Recomputation, SLAPolicy
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_reason, make_team
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db

NBSP = "\N{NO-BREAK SPACE}"
#: A Friday, 16:00 in Paris.
FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)


@pytest.fixture
def client() -> Client:
    return client_of(make_agent(role="supervisor", name="Camille"))


def filled(**fields: str) -> dict[str, str]:
    """A calendar as the form sends it, with one row for an exceptional day."""
    return {
        "name": "Bureau", "time_zone": "Europe/Paris", "opens": "weekly", "mon": "9h-12h30, 14h-18h", "fri": "22h-2h",
        "country": "FR", "subdivision": "", "day-TOTAL_FORMS": "1", "day-INITIAL_FORMS": "0", "day-0-falls_on": "",
        "day-0-spans": "", "day-0-reason": "",
    } | fields  # fmt: skip


def test_a_calendar_is_made_from_hours_as_people_write_them(client: Client) -> None:
    team = make_team()
    answer = client.post("/calendars/new/", filled(owner=f"team-{team.pk}"))
    assert answer.status_code == 302
    kept = OpeningCalendar.objects.get(team=team)
    assert kept.weekly_hours == {"mon": [["09:00", "12:30"], ["14:00", "18:00"]], "fri": [["22:00", "02:00"]]}
    assert (kept.country, kept.subdivision) == ("FR", "")


def test_hours_written_under_always_open_are_not_lost_without_a_word(client: Client) -> None:
    brand = make_brand()
    answer = client.post("/calendars/new/", filled(owner=f"brand-{brand.pk}", opens="always", tue="neuf heures"))
    assert answer.status_code == 422
    assert "Des horaires sont écrits plus bas" in answer.content.decode()
    assert 'value="neuf heures"' in answer.content.decode()
    assert not OpeningCalendar.objects.exists()


def test_a_week_that_was_kept_gives_way_to_always_open(client: Client) -> None:
    brand = make_brand()
    client.post("/calendars/new/", filled(owner=f"brand-{brand.pk}"))
    calendar = OpeningCalendar.objects.get()
    as_shown = {"opens": "always", "mon": "09:00–12:30, 14:00–18:00", "fri": "22:00–02:00"}
    assert client.post(f"/calendars/{calendar.pk}/", filled(**as_shown)).status_code == 302
    calendar.refresh_from_db()
    assert calendar.weekly_hours is None


@pytest.mark.parametrize(
    ("given", "says"),
    [({"opens": "always", "mon": "", "fri": "", "country": ""}, "Ouvert en ce moment, jour et nuit."),
     ({"fri": "14h-24h", "sat": "0h-2h", "country": ""}, "Ferme le sam. 23 mai, 02:00.")],
)  # fmt: skip
def test_midnight_closes_nothing_that_goes_on_the_day_after(client: Client, given: dict[str, str], says: str) -> None:
    brand = make_brand()
    client.post("/calendars/new/", filled(owner=f"brand-{brand.pk}", **given))
    with at_instant(FRIDAY):
        assert says in client.get("/calendars/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"mon": "9h-12h, 11h-18h"}, "mon"), ({"mon": "le matin"}, "mon"), ({"mon": "", "fri": ""}, "opens"),
     ({"country": "XX"}, "country"), ({"name": ""}, "name")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field(client: Client, wrong: dict[str, str], field: str) -> None:
    answer = client.post("/calendars/new/", filled(owner=f"team-{make_team().pk}") | wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_an_owner_with_a_calendar_is_not_offered_again(client: Client) -> None:
    brand = make_brand(name="Aurore")
    create_calendar(owner=brand, name="Bureau", time_zone="Europe/Paris", weekly_hours=None)
    assert f"brand-{brand.pk}" not in client.get("/calendars/new/").content.decode()


def test_whom_a_calendar_may_be_for_is_grouped_and_accounts_are_told_apart(client: Client) -> None:
    aurore, zephyr = make_brand(name="Aurore"), make_brand(name="Zéphyr")
    team = make_team(name="Service")
    accounts = [make_account(kind=kind, brand=brand, team=team, name="Aurore")
                for kind, brand in (("email", zephyr), ("fake", aurore), ("email", aurore))]  # fmt: skip
    groups = client.get("/calendars/new/").context["form"].fields["owner"].choices
    assert [(label, [key for key, _words in choices]) for label, choices in groups] == [
        ("Marque", [f"brand-{aurore.pk}", f"brand-{zephyr.pk}"]),
        ("Équipe", [f"team-{team.pk}"]),
        (f"Compte{NBSP}: Aurore", [f"account-{accounts[2].pk}", f"account-{accounts[1].pk}"]),
        (f"Compte{NBSP}: Zéphyr", [f"account-{accounts[0].pk}"]),
    ]
    assert dict(groups[3][1])[f"account-{accounts[0].pk}"] == "E-mail, Aurore"


@pytest.fixture
def broken() -> Conversation:
    """A promise of four working hours, broken on Friday evening since there was no calendar."""
    SLAPolicy.objects.update(target=timedelta(hours=4), target_working_days=None, is_in_working_time=True)
    conversation = make_conversation()
    start_clocks({conversation.pk: FRIDAY})
    return conversation


def test_whoever_makes_a_calendar_is_told_first_what_it_takes_back(client: Client, broken: Conversation) -> None:
    given = filled(owner=f"brand-{broken.account.brand_id}", mon="9h-18h", fri="9h-18h", country="")
    with at_instant(FRIDAY + timedelta(hours=5)):
        count = record_breaches()
        asked = client.post("/calendars/new/", given)
        assert asked.status_code == 422
        assert not OpeningCalendar.objects.exists()
        assert f"Cela annule {count} promesse" in asked.content.decode()
        assert "Enregistrer quand même" in asked.content.decode()
        assert client.post("/calendars/new/", given | {"mends": "none"}).status_code == 422
        assert client.post("/calendars/new/", given | {"mends": asked.context["mended"].agreement}).status_code == 302
    assert OpeningCalendar.objects.exists()


def test_a_calendar_that_takes_nothing_back_is_kept_at_once(client: Client, broken: Conversation) -> None:
    given = filled(owner=f"brand-{make_brand().pk}")
    with at_instant(FRIDAY + timedelta(hours=5)):
        record_breaches()
        assert client.post("/calendars/new/", given).status_code == 302


def test_forgetting_a_calendar_asks_the_same(client: Client, broken: Conversation) -> None:
    account = broken.account
    week = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    create_calendar(owner=account.brand, name="Bureau", time_zone="Europe/Paris", weekly_hours=week)
    nearer = create_calendar(owner=account, name="Compte", time_zone="Europe/Paris", weekly_hours=None)
    with at_instant(FRIDAY + timedelta(hours=5)):
        record_breaches()
        asked = client.post(f"/calendars/{nearer.pk}/delete/")
        assert (asked.status_code, OpeningCalendar.objects.count()) == (422, 2)
        assert f'formaction="/calendars/{nearer.pk}/delete/"' in asked.content.decode()
        agreed = {"mends": asked.context["mended"].agreement}
        assert client.post(f"/calendars/{nearer.pk}/delete/", agreed).status_code == 302
    assert OpeningCalendar.objects.count() == 1


@pytest.fixture
def calendar() -> OpeningCalendar:
    hours = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    return create_calendar(
        owner=make_brand(name="Aurore"), name="Bureau", time_zone="Europe/Paris", weekly_hours=hours, country="FR"
    )


def test_exceptional_days_are_kept_and_taken_away(client: Client, calendar: OpeningCalendar) -> None:
    day = {"day-0-falls_on": "2026-12-24", "day-0-spans": "9h-12h", "day-0-reason": "Veille de Noël"}
    client.post(f"/calendars/{calendar.pk}/", filled(**day))
    kept = ExceptionalDay.objects.get()
    assert (kept.falls_on, kept.spans, kept.reason) == (date(2026, 12, 24), [["09:00", "12:00"]], "Veille de Noël")
    assert "Veille de Noël" in client.get(f"/calendars/{calendar.pk}/").content.decode()
    client.post(f"/calendars/{calendar.pk}/", filled())
    assert not ExceptionalDay.objects.exists()


def test_a_day_that_is_there_twice_is_refused(client: Client, calendar: OpeningCalendar) -> None:
    twice = {f"day-{number}-{name}": text for number in range(2) for name, text in
             (("falls_on", "2026-12-24"), ("spans", ""), ("reason", ""))}  # fmt: skip
    answer = client.post(f"/calendars/{calendar.pk}/", filled(**twice) | {"day-TOTAL_FORMS": "2"})
    assert answer.status_code == 422
    assert "Un jour figure deux fois." in answer.content.decode()


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (FRIDAY, "Ouvert en ce moment. Ferme le ven. 22 mai, 18:00."),
        (FRIDAY + timedelta(hours=4), "Fermé en ce moment. Ouvre le mar. 26 mai, 09:00."),
    ],
)
def test_the_state_of_the_counter_is_told(client: Client, calendar: OpeningCalendar, at: datetime, words: str) -> None:
    with at_instant(at):
        assert client.get(f"/calendars/{calendar.pk}/").context["seen"].words == words
        assert words in client.get("/calendars/").content.decode()


def test_the_next_ten_holidays_are_listed_by_name(client: Client, calendar: OpeningCalendar) -> None:
    with at_instant(FRIDAY):
        seen = client.get(f"/calendars/{calendar.pk}/").context["seen"]
    assert [one.name for one in seen.holidays[:2]] == ["Lundi de Pentecôte", "Fête nationale"]
    assert len(seen.holidays) == 10


def test_the_parts_of_the_chosen_country_are_offered(client: Client) -> None:
    page = client.get("/calendars/places/?country=FR").content.decode()
    assert "Alsace" in page
    assert "Bayern" in client.get("/calendars/places/?country=DE").content.decode()


def test_france_comes_first_among_the_countries(client: Client) -> None:
    page = client.get("/calendars/new/").content.decode()
    assert page.index('value="FR"') < page.index('value="DE"')
    assert "Allemagne" in page


def promised(**fields: Any) -> dict[str, Any]:
    """A promise as the form sends it, with one row for a warning."""
    return {
        "promise": "first_reply", "amount": "2", "unit": "hours", "counted": "yes", "seen": "public",
        "warning-TOTAL_FORMS": "1", "warning-INITIAL_FORMS": "0", "warning-0-amount": "", "warning-0-unit": "minutes",
        "warning-0-side": "before",
    } | fields  # fmt: skip


def test_whoever_changes_a_promise_is_told_first_what_it_takes_back(client: Client, broken: Conversation) -> None:
    with at_instant(FRIDAY + timedelta(hours=5)):
        record_breaches()
        given = promised(amount="9", seen="")
        answer = client.post("/promises/new/", given)
        assert (answer.status_code, SLAPolicy.objects.filter(target=timedelta(hours=9)).exists()) == (422, False)
        agreed = {"mends": answer.context["mended"].agreement}
        assert client.post("/promises/new/", given | agreed).status_code == 302


def test_conditions_that_few_promises_have_are_kept_and_read_as_a_sentence(client: Client) -> None:
    above = make_reason("Livraison")
    asked = {
        "priority": "2", "topic": above.pk, "languages": ["de", "en"], "customer_tags": "VIP, presse",
        "card_field": "étape", "card_values": "Prospect; essai",
    }  # fmt: skip
    assert client.post("/promises/new/", promised(**asked)).status_code == 302
    policy = SLAPolicy.objects.in_order()[0]
    assert (policy.least_priority, policy.topic, policy.languages) == (2, above, ["de", "en"])
    assert (policy.customer_tags, policy.card_field, policy.card_values) == (
        ["vip", "presse"], "étape", ["prospect", "essai"],
    )  # fmt: skip
    assert "à qui écrit en allemand ou anglais" in client.get("/promises/").content.decode()
    page = client.get(f"/promises/{policy.pk}/").content.decode()
    assert 'value="vip, presse"' in page
    assert '<details class="warning" open>' in page


def test_a_field_of_the_card_and_its_values_go_together(client: Client) -> None:
    answer = client.post("/promises/new/", promised(card_field="étape"))
    assert answer.status_code == 422
    assert "card_values" in answer.context["form"].errors


def warning(**fields: Any) -> dict[str, Any]:
    """The first row."""
    return {f"warning-0-{name}": value for name, value in fields.items()}


def test_a_warning_is_kept_and_read_as_a_sentence(client: Client) -> None:
    experts, endpoint = make_team(name="Experts"), WebhookEndpoint(url="https://crm.example/hook")
    endpoint.secret = "s"
    endpoint.save()
    does = warning(
        amount="30", tells=["owner", "supervisors"], raises_priority="on", gives_back="on", escalates_to=experts.pk,
        posts_to=[endpoint.pk],
    )  # fmt: skip
    assert client.post("/promises/new/", promised(**does)).status_code == 302
    kept = PolicyWarning.objects.get()
    assert (kept.from_due, kept.tells, kept.escalates_to) == (-timedelta(minutes=30), ["owner", "supervisors"], experts)
    assert list(kept.endpoints.all()) == [endpoint]
    assert (
        f"30 min avant l’échéance{NBSP}: prévenir qui s’en occupe, prévenir les superviseurs, rendre plus urgente, "
        "confier à quelqu’un d’autre de l’équipe, passer à l’équipe Experts, publier sur https://crm.example/hook"
    ) in client.get("/promises/").content.decode()


def test_a_warning_is_changed_and_taken_off(client: Client) -> None:
    client.post("/promises/new/", promised(**warning(amount="2", unit="hours", side="after", tells=["team"])))
    policy = SLAPolicy.objects.in_order()[0]
    page = client.get(f"/promises/{policy.pk}/").content.decode()
    assert 'name="warning-0-amount" value="2"' in page
    client.post(f"/promises/{policy.pk}/", promised())
    assert not PolicyWarning.objects.filter(is_active=True).exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (warning(amount="30"), "Choisissez ce que fait cet avertissement."),
        (warning(tells=["team"]), "Combien de temps avant ou après"),
        (warning(amount="2", unit="hours", tells=["team"]), "tombe avant que la promesse ne commence"),
    ],
)
def test_a_warning_that_cannot_be_is_said_and_nothing_is_lost(
    client: Client, wrong: dict[str, Any], words: str
) -> None:
    answer = client.post("/promises/new/", promised(**wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_promise_that_stands_still_says_so(client: Client) -> None:
    client.post("/promises/new/", promised(promise="resolution", pauses="answered"))
    assert SLAPolicy.objects.in_order()[0].pauses == "answered"
    assert "suspendue tant que notre réponse est le dernier mot" in client.get("/promises/").content.decode()


def test_a_promise_is_made_and_read_as_a_sentence(client: Client) -> None:
    assert client.post("/promises/new/", promised(kinds=["email"])).status_code == 302
    policy = SLAPolicy.objects.in_order()[0]
    assert (policy.target, policy.is_in_working_time, policy.is_public) == (timedelta(hours=2), True, True)
    assert (
        "Première réponse sous 2 h d’ouverture, sur E\u2011mail, en public" in client.get("/promises/").content.decode()
    )


def test_working_days_are_promised(client: Client) -> None:
    client.post("/promises/new/", promised(promise="resolution", amount="7", unit="working_days", counted="", seen=""))
    policy = SLAPolicy.objects.in_order()[0]
    assert (policy.target, policy.target_working_days, policy.is_in_working_time) == (None, 7, True)
    form = client.get(f"/promises/{policy.pk}/").context["form"]
    assert (form.initial["amount"], form.initial["unit"]) == (7, "working_days")


def test_a_promise_is_changed_switched_moved_and_forgotten(client: Client) -> None:
    first = SLAPolicy.objects.create(position=0)
    client.post(f"/promises/{first.pk}/", promised(amount="90", unit="minutes", counted="", seen="private"))
    client.post(f"/promises/{first.pk}/switch/", {"on": "no"})
    client.post(f"/promises/{first.pk}/move/", {"up": "no"})
    first.refresh_from_db()
    assert (first.target, first.is_active, first.position) == (timedelta(minutes=90), False, 2)
    client.post(f"/promises/{first.pk}/delete/")
    assert not SLAPolicy.objects.filter(pk=first.pk).exists()


def test_one_that_was_given_is_not_forgotten(client: Client) -> None:
    SLAPolicy.objects.all().delete()
    policy = SLAPolicy.objects.create()
    start_clocks({make_conversation().pk: FRIDAY})
    assert "Supprimer" not in client.get("/promises/").content.decode()
    page = client.post(f"/promises/{policy.pk}/delete/", follow=True).content.decode()
    assert "désactivez-la plutôt" in page


def test_how_far_a_change_has_come_is_shown_until_it_is_done(client: Client) -> None:
    sweep = Recomputation.objects.create(
        requested_at=FRIDAY, total_conversations=4, done_conversations=1, done_clocks=1
    )
    page = client.get("/promises/progress/").content.decode()
    assert f"25{NBSP}%" in page
    assert "every 2s" in page
    Recomputation.objects.filter(pk=sweep.pk).update(finished_at=FRIDAY)
    assert "every 2s" not in client.get("/promises/progress/").content.decode()


@pytest.mark.parametrize("address", ["/promises/", "/calendars/"])
def test_who_serves_customers_does_not_set_promises(address: str) -> None:
    assert client_of(make_agent(role="agent")).get(address).status_code == 403
