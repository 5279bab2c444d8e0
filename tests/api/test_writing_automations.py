"""Automations written by programs: as one reads them, with the rights of the token's agent and within its scopes."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from comptoir.api.automation_shapes import TAKES, Act, Happens, Passes
from comptoir.api.conditions import OfConversations, OfMessages
from comptoir.api.scopes import Scope
from comptoir.automations.conditions import KINDS
from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.steps import LABELS_OF_AUTOMATIONS
from comptoir.automations.stopping import stop_automation
from comptoir.automations.triggers import TRIGGERS
from comptoir.automations.writing import remove_automation
from comptoir.conversations.models import Conversation
from comptoir.core.reasons import Reason, template
from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.people.actions import close_access
from tests.api.conftest import Program, program_for
from tests.automations.written import automation, ended, settle, tag
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

PATH = "/automations"
_TOO_OFTEN = template("It ran too often.")


@pytest.fixture
def program() -> Program:
    return program_for(make_agent(role="supervisor", language="en"))


def late(**other: Any) -> dict[str, Any]:
    """What a program writes: whoever has waited for four hours and is nobody's is tagged."""
    return {
        "name": "Retard",
        "trigger": {"kind": "waits", "after_minutes": 240, "is_in_working_time": True},
        "conditions": [{"kind": "owner", "among": ["nobody"]}, {"kind": "vip", "negated": True}],
        "acts": [{"act": "tag", "name": "retard"}],
    } | other


def come_in(*conversations: Conversation) -> None:
    for one in conversations:
        record("message.received", subject=make_incoming(one))
    settle()


def write(program: Program, **other: Any) -> dict[str, Any]:
    answer = program.post(PATH, late(**other))
    assert answer.status_code == 201, answer.json()
    shown: dict[str, Any] = answer.json()
    return shown


def test_one_is_written_and_comes_back_with_its_sentence(program: Program) -> None:
    shown = write(program)
    assert shown["sentence"] == (
        "When a customer has waited for 4 hours of opening hours, if the conversation is nobody’s yet, "
        "unless the message comes from a VIP: tag it “retard”."
    )
    assert shown["acts"] == [{"act": "tag", "name": "retard"}]
    assert (shown["is_active"], shown["most_runs_a_day"], shown["most_runs_an_hour"]) == (False, 3, 200)
    assert program.get(f"{PATH}/{shown['id']}").json() == shown


def test_what_was_read_can_be_written(program: Program) -> None:
    team, colleague = make_team(name="Atelier"), make_agent()
    acts = [
        {"act": "reply", "text": "Bonjour {first_name}", "visibility": "private"},
        {"act": "snooze", "end": "tomorrow"},
        {"act": "priority", "level": 3},
        {"act": "assign"},
        {"act": "hand_off", "to": team.pk, "text": "Qu’en dites-vous ?"},
        {"act": "notify", "who": colleague.pk},
        {"act": "resolve"},
    ]
    shown = write(program, acts=acts)
    assert shown["acts"] == acts
    again = program.post(PATH, {name: shown[name] for name in late()} | {"name": "Autre"}).json()
    assert [again[name] for name in ("trigger", "conditions", "acts", "sentence")] == [
        shown[name] for name in ("trigger", "conditions", "acts", "sentence")
    ]


def test_it_acts_with_the_rights_of_the_tokens_agent() -> None:
    here, elsewhere = (make_conversation(account=make_account()) for _number in range(2))
    agent = make_agent(role="supervisor", brands=[here.account.brand])
    shown = write(program_for(agent), trigger={"kind": "received"}, conditions=[], is_active=True)
    come_in(here, elsewhere)
    assert shown["writer"]["id"] == agent.pk
    assert AutomationRun.objects.get().conversation_id == here.pk


def test_the_record_says_that_the_token_wrote_it(program: Program) -> None:
    write(program)
    event = Event.objects.get(name="automation.created")
    assert (event.actor_kind, event.actor_id) == ("token", program.token_id)


