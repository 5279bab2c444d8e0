"""Every operation, asked everything its description allows and more, answers as its description says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from comptoir.api.actions import create_token
from comptoir.catalogue.content import Content, Variant
from comptoir.catalogue.editing import write_entry
from comptoir.config.wsgi import application
from comptoir.connectors.base import OutgoingFile
from comptoir.conversations.actions import attach_outgoing
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.consultations import ask_expert
from comptoir.desk.hand_offs import offer_hand_off
from comptoir.desk.matters import open_matter
from comptoir.desk.models import CallBack
from comptoir.events.models import Event
from comptoir.intake.models import RawDelivery
from comptoir.notifications.actions import create_endpoint, fan_out
from comptoir.notifications.models import WebhookDelivery
from comptoir.people.models import Team
from comptoir.routing.rules import Terms, create_rule
from tests.api.conftest import Program, program_for
from tests.automations.written import automation, tag
from tests.factories import (
    make_account,
    make_agent,
    make_conversation,
    make_decision,
    make_incoming,
    make_outgoing,
    make_team,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def asker(db: None, connection_stays: None, fake_kinds: None, settings: Any) -> Program:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    return program_for(make_agent(role="administrator"))


@pytest.fixture
def rows(asker: Program) -> dict[str, int]:
    """One row for each kind of id that a path can have."""
    conversation = make_conversation()
    message = make_incoming(conversation)
    (file,) = attach_outgoing(message, [OutgoingFile("a.txt", "text/plain", b"Bonjour")])
    conversation.notes.create(text="VIP", agent=asker.agent)
    endpoint, _secret = create_endpoint(url="https://crm.example/hook")
    fan_out(list(Event.objects.all()[:1]))
    other, _secret = create_token(name="other", agent=make_agent(), scopes=[])
    aside = RawDelivery.objects.create(account=conversation.account, body=b"?", state="set_aside", reason="?")
    return {
        "account_id": conversation.account_id,
        "attachment_id": file.pk,
        "contact_id": conversation.contact_id,
        "conversation_id": conversation.pk,
        "message_id": make_outgoing(conversation, state="failed", external_id=None).pk,
        "decision_id": make_decision(make_incoming(conversation)).pk,
        "webhook_id": endpoint.pk,
        "delivery_id": aside.pk,
        "token_id": other.pk,
        "entry_id": write_entry(Content("Quand ?", "fr", (Variant("Demain.", "fr"),)), by=None).entry_id,
        "consultation_id": ask_expert(conversation.pk, question="Quoi ?", email="dr.roy@labo.example", by=None).pk,
        "hand_off_id": offer_hand_off(conversation.pk, to=_team_of_somebody(), asked="Que faire ?", by=None).pk,
        "matter_id": open_matter([conversation.pk], title="Cafetière", by=None).pk,
        "call_back_id": _call_back(conversation).pk,
        "automation_id": automation("received", tag()).pk,
        "rule_id": create_rule(Terms([], [{"kind": "vip"}])).pk,
    }


def _call_back(conversation: Conversation) -> CallBack:
    telephone = make_account(kind="phone", brand=conversation.account.brand, own_id="+33123456789")
    return CallBack.objects.create(conversation=conversation, account=telephone, due_at=now())


def _team_of_somebody() -> Team:
    team = make_team()
    make_agent(teams=[team])
    return team


@pytest.fixture
def connection_stays() -> Iterator[None]:
    """Requests end in the middle of the test's transaction: as Django's own test client, do not hang up after each."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_answers_are_as_described(case: Any, asker: Program, rows: dict[str, int]) -> None:
    known = dict(rows)
    if "/webhooks/" in case.path:
        known["delivery_id"] = WebhookDelivery.objects.values_list("pk", flat=True).first() or 1
    case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
    # Called without a server between, nothing would unpack a compressed answer.
    response = case.call(headers={"Authorization": f"Bearer {asker.secret}", "Accept-Encoding": "identity"})
    case.validate_response(response, checks=CHECKS)


def test_every_operation_has_an_id_of_its_own() -> None:
    ids = [operation["operationId"] for path in schema.raw_schema["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))
