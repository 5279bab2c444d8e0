"""Who may use what: every operation of the API, each scope and each role, against one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from comptoir.api.actions import create_token
from comptoir.api.scopes import Scope
from comptoir.api.site import api
from comptoir.catalogue.content import Content, Variant
from comptoir.catalogue.editing import write_entry
from comptoir.connectors.base import OutgoingFile
from comptoir.conversations.actions import attach_outgoing
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.desk.consultations import ask_expert
from comptoir.desk.hand_offs import accept_hand_off, offer_hand_off
from comptoir.desk.matters import open_matter
from comptoir.desk.models import CallBack
from comptoir.events.models import Event
from comptoir.intake.models import RawDelivery
from comptoir.notifications.actions import create_endpoint, fan_out
from comptoir.notifications.models import WebhookDelivery
from comptoir.people.models import Agent, Team
from comptoir.routing.rules import Terms, create_rule
from tests.api.conftest import picture, program_for
from tests.automations.written import automation
from tests.factories import (
    make_account,
    make_agent,
    make_analysis,
    make_conversation,
    make_decision,
    make_identity,
    make_incoming,
    make_outgoing,
    make_team,
)
from tests.sharing import made_once

pytestmark = pytest.mark.django_db

ALL = set(Agent.Role)
WORKERS = {"agent", "community_manager", "supervisor", "administrator"}
NOTERS = WORKERS | {"expert"}
REPLAYERS = {"supervisor", "administrator"}
SETTERS = {"administrator"}


@dataclass(frozen=True)
class Row:
    """One operation: the scope it needs, the roles that may, and a request that succeeds."""

    method: str
    path: str
    scope: str | None
    roles: set[Any]
    status: int = 200
    body: Any = None
    #: Whether it is about something that only its team may see.
    of_a_team: bool = True

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


AUTOMATION = {"name": "Retard", "trigger": {"kind": "breached"}, "acts": [{"act": "notify", "who": "team"}]}
GOING_ON = {"runs_held": True}
SWITCHED_ON = {"is_active": True}
SPAN = {"since": "2026-01-01T00:00:00Z", "until": "2030-01-01T00:00:00Z"}
ENTRY = {"question": "Où est mon colis ?", "language": "fr", "answers": [{"text": "Là.", "language": "fr"}]}
QUESTION = {"question": "Sous garantie ?", "email": "dr.roy@labo.example"}
MATTER = {"title": "Cafetière en panne", "conversation_ids": ["{conversation_id}"]}
JOINING = {"conversation_id": "{joining_id}"}
MOVING = {"account_id": "{account_id}"}
CALL_BACK = {"number": "+33612345678"}
HAND_OFF = {"to_team_id": "{other_team_id}", "asked": "Sous garantie ?"}

TABLE = [
    Row("GET", "/accounts", "accounts:read", ALL, of_a_team=False),
    Row("GET", "/accounts/{account_id}", "accounts:read", ALL),
    Row("GET", "/contacts", "contacts:read", ALL, of_a_team=False),
    Row("GET", "/contacts/{contact_id}", "contacts:read", ALL),
    Row("PATCH", "/contacts/{contact_id}", "contacts:write", WORKERS, body={"name": "Lou"}),
    Row("GET", "/conversations", "conversations:read", ALL, of_a_team=False),
    Row("GET", "/conversations/{conversation_id}", "conversations:read", ALL),
    Row("PATCH", "/conversations/{conversation_id}", "conversations:write", WORKERS, body={"status": "resolved"}),
    Row("PATCH", "/conversations/{conversation_id}", "conversations:write", WORKERS, body={"tags": ["colis"]}),
    Row("PATCH", "/conversations/{conversation_id}", "conversations:write", WORKERS, body={"status": "snoozed"}),
    Row("PATCH", "/conversations/{conversation_id}", "conversations:write", WORKERS, body=MOVING),
    Row("GET", "/conversations/{conversation_id}/messages", "conversations:read", ALL),
    Row("POST", "/conversations/{conversation_id}/messages", "messages:write", WORKERS, 201, {"text": "Bonjour"}),
    Row("POST", "/conversations/{conversation_id}/messages/with-files", "messages:write", WORKERS, 201),
    Row("POST", "/messages/{queued_id}/take-back", "messages:write", WORKERS),
    Row("POST", "/messages/{failed_id}/resend", "messages:write", WORKERS),
    Row("POST", "/messages/{uncertain_id}/settle", "messages:write", WORKERS, body={"was_sent": True}),
    Row("GET", "/messages/{sent_id}/network-acts", "conversations:read", ALL),
    Row("POST", "/messages/{sent_id}/network-acts", "messages:write", WORKERS, 202, {"act": "edit", "text": "Oui."}),
    Row("POST", "/messages/{incoming_id}/corrections", "messages:write", NOTERS, 201, {"figure": "urgency", "to": "3"}),
    Row("GET", "/attachments/{attachment_id}/content", "conversations:read", ALL),
    Row("GET", "/conversations/{conversation_id}/notes", "conversations:read", ALL),
    Row("POST", "/conversations/{conversation_id}/notes", "conversations:write", NOTERS, 201, {"text": "VIP"}),
    Row("GET", "/hand-offs", "conversations:read", ALL, of_a_team=False),
    Row("GET", "/hand-offs/{hand_off_id}", "conversations:read", ALL),
    Row("POST", "/conversations/{conversation_id}/hand-offs", "conversations:write", NOTERS, 201, HAND_OFF),
    Row("POST", "/hand-offs/{hand_off_id}/accept", "conversations:write", NOTERS),
    Row("POST", "/hand-offs/{hand_off_id}/refuse", "conversations:write", NOTERS, body={"reason": "-"}),
    Row("POST", "/hand-offs/{accepted_id}/answer", "conversations:write", NOTERS, body={"text": "Oui."}),
    Row("POST", "/hand-offs/{given_id}/withdraw", "conversations:write", NOTERS),
    Row("GET", "/call-backs", "conversations:read", ALL, of_a_team=False),
    Row("GET", "/call-backs/{call_back_id}", "conversations:read", ALL),
    Row("POST", "/conversations/{conversation_id}/call-backs", "conversations:write", WORKERS, 201, CALL_BACK),
    Row("POST", "/call-backs/{call_back_id}/end", "conversations:write", WORKERS, body={"state": "reached"}),
    Row("GET", "/consultations", "conversations:read", ALL, of_a_team=False),
    Row("GET", "/consultations/{consultation_id}", "conversations:read", ALL),
    Row("POST", "/conversations/{conversation_id}/consultations", "conversations:write", WORKERS, 201, QUESTION),
    Row("POST", "/consultations/{consultation_id}/withdraw", "conversations:write", WORKERS),
    # Only the one who is asked answers, which no role of the table is: tests/api/test_consultations.py.
    Row("POST", "/consultations/{consultation_id}/answer", "conversations:write", NOTERS, 404, {"answer": "-"}),
    Row("GET", "/matters", "conversations:read", ALL, of_a_team=False),
    Row("POST", "/matters", "conversations:write", WORKERS, 201, MATTER),
    Row("GET", "/matters/{matter_id}", "conversations:read", ALL),
    Row("PATCH", "/matters/{matter_id}", "conversations:write", WORKERS, body={"title": "Cafetière"}),
    Row("POST", "/matters/{matter_id}/conversations", "conversations:write", WORKERS, body=JOINING),
    Row("DELETE", "/matters/{matter_id}/conversations/{joined_id}", "conversations:write", WORKERS),
    Row("POST", "/matters/{matter_id}/resolve", "conversations:write", WORKERS, body={}),
    Row("POST", "/matters/{matter_id}/reopen", "conversations:write", WORKERS),
    Row("GET", "/bot/decisions", "conversations:read", ALL, of_a_team=False),
    Row("GET", "/bot/decisions/{decision_id}", "conversations:read", ALL),
    Row("GET", "/catalogue/entries", "catalogue:read", ALL, of_a_team=False),
    Row("GET", "/catalogue/entries/{entry_id}", "catalogue:read", ALL, of_a_team=False),
    Row("POST", "/catalogue/entries", "catalogue:write", NOTERS, 201, ENTRY, of_a_team=False),
    Row("PUT", "/catalogue/entries/{entry_id}", "catalogue:write", NOTERS, body=ENTRY, of_a_team=False),
    Row("POST", "/catalogue/entries/{entry_id}/approve", "catalogue:write", REPLAYERS, of_a_team=False),
    Row("POST", "/catalogue/entries/{entry_id}/refuse", "catalogue:write", REPLAYERS, body={}, of_a_team=False),
    Row("POST", "/catalogue/entries/{entry_id}/retire", "catalogue:write", REPLAYERS, of_a_team=False),
    Row("POST", "/catalogue/search", "catalogue:read", ALL, body={"text": "colis"}, of_a_team=False),
    Row("GET", "/events", "events:read", ALL, of_a_team=False),
    Row("GET", "/figures", "figures:read", ALL - {"expert", "reader"}, of_a_team=False),
    Row("GET", "/routing-rules", "routing:write", REPLAYERS, of_a_team=False),
    Row("POST", "/routing-rules", "routing:write", REPLAYERS, 201, {"effects": [{"kind": "vip"}]}, of_a_team=False),
    Row("GET", "/routing-rules/{rule_id}", "routing:write", REPLAYERS, of_a_team=False),
    Row("PATCH", "/routing-rules/{rule_id}", "routing:write", REPLAYERS, body={"move": "up"}, of_a_team=False),
    Row("DELETE", "/routing-rules/{rule_id}", "routing:write", REPLAYERS, 204, of_a_team=False),
    Row("GET", "/automations", "automations:read", REPLAYERS, of_a_team=False),
    Row("GET", "/automations/{automation_id}", "automations:read", REPLAYERS, of_a_team=False),
    Row("PATCH", "/automations/{automation_id}", "automations:write", REPLAYERS, body=SWITCHED_ON, of_a_team=False),
    Row("POST", "/automations", "automations:write", REPLAYERS, 201, AUTOMATION, of_a_team=False),
    Row("DELETE", "/automations/{automation_id}", "automations:write", REPLAYERS, 204, of_a_team=False),
    Row("POST", "/automations/{automation_id}/resume", "automations:write", REPLAYERS, body=GOING_ON, of_a_team=False),
    Row("GET", "/automations/{automation_id}/runs", "automations:read", REPLAYERS, of_a_team=False),
    Row("GET", "/webhooks", "webhooks:write", SETTERS, of_a_team=False),
    Row("POST", "/webhooks", "webhooks:write", SETTERS, 201, {"url": "https://crm.example/hook"}, of_a_team=False),
    Row("GET", "/webhooks/{webhook_id}", "webhooks:write", SETTERS, of_a_team=False),
    Row("PATCH", "/webhooks/{webhook_id}", "webhooks:write", SETTERS, body={"event_names": []}, of_a_team=False),
    Row("DELETE", "/webhooks/{webhook_id}", "webhooks:write", SETTERS, 204, of_a_team=False),
    Row("POST", "/webhooks/{webhook_id}/secret", "webhooks:write", SETTERS, of_a_team=False),
    Row("GET", "/webhooks/{webhook_id}/deliveries", "webhooks:write", SETTERS, of_a_team=False),
    Row("POST", "/webhooks/{webhook_id}/deliveries/{log_id}/replay", "webhooks:write", SETTERS, of_a_team=False),
    Row("POST", "/webhooks/{webhook_id}/replay", "webhooks:write", SETTERS, body=SPAN, of_a_team=False),
    Row("GET", "/deliveries", "admin", REPLAYERS, of_a_team=False),
    Row("POST", "/deliveries/replay", "admin", REPLAYERS, of_a_team=False),
    Row("POST", "/deliveries/{delivery_id}/replay", "admin", REPLAYERS, of_a_team=False),
    Row("GET", "/tokens/current", None, ALL, of_a_team=False),
    Row("GET", "/tokens", "admin", SETTERS, of_a_team=False),
    Row("DELETE", "/tokens/{token_id}", "admin", SETTERS, 204, of_a_team=False),
]

#: Roles that see every team's conversations.
SEE_ALL = {"supervisor", "director", "administrator"}


def _operations() -> set[str]:
    found = set()
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            found.add(f"{method.upper()} {re.sub('{.*?}', '{}', path.removeprefix('/api/v1'))}")
    return found


def test_every_operation_is_in_the_table() -> None:
    assert {re.sub("{.*?}", "{}", row.name) for row in TABLE} == _operations()


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[], tuple[Team, Any]]]:
    """One team for this whole table, with its rows; what a test changes in them is undone."""
    with made_once(_team_with_rows, django_db_blocker) as copied:
        yield copied


@pytest.fixture
def team(shared: Callable[[], tuple[Team, Any]], db: None) -> Team:
    return shared()[0]


@pytest.fixture
def address(shared: Callable[[], tuple[Team, Any]], db: None, fake_kinds: None) -> Any:
    """Fills in a path with the ids of rows of ``team``."""
    ids = shared()[1]
    return lambda path: path.format(**ids)


def _team_with_rows() -> tuple[Team, dict[str, Any]]:
    """A team, and the ids that paths ask for."""
    team = make_team()
    conversation = make_conversation(account=make_account(team=team))
    incoming = make_incoming(conversation)
    make_analysis(incoming)
    (file,) = attach_outgoing(incoming, [OutgoingFile("a.txt", "text/plain", b"Bonjour")])
    endpoint, _secret = create_endpoint(url="https://crm.example/hook")
    fan_out(list(Event.objects.all()[:1]))
    aside = RawDelivery.objects.create(account=conversation.account, body=b"?", state="set_aside", reason="?")
    other, _secret = create_token(name="other", agent=make_agent(), scopes=[])
    states = {
        f"{state}_id": make_outgoing(conversation, state=state, external_id=None).pk
        for state in (Message.State.QUEUED, Message.State.FAILED, Message.State.UNCERTAIN)
    }
    others = make_team()
    for one in (team, others):
        make_agent(teams=[one])
    handed = make_conversation(account=make_account(team=others), team=others)
    taker = team.agents.get()
    accepted = accept_hand_off(offer_hand_off(handed.pk, to=team, asked="Que faire ?", by=None).pk, by=taker)
    Conversation.objects.filter(pk=handed.pk).update(
        assignee=None
    )  # what a colleague holds, an expert leaves with them
    theirs, ours = (
        make_conversation(account=make_account(team=others)),
        make_conversation(account=make_account(team=team)),
    )
    joined, joining = (
        make_conversation(account=make_account(team=team), identity=make_identity(contact=conversation.contact))
        for _number in range(2)
    )
    telephone = make_account(kind="phone", brand=conversation.account.brand, own_id="+33123456789")
    call_back = CallBack.objects.create(conversation=ours, account=telephone, due_at=now())
    return team, states | {
        "call_back_id": call_back.pk,
        "matter_id": open_matter([joined.pk], title="Cafetière", by=None).pk,
        "joined_id": joined.pk,
        "joining_id": joining.pk,
        "other_team_id": others.pk,
        "hand_off_id": offer_hand_off(theirs.pk, to=team, asked="Que faire ?", by=None).pk,
        "accepted_id": accepted.pk,
        "consultation_id": ask_expert(ours.pk, question="Quoi ?", email="dr.roy@labo.example", by=None).pk,
        "given_id": offer_hand_off(ours.pk, to=others, asked="Que faire ?", by=None).pk,
        "sent_id": make_outgoing(conversation).pk,
        "incoming_id": incoming.pk,
        "decision_id": make_decision(incoming).pk,
        "entry_id": write_entry(Content("Quand ?", "fr", (Variant("Demain.", "fr"),)), by=None).entry_id,
        "account_id": conversation.account_id,
        "attachment_id": file.pk,
        "contact_id": conversation.contact_id,
        "conversation_id": conversation.pk,
        "webhook_id": endpoint.pk,
        "log_id": WebhookDelivery.objects.get().pk,
        "delivery_id": aside.pk,
        "token_id": other.pk,
        "automation_id": automation("received", {"act": "notify", "who": "team"}).pk,
        "rule_id": create_rule(Terms([], [{"kind": "vip"}])).pk,
    }


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_without_a_token_nothing_is_reached(row: Row, address: Any) -> None:
    stranger = program_for(make_agent())
    stranger.secret = "cpt_none"
    assert stranger.ask(row.method, address(row.path), row.body).status_code == 401


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_its_scope_alone_opens_an_operation(row: Row, address: Any, team: Team) -> None:
    scopes = [row.scope] if row.scope else []
    assert _ask(row, address, role="administrator", teams=[team], scopes=scopes).status_code == row.status


@pytest.mark.parametrize("row", [row for row in TABLE if row.scope], ids=lambda row: row.name)
def test_all_other_scopes_together_do_not_open_an_operation(row: Row, address: Any, team: Team) -> None:
    scopes = [scope for scope in Scope if scope != row.scope]
    response = _ask(row, address, role="administrator", teams=[team], scopes=scopes)
    assert (response.status_code, response.json()["scope"]) == (403, row.scope)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_only_its_roles_may_use_an_operation(row: Row, address: Any, team: Team) -> None:
    assert _answers_to_roles(row, address, teams=[team]) == {
        role: row.status if role in row.roles else 403 for role in Agent.Role
    }


@pytest.mark.parametrize("row", [row for row in TABLE if row.of_a_team], ids=lambda row: row.name)
def test_what_is_another_teams_is_not_there(row: Row, address: Any) -> None:
    answers = _answers_to_roles(row, address, teams=[make_team()])
    assert {role: answers[role] for role in row.roles} == {
        role: row.status if role in SEE_ALL else 404 for role in row.roles
    }
    assert {status for role, status in answers.items() if role not in row.roles} <= {403, 404}


def _answers_to_roles(row: Row, address: Any, *, teams: list[Team]) -> dict[str, int]:
    """How each role is answered, on rows that none of the others has changed."""
    answers = {}
    for role in Agent.Role:
        with transaction.atomic():
            answers[role.value] = _ask(row, address, role=role, teams=teams).status_code
            transaction.set_rollback(True)
    return answers


def _filled(body: Any, address: Any) -> Any:
    """Where a text of a body names a row, its id."""
    if not isinstance(body, dict):
        return body
    return {name: _named(part, address) for name, part in body.items()}


def _named(part: Any, address: Any) -> Any:
    if isinstance(part, list):
        return [_named(one, address) for one in part]
    return address(part) if isinstance(part, str) and part.startswith("{") else part


def _ask(row: Row, address: Any, *, role: str, teams: list[Team], scopes: Any = tuple(Scope)) -> Any:
    program = program_for(make_agent(role=role, teams=teams), scopes)
    if not row.path.endswith("with-files"):
        return program.ask(row.method, address(row.path), _filled(row.body, address))
    return program.upload(address(row.path), {"text": "Bonjour", "files": picture()})
