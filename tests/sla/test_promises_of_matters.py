"""What is promised of a matter: warned of and broken, it is told to its owner; what a warning does, it does to all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.automations.warning_acts import act_on_warning, follow_warnings
from comptoir.conversations.models import Conversation, Matter, Priority
from comptoir.core.clock import at_instant
from comptoir.desk.actions import resolve_conversation
from comptoir.desk.matters import open_matter
from comptoir.events.models import Event
from comptoir.notifications.hearing import notify_agents
from comptoir.notifications.models import Notification
from comptoir.people.models import Agent
from comptoir.sla.actions import record_breaches
from comptoir.sla.models import ClockWarning, PolicyWarning, SLAPolicy
from comptoir.sla.policies import Terms, create_policy
from comptoir.sla.warning import give_warnings
from comptoir.sla.warning_terms import WarningTerms
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_team

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 5, 22, 8, tzinfo=UTC)


@pytest.fixture
def awa() -> Agent:
    return make_agent(name="Awa", teams=[make_team(name="Service")])


def matter_of(awa: Agent, **does: Any) -> Matter:
    """Awa's, of two conversations that Basile has; four hours, and a warning one hour before."""
    SLAPolicy.objects.all().delete()
    with at_instant(FRIDAY):
        create_policy(Terms("resolution", 4 * HOUR, warnings=[WarningTerms(-HOUR, **does)] if does else []))
        team, nadia = awa.teams.get(), make_identity().contact
        basile = make_agent(name="Basile", teams=[team])
        both = [
            make_conversation(
                account=make_account(team=team), team=team, identity=make_identity(contact=nadia), assignee=basile,
                started_at=FRIDAY,
            )
            for _number in range(2)
        ]  # fmt: skip
        return open_matter([one.pk for one in both], title="Cafetière", by=awa)


def react() -> None:
    events = list(Event.objects.filter(name__in=["clock.breached", "clock.warned"]))
    notify_agents(events)
    follow_warnings([event for event in events if event.name == "clock.warned"])
    for given in ClockWarning.objects.all():
        act_on_warning(given.pk, Conversation.objects.order_by("pk")[0].pk)


def told(kind: str) -> list[str]:
    return sorted(Notification.objects.filter(kind=kind).values_list("agent__name", flat=True))


def test_its_breach_is_told_to_its_owner(awa: Agent) -> None:
    matter = matter_of(awa)
    with at_instant(FRIDAY + 5 * HOUR):
        record_breaches()
        react()
    assert told("breach") == ["Awa"]
    assert Event.objects.get(name="clock.breached").details["matter"] == matter.pk


def test_where_nobody_owns_it_to_who_has_the_conversation(awa: Agent) -> None:
    matter = matter_of(awa)
    Matter.objects.filter(pk=matter.pk).update(owner=None)
    with at_instant(FRIDAY + 5 * HOUR):
        record_breaches()
        react()
    assert told("breach") == ["Basile"]


def test_it_is_told_in_a_conversation_that_goes_on(awa: Agent) -> None:
    matter = matter_of(awa)
    first, other = matter.conversations.order_by("pk")
    resolve_conversation(first.pk, by=None)
    with at_instant(FRIDAY + 5 * HOUR):
        record_breaches()
    assert Event.objects.get(name="clock.breached").conversation_id == other.pk


def test_its_owner_is_warned(awa: Agent) -> None:
    matter_of(awa, tells=[PolicyWarning.Audience.OWNER])
    with at_instant(FRIDAY + 3 * HOUR):
        give_warnings()
        react()
    assert told("warning") == ["Awa"]


def test_what_a_warning_does_it_does_to_each_that_goes_on(awa: Agent) -> None:
    matter = matter_of(awa, raises_priority=True, gives_back=True)
    third = make_conversation(account=make_account(team=awa.teams.get()))
    first, other = matter.conversations.order_by("pk")
    resolve_conversation(other.pk, by=None)
    with at_instant(FRIDAY + 3 * HOUR):
        give_warnings()
        react()
    for one in (first, other, third):
        one.refresh_from_db()
    assert (first.priority, first.assignee) == (Priority.HIGH, None)
    assert other.priority == third.priority == Priority.NORMAL
