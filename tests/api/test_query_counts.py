"""However long a list is, the database is asked as often as for a short one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.conversations.models import Attachment, Tag
from comptoir.core.clock import now
from comptoir.desk.consultations import ask_expert
from comptoir.desk.hand_offs import offer_hand_off
from comptoir.desk.matters import open_matter
from comptoir.desk.models import CallBack
from comptoir.events.models import Event
from comptoir.notifications.actions import create_endpoint, fan_out
from comptoir.people.models import Team
from tests.api.conftest import Program
from tests.factories import make_agent, make_analysis, make_conversation, make_incoming, make_reason, make_team

pytestmark = pytest.mark.django_db


def grow(conversation: Any) -> None:
    """More of everything that lists show."""
    tag, _made = Tag.objects.get_or_create(name="colis")
    for _number in range(3):
        other = make_conversation()
        other.tags.add(tag)
        offer_hand_off(other.pk, to=_team_of_somebody(), asked="Que faire ?", by=None)
        CallBack.objects.create(conversation=other, account=other.account, due_at=now())
        open_matter([other.pk], title="Cafetière", by=None)
        ask_expert(other.pk, question="Est-ce couvert ?", expert=make_agent(), by=None)
        conversation.notes.create(text="VIP", agent=make_agent())
        message = make_incoming(conversation)
        make_analysis(message, reason=make_reason())
        Attachment.objects.create(message=message, kind="image", position=0)
    fan_out(list(Event.objects.all()))


def _team_of_somebody() -> Team:
    team = make_team()
    make_agent(teams=[team])
    return team


def asked(program: Program, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = program.get(path)
    assert response.status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/accounts", 2),
        ("/contacts", 3),
        ("/conversations", 3),
        ("/matters", 4),
        ("/conversations/{pk}", 3),
        ("/conversations/{pk}/messages", 5),
        ("/conversations/{pk}/notes", 3),
        ("/hand-offs", 3),
        ("/call-backs", 2),
        ("/consultations", 3),
        ("/webhooks/{webhook}/deliveries", 3),
        ("/deliveries", 2),
        ("/tokens", 2),
    ],
)
def test_long_lists_ask_no_more_than_short_ones(administrator: Program, path: str, most: int) -> None:
    conversation = make_conversation()
    endpoint, _secret = create_endpoint(url="https://crm.example/")
    path = path.format(pk=conversation.pk, webhook=endpoint.pk)
    administrator.get("/tokens/current")  # from here its use is noted
    grow(conversation)
    short = asked(administrator, path)
    grow(conversation)
    assert asked(administrator, path) == short
    assert short <= most
