"""Automations by API: as sentences, switched on and off, and what they did where one may read it."""

from __future__ import annotations

import pytest

from comptoir.automations.models import Automation
from comptoir.automations.writing import remove_automation
from comptoir.conversations.models import Conversation
from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.people.actions import close_access
from tests.api.conftest import Program, program_for
from tests.automations.written import automation, settle, tag
from tests.factories import make_account, make_agent, make_conversation, make_incoming

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

PATH = "/automations"


@pytest.fixture
def program() -> Program:
    return program_for(make_agent(role="supervisor", language="en"))


def come_in(*conversations: Conversation) -> None:
    for one in conversations:
        record("message.received", subject=make_incoming(one))
    settle()


def test_each_is_told_as_a_sentence_with_whose_rights_it_acts(program: Program) -> None:
    writer = make_agent(role="administrator", name="Inès Roy")
    one = automation("received", tag(), writer=writer)
    come_in(make_conversation())
    (shown,) = program.ask("GET", PATH).json()["items"]
    assert shown["sentence"] == "When a message comes in: tag it “vu”."
    assert shown["writer"] == {"id": writer.pk, "name": "Inès Roy"}
    assert (shown["runs_within_a_day"], shown["held"], shown["stopped_at"]) == (1, 0, None)
    assert program.ask("GET", f"{PATH}/{one.pk}").json() == shown


def test_why_one_has_stopped_is_said(program: Program) -> None:
    make_agent(role="administrator")
    writer = make_agent(role="supervisor", name="Awa Diop")
    one = automation("received", tag(), writer=writer)
    close_access(writer.pk)
    settle()
    shown = program.ask("GET", f"{PATH}/{one.pk}").json()
    assert shown["stopped_because"] == "Awa Diop, who wrote it, no longer works here."


def test_it_is_switched_off_and_on_in_the_tokens_name(program: Program) -> None:
    one = automation("received", tag())
    for on in (False, True):
        assert program.ask("PATCH", f"{PATH}/{one.pk}", {"is_active": on}).json()["is_active"] is on
        assert Automation.objects.get().is_active is on
    assert set(Event.objects.filter(name="automation.switched").values_list("actor_kind", flat=True)) == {"token"}


@pytest.mark.parametrize(
    "body", [{"is_active": "perhaps"}, {"is_active": False, "nom": "Autre"}, {"is_active": False, "name": ""}]
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(program: Program, body: dict[str, object]) -> None:
    one = automation("received", tag())
    assert program.ask("PATCH", f"{PATH}/{one.pk}", body).status_code == 422
    assert Automation.objects.get().is_active


def test_one_that_was_deleted_is_not_there(program: Program) -> None:
    one = automation("received", tag())
    remove_automation(one.pk)
    for method, path, body in (("GET", "", None), ("PATCH", "", {"is_active": True}), ("GET", "/runs", None)):
        answer = program.ask(method, f"{PATH}/{one.pk}{path}", body)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:comptoir:problem:not-found")


def test_its_runs_are_told_with_why_and_why_not(program: Program) -> None:
    one = automation("received", {"act": "reply", "text": "Bonjour {order}"})
    conversation = make_conversation()
    come_in(conversation)
    (run,) = program.ask("GET", f"{PATH}/{one.pk}/runs").json()["items"]
    assert (run["conversation_id"], run["state"], run["why"]) == (conversation.pk, "refused", "A message came in.")
    assert run["reason"].startswith("Reply: What belongs in")


def test_runs_come_in_pages_and_narrowed(program: Program) -> None:
    one = automation("received", tag())
    conversations = [make_conversation() for _number in range(3)]
    come_in(*conversations)
    first = program.ask("GET", f"{PATH}/{one.pk}/runs?limit=2").json()
    second = program.ask("GET", first["next"].partition("/api/v1")[2]).json()
    assert [run["conversation_id"] for run in first["items"] + second["items"]] == [
        other.pk for other in reversed(conversations)
    ]
    narrowed = program.ask("GET", f"{PATH}/{one.pk}/runs?state=done&conversation={conversations[1].pk}").json()
    assert len(narrowed["items"]) == 1
    assert program.ask("GET", f"{PATH}/{one.pk}/runs?state=held").json()["items"] == []


def test_runs_on_what_the_agent_may_not_read_are_left_out() -> None:
    here, elsewhere = (make_conversation(account=make_account()) for _number in range(2))
    one = automation("received", tag())
    come_in(here, elsewhere)
    program = program_for(make_agent(role="supervisor", brands=[here.account.brand]))
    runs = program.ask("GET", f"{PATH}/{one.pk}/runs").json()["items"]
    assert [run["conversation_id"] for run in runs] == [here.pk]
