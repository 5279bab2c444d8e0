"""Promises on the screens: why one is due when it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from comptoir.config.cli import run_command
from comptoir.conversations.models import Conversation, HandOff
from comptoir.core.clock import at_instant
from comptoir.desk.actions import hold_conversation
from comptoir.desk.consultations import ask_expert
from comptoir.desk.hand_offs import offer_hand_off
from comptoir.desk.matters import open_matter
from comptoir.sla.actions import start_clocks
from comptoir.sla.calendars import create_calendar
from comptoir.sla.models import SLAPolicy
from comptoir.web.presenting.promises import policy_words
from tests.factories import make_agent, make_brand, make_conversation, make_team
from tests.sla.promised import promise_consultations, promise_hand_offs
from tests.web.conftest import Counter

FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)
OFFICE = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def promised(counter: Counter) -> Counter:
    """Four hours of opening hours, over a weekend and Whit Monday."""
    SLAPolicy.objects.all().delete()
    SLAPolicy.objects.create(promise="next_reply", target=timedelta(hours=4), is_in_working_time=True)
    create_calendar(
        owner=counter.account.brand, name="Bureau", time_zone="Europe/Paris", weekly_hours=OFFICE, country="FR"
    )
    start_clocks({counter.conversation.pk: FRIDAY})
    return counter


def test_the_pane_of_the_customer_offers_to_say_why(promised: Counter) -> None:
    page = promised.client("agent").get(f"/conversations/{promised.conversation.pk}/person/").content.decode()
    assert "Pourquoi cette échéance\N{NO-BREAK SPACE}?" in page


def test_the_due_time_is_told_day_by_day(promised: Counter) -> None:
    page = promised.client("agent").get(f"/conversations/{promised.conversation.pk}/why-due/").content.decode()
    assert "Réponse suivante sous 4 h d’ouverture" in page
    assert "Bureau" in page
    assert "ven. 22/05/2026\N{NO-BREAK SPACE}: 2 h (16:00–18:00)." in page
    assert "lun. 25/05/2026\N{NO-BREAK SPACE}: jour férié (Lundi de Pentecôte)." in page
    assert "Échéance le mar. 26/05/2026 11:00 (Europe/Paris)." in page


def test_each_day_is_drawn_beside_its_sentence(promised: Counter) -> None:
    page = promised.client("agent").get(f"/conversations/{promised.conversation.pk}/why-due/").content.decode()
    assert page.count('<svg class="strip"') == 5  # Friday to Tuesday
    assert '<rect class="is-counted" x="960.0" width="120.0"' in page
    assert "style=" not in page


def test_what_stands_still_says_since_when(promised: Counter) -> None:
    SLAPolicy.objects.update(pauses="pending")
    with at_instant(FRIDAY + timedelta(hours=1)):
        hold_conversation(promised.conversation.pk, by=None)
    client = promised.client("agent")
    assert "suspendue depuis" in client.get(f"/conversations/{promised.conversation.pk}/person/").content.decode()
    page = client.get(f"/conversations/{promised.conversation.pk}/why-due/").content.decode()
    assert "En pause depuis le ven. 22/05/2026 17:00" in page
    assert "Pas d’échéance tant que dure la pause." in page


@pytest.fixture
def _in_this_process(monkeypatch: Any) -> None:
    monkeypatch.setattr("comptoir.config.starting.is_up_to_date", lambda _url: True)
    monkeypatch.setattr("comptoir.config.starting.configure_logging", lambda _name: None)
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "fr")


@pytest.mark.usefixtures("_in_this_process")
def test_the_command_says_the_same(promised: Counter, capsys: Any) -> None:
    assert run_command(["sla", "explain", str(promised.conversation.pk)]) == 0
    said = capsys.readouterr().out
    assert "Réponse suivante sous 4 h d’ouverture · Bureau" in said
    assert "lun. 25/05/2026\N{NO-BREAK SPACE}: jour férié (Lundi de Pentecôte)." in said


@pytest.mark.usefixtures("_in_this_process")
def test_the_command_says_it_as_json(promised: Counter, capsys: Any) -> None:
    run_command(["sla", "explain", str(promised.conversation.pk), "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert (answer["promise"], answer["due_at"]) == ("next_reply", "2026-05-26T11:00:00+02:00")


@pytest.mark.usefixtures("_in_this_process")
def test_a_conversation_without_a_promise_says_so(counter: Counter, capsys: Any) -> None:
    assert run_command(["sla", "explain", str(make_conversation().pk)]) == 0
    assert "Rien n’a été promis" in capsys.readouterr().out
    assert run_command(["sla", "explain", "0"]) == 1


@pytest.fixture
def handed(counter: Counter) -> HandOff:
    """Offered on a Friday at 16:00 to a team that is there on weekdays until six: half an hour, that same afternoon."""
    SLAPolicy.objects.all().delete()
    promise_hand_offs()
    experts = make_team(name="Experts")
    make_agent(teams=[experts])
    create_calendar(owner=experts, name="Atelier", time_zone="Europe/Paris", weekly_hours=OFFICE, country="FR")
    with at_instant(FRIDAY):
        return offer_hand_off(counter.conversation.pk, to=experts, asked="Sous garantie ?", by=None)


def test_a_hand_off_says_why_it_is_to_be_accepted_then(handed: HandOff, counter: Counter) -> None:
    client = counter.client("agent")
    address = f"/hand-offs/{handed.pk}/why-due/"
    assert address in client.get(f"/conversations/{counter.conversation.pk}/bridges/").content.decode()
    page = client.get(address).content.decode()
    assert "Passage de relais accepté sous 30 min d’ouverture" in page
    assert "Atelier" in page
    assert "Échéance le ven. 22/05/2026 16:30 (Europe/Paris)." in page
    assert page.count('<svg class="strip"') == 1


def test_a_question_to_an_expert_says_why_it_is_to_be_answered_then(counter: Counter) -> None:
    promise_consultations()
    with at_instant(FRIDAY):
        asked = ask_expert(counter.conversation.pk, question="Quoi ?", email="dr.roy@labo.example", by=None)
    page = counter.client("agent").get(f"/consultations/{asked.pk}/why-due/").content.decode()
    assert "ven. 22/05/2026" in page
    assert page.count("un jour ouvré") == 7


def test_a_matter_says_why_it_is_to_be_resolved_then(counter: Counter) -> None:
    SLAPolicy.objects.all().delete()
    SLAPolicy.objects.create(promise="resolution", target=timedelta(days=2))
    Conversation.objects.filter(pk=counter.conversation.pk).update(started_at=FRIDAY)
    matter = open_matter([counter.conversation.pk], title="Cafetière", by=None)
    client = counter.client("agent")
    address = f"/matters/{matter.pk}/why-due/"
    assert address in client.get(f"/matters/{matter.pk}/").content.decode()
    assert "Échéance le dim. 24/05/2026 16:00 (Europe/Paris)." in client.get(address).content.decode()


@pytest.mark.usefixtures("_in_this_process")
def test_the_command_explains_any_subject(handed: HandOff, capsys: Any) -> None:
    assert run_command(["sla", "explain", str(handed.pk), "--of", "hand-off"]) == 0
    assert "Échéance le ven. 22/05/2026 16:30 (Europe/Paris)." in capsys.readouterr().out
    assert run_command(["sla", "explain", "0", "--of", "matter"]) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Première réponse sous 24 h, pour tout le monde"),
        (
            {"kinds": ["chat"], "target": timedelta(minutes=1), "is_in_working_time": True},
            "Première réponse sous 1 min d’ouverture, sur Chat en direct",
        ),
        (
            {"promise": "resolution", "target": None, "target_working_days": 7, "is_in_working_time": True},
            "Résolution sous 7 jours ouvrés, pour tout le monde",
        ),
        ({"promise": "next_reply", "is_public": True}, "Réponse suivante sous 24 h, en public"),
    ],
)
def test_a_policy_reads_as_a_sentence(db: None, fields: dict[str, Any], words: str) -> None:
    with translation.override("fr"):
        assert policy_words(SLAPolicy(**fields)) == words


def test_a_policy_names_its_brand_and_team(db: None) -> None:
    policy = SLAPolicy(brand=make_brand(name="Aurore"), team=make_team(name="Experts"))
    with translation.override("fr"):
        assert policy_words(policy) == "Première réponse sous 24 h, pour Aurore, par l’équipe Experts"
