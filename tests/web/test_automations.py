"""Automations on screen: as sentences, tried, kept whatever is wrong, let go on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.telling import automation_words, load_known
from comptoir.events.record import record
from comptoir.notifications.models import WebhookEndpoint
from comptoir.people.actions import close_access
from tests.automations.written import automation, settle, tag, terms
from tests.factories import make_agent, make_incoming
from tests.routing.writing import condition
from tests.web import one_counter
from tests.web.conftest import Counter, htmx

counter = one_counter.counter

NEW = {
    "name": "Relance",
    "trigger": "waits",
    "amount": "4",
    "unit": "hours",
    "when-owner": "nobody",
    "when-text": "colis",
    "unless-vip": "yes",
    "act-0": "tag",
    "name-0": "retard",
    "act-1": "notify",
    "who-1": "team",
    "most_runs_a_day": "3",
    "most_runs_an_hour": "200",
    "is_active": "on",
}


def test_what_is_filled_in_is_kept_and_read_as_a_sentence_in_both_languages(counter: Counter) -> None:
    answer = counter.client("supervisor").post("/settings/automations/new/", NEW)
    assert answer.status_code == 302
    one = Automation.objects.get()
    assert one.is_active
    assert one.revision.trigger == {"kind": "waits", "after_minutes": 240}
    known = load_known()
    with translation.override("en"):
        assert automation_words(one.revision, known) == (
            "When a customer has waited for 4 hours, if the conversation is nobody’s yet and the message says “colis”, "
            "unless the message comes from a VIP: tag it “retard”, tell its team."
        )
    with translation.override("fr"):
        assert automation_words(one.revision, known) == (
            "Quand un client attend depuis 4 heures, si la conversation n’est encore à personne et le message contient "
            "«\u00a0colis\u00a0», sauf si le message vient d’un VIP\u00a0: l’étiqueter "
            "«\u00a0retard\u00a0», prévenir son équipe."
        )


def test_opening_hours_are_said_and_come_back_as_they_were_filled_in(counter: Counter) -> None:
    client = counter.client("supervisor")
    client.post("/settings/automations/new/", NEW | {"counted": "yes", "amount": "2", "unit": "days"})
    one = Automation.objects.get()
    assert one.revision.trigger == {"kind": "waits", "after_minutes": 2880, "is_in_working_time": True}
    for language, words in (("en", "for 48 hours of opening hours,"), ("fr", "depuis 48 heures d’ouverture,")):
        with translation.override(language):
            assert words in automation_words(one.revision, load_known())
    page = client.get(f"/settings/automations/{one.pk}/").content.decode()
    assert '<option value="yes" selected>' in page
    assert 'value="48"' in page


def test_the_form_says_with_whose_rights_it_acts_and_whose_it_will_be(counter: Counter) -> None:
    one = automation("received", tag(), writer=counter.people["administrator"])
    client = counter.client("supervisor")
    page = client.get(f"/settings/automations/{one.pk}/").content.decode()
    assert f"Elle agit avec les droits de {counter.people['administrator'].name}" in page
    client.post(f"/settings/automations/{one.pk}/", NEW)
    assert Automation.objects.get().revision.writer == counter.people["supervisor"]
    assert "Elle agit avec vos droits" in client.get(f"/settings/automations/{one.pk}/").content.decode()


def test_one_whose_writer_has_left_says_so_and_is_taken_over(counter: Counter) -> None:
    one = automation("received", tag(), writer=counter.people["supervisor"])
    close_access(counter.people["supervisor"].pk)
    settle()
    client = counter.client("administrator")
    assert "ne travaille plus ici" in client.get("/settings/automations/").content.decode()
    runs = f"/settings/automations/{one.pk}/runs/"
    assert "elle agira avec vos droits" in client.get(runs).content.decode()
    client.post(f"/settings/automations/{one.pk}/resume/", {"held": "run"})
    one.refresh_from_db()
    assert (one.stopped_at, one.revision.writer) == (None, counter.people["administrator"])


def test_every_act_and_trigger_has_its_words(counter: Counter) -> None:
    endpoint = WebhookEndpoint.objects.create(url="https://crm.example/ici")
    acts = [
        {"act": "reply", "text": "Bonjour"}, {"act": "note", "text": "Vu"}, {"act": "assign", "to": None},
        {"act": "assign", "to": counter.people["agent"].pk}, {"act": "team", "to": counter.team.pk}, tag(),
        {"act": "untag", "name": "a"}, {"act": "snooze", "end": "monday"}, {"act": "pending"}, {"act": "resolve"},
        {"act": "priority", "level": 3}, {"act": "webhook", "to": endpoint.pk},
    ]  # fmt: skip
    sentences = set()
    for language in ("fr", "en"):
        with translation.override(language):
            revision = terms("started", *acts).revision()
            sentences.add(automation_words(revision, load_known()))
            for kind in ("warned", "breached", "analysed", "assigned", "sent", "received"):
                sentences.add(automation_words(terms(kind, tag()).revision(), load_known()))
            for kind in ("waits", "silent", "unresolved", "snoozed", "pending", "resolved"):
                sentences.add(automation_words(terms(kind, tag(), after=timedelta(days=2)).revision(), load_known()))
    assert len(sentences) == 26


def test_what_is_wrong_loses_nothing(counter: Counter) -> None:
    answer = counter.client("supervisor").post("/settings/automations/new/", NEW | {"amount": "", "name-0": "perdu"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="perdu"' in page
    assert 'value="Relance"' in page
    assert not Automation.objects.exists()


def test_trying_keeps_nothing_and_lists_what_it_would_have_met(counter: Counter) -> None:
    record("message.received", subject=counter.incoming)
    asked = {"trigger": "received", "act-0": "tag", "name-0": "vu", "name": "x"}
    answer = counter.client("supervisor").post("/settings/automations/try/", asked, headers=htmx())
    assert answer.status_code == 200
    assert f"/conversations/{counter.conversation.pk}/" in answer.content.decode()
    assert not Automation.objects.exists()


def test_what_is_held_is_listed_and_let_go(counter: Counter) -> None:
    one = automation("received", tag(), most_runs_an_hour=1)
    for _number in range(3):
        record("message.received", subject=make_incoming(counter.conversation))
    settle()
    client = counter.client("supervisor")
    assert "2" in client.get("/settings/automations/").content.decode()
    assert client.post(f"/settings/automations/{one.pk}/resume/", {"held": "leave"}).status_code == 302
    assert AutomationRun.objects.filter(state="held").count() == 0


def test_the_exchange_names_the_automation(counter: Counter) -> None:
    automation("received", tag("colis"), {"act": "note", "text": "À relancer"}, name="Colis perdus")
    record("message.received", subject=counter.incoming)
    settle()
    page = counter.client("agent").get(f"/conversations/{counter.conversation.pk}/").content.decode()
    assert page.count("L’automatisation « Colis perdus »".replace("« ", "«\u00a0").replace(" »", "\u00a0»")) >= 2


def test_the_list_costs_the_same_however_many_there_are(counter: Counter) -> None:
    client, counts = counter.client("supervisor"), []
    for number in range(12):
        automation("received", tag(), name=str(number), conditions=[condition("owner", "nobody")])
        if number in (1, 11):
            with CaptureQueriesContext(connection) as asked:
                client.get("/settings/automations/")
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_one_press_writes_three_that_are_switched_off(counter: Counter) -> None:
    client = counter.client("supervisor")
    for _press in range(2):
        client.post("/settings/automations/begin/")
    assert list(Automation.objects.values_list("is_active", flat=True)) == [False] * 3
    assert client.get("/settings/automations/").status_code == 200


@pytest.mark.parametrize("name", ["Relance", "relance"])
def test_a_name_that_is_taken_is_said(counter: Counter, name: str) -> None:
    automation("received", tag())
    make_agent()
    answer = counter.client("supervisor").post("/settings/automations/new/", NEW | {"name": name})
    assert answer.status_code == 422