def test_a_key_writes_one_however_often_it_is_sent(program: Program) -> None:
    first, second = (program.post(PATH, late(), **{"idempotency-key": "retard-1"}) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Automation.objects.count() == 1


@pytest.mark.parametrize(
    ("other", "pointer", "detail"),
    [
        ({"name": ""}, "/name", "This is too short: at least 1."),
        ({"trigger": {"kind": "moon"}}, "/trigger/kind", None),
        ({"trigger": {"kind": "waits"}}, "", "This automation was not kept: after how long? From a minute to a year."),
        ({"trigger": {"kind": "waits", "after_minutes": 0}}, "/trigger/after_minutes", "This must be at least 1."),
        ({"trigger": {"kind": "sent", "after_minutes": 5}}, "/trigger", "“sent” does not take: after_minutes."),
        ({"acts": []}, "/acts", "This is too short: at least 1."),
        ({"acts": [{"act": "tag", "text": "retard"}]}, "/acts/0", "“tag” does not take: text."),
        ({"acts": [{"act": "tag"}]}, "", "This automation was not kept: step 1 (“Add a tag”): its text is missing."),
        ({"acts": [{"act": "team", "to": 4711}]}, "",
         "This automation was not kept: step 1 (“Pass to a team”): it names nobody, or somebody who is gone."),
        ({"conditions": [{"kind": "team", "among": ["4711"]}]}, "",
         "This automation was not kept: “Team” names something that is not there any more."),
        ({"most_runs_a_day": 0}, "/most_runs_a_day", "This must be at least 1."),
        ({"when": {}}, "/when", "There is no such field."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_where_it_stands(
    program: Program, other: dict[str, Any], pointer: str, detail: str | None
) -> None:
    answer = program.post(PATH, late(**other))
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, pointer)
    assert error["detail"] == detail or detail is None
    assert not Automation.objects.exists()


def test_a_name_that_is_taken_is_refused(program: Program) -> None:
    write(program)
    (error,) = program.post(PATH, late(name="RETARD")).json()["errors"]
    assert (error["pointer"], "already" in error["detail"]) == ("/name", True)


def test_what_is_not_named_stays_as_it_was(program: Program) -> None:
    shown = write(program)
    changed = program.patch(f"{PATH}/{shown['id']}", {"acts": [{"act": "reopen"}], "most_runs_a_day": 1}).json()
    assert (changed["acts"], changed["most_runs_a_day"]) == ([{"act": "reopen"}], 1)
    assert [changed[name] for name in ("name", "trigger", "conditions")] == [
        shown[name] for name in ("name", "trigger", "conditions")
    ]


def test_asking_for_nothing_changes_nothing(program: Program) -> None:
    shown = write(program)
    assert program.patch(f"{PATH}/{shown['id']}", {}).json() == shown
    assert not Event.objects.filter(name="automation.changed").exists()


def test_a_change_that_is_refused_in_part_is_not_made_at_all(program: Program) -> None:
    shown = write(program)
    answer = program.patch(f"{PATH}/{shown['id']}", {"is_active": True, "acts": [{"act": "team", "to": 4711}]})
    assert answer.status_code == 422
    assert program.get(f"{PATH}/{shown['id']}").json() == shown


def test_one_whose_team_is_gone_is_still_switched_off_and_moved(program: Program) -> None:
    automation("received", tag(), name="Première")
    team = make_team()
    one = automation("received", {"act": "team", "to": team.pk})
    team.delete()
    changed = program.patch(f"{PATH}/{one.pk}", {"is_active": False, "move": "up"}).json()
    assert (changed["is_active"], changed["position"]) == (False, 1)
    assert program.patch(f"{PATH}/{one.pk}", {"most_runs_a_day": 1}).status_code == 422


def test_a_deleted_one_runs_no_more_and_keeps_its_runs(program: Program) -> None:
    one = automation("received", tag())
    come_in(make_conversation())
    assert program.delete(f"{PATH}/{one.pk}").status_code == 204
    come_in(make_conversation())
    assert ended() == [("done", "")]
    assert program.get(PATH).json()["items"] == []


def test_one_that_stopped_goes_on_with_what_was_held(program: Program) -> None:
    writer = make_agent(role="supervisor")
    one = automation("received", tag(), writer=writer)
    close_access(writer.pk)
    settle()
    come_in(make_conversation())
    shown = program.post(f"{PATH}/{one.pk}/resume", {"runs_held": True}).json()
    settle()
    assert (shown["stopped_at"], shown["writer"]["id"]) == (None, program.agent.pk)
    assert ended() == [("done", "")]


def test_what_was_held_can_be_left(program: Program) -> None:
    one = automation("received", tag())
    stop_automation(one, reason=Reason(_TOO_OFTEN))
    come_in(make_conversation())
    program.post(f"{PATH}/{one.pk}/resume", {"runs_held": False})
    settle()
    assert [state for state, _reason in ended()] == ["over"]


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [("PATCH", "", {"name": "Autre"}), ("PATCH", "", {"move": "up"}), ("DELETE", "", None),
     ("POST", "/resume", {"runs_held": True})],
)  # fmt: skip
def test_one_that_was_deleted_is_not_there(
    program: Program, method: str, rest: str, body: dict[str, Any] | None
) -> None:
    one = automation("received", tag())
    remove_automation(one.pk)
    assert program.ask(method, f"{PATH}/{one.pk}{rest}", body).status_code == 404


@pytest.mark.parametrize(
    ("act", "scope"),
    [({"act": "reply", "text": "Bonjour"}, "messages:write"), ({"act": "resolve"}, "conversations:write")],
)  # fmt: skip
def test_a_token_has_nothing_done_that_it_may_not_do_itself(act: dict[str, Any], scope: str) -> None:
    agent = make_agent(role="supervisor")
    narrow = program_for(agent, [one for one in Scope if one != scope])
    one = automation("received", act, writer=agent)
    for answer in (
        narrow.post(PATH, late(acts=[act])),
        narrow.patch(f"{PATH}/{one.pk}", {"conditions": []}),
        narrow.patch(f"{PATH}/{one.pk}", {"is_active": True}),
        narrow.post(f"{PATH}/{one.pk}/resume", {"runs_held": True}),
    ):
        assert (answer.status_code, answer.json()["scope"]) == (403, scope)
    assert narrow.patch(f"{PATH}/{one.pk}", {"is_active": False}).status_code == 200


def test_programs_can_say_all_that_the_screen_can() -> None:
    assert [*get_args(Happens), *get_args(Passes)] == list(TRIGGERS)
    assert set(get_args(Act)) == set(TAKES) == set(LABELS_OF_AUTOMATIONS)
    assert {*get_args(OfConversations), *get_args(OfMessages)} == set(KINDS)
