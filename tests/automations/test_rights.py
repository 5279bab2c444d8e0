"""An automation acts with the rights of whoever wrote it, as they are at the moment it runs."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.stopping import resume_automation
from comptoir.automations.sweeping import sweep
from comptoir.automations.trying import try_automation
from comptoir.automations.writing import edit_automation, switch_automation
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.notifications.models import Notice
from comptoir.people.actions import close_access, edit_agent
from comptoir.people.models import Agent
from comptoir.people.permissions import GRANTS, Permission
from tests.automations.written import automation, ended, follow, run_all, settle, tag, terms
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_incoming, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

MAY_AUTOMATE = {Agent.Role.SUPERVISOR, Agent.Role.ADMINISTRATOR}
ROLES = [role.value for role in Agent.Role]


@pytest.fixture
def here() -> Conversation:
    """On an account of the brand that the supervisor sees."""
    return make_conversation(account=make_account(brand=make_brand(name="Maison")))


@pytest.fixture
def elsewhere() -> Conversation:
    """On an account of another brand."""
    return make_conversation(account=make_account(brand=make_brand(name="Ailleurs")))


@pytest.fixture
def supervisor(here: Conversation) -> Agent:
    make_agent(role="administrator")
    return make_agent(role="supervisor", name="Awa Diop", brands=[here.account.brand])


def come_in(*conversations: Conversation) -> None:
    for one in conversations:
        record("message.received", subject=make_incoming(one, text="Mon colis est perdu"))


def become(agent: Agent, role: str) -> None:
    brands = agent.brands.all()
    edit_agent(agent.pk, name=agent.name, role=role, language="fr", teams=agent.teams.all(), brands=brands)


def tagged() -> set[int]:
    return set(Conversation.objects.exclude(tags=None).values_list("pk", flat=True))


def test_what_its_writer_is_not_shown_does_not_set_it_off(
    supervisor: Agent, here: Conversation, elsewhere: Conversation
) -> None:
    automation("received", tag(), writer=supervisor)
    come_in(here, elsewhere)
    settle()
    assert tagged() == {here.pk}
    assert AutomationRun.objects.count() == 1


@pytest.mark.parametrize("writer", ["administrator", "nobody"])
def test_an_administrators_reaches_everything_and_so_does_what_was_written_on_the_machine(
    writer: str, supervisor: Agent, here: Conversation, elsewhere: Conversation
) -> None:
    automation("received", tag(), writer=make_agent(role="administrator") if writer == "administrator" else None)
    come_in(here, elsewhere)
    settle()
    assert tagged() == {here.pk, elsewhere.pk}


def test_an_account_that_is_reserved_for_others_is_left_alone(supervisor: Agent, here: Conversation) -> None:
    here.account.reserved_for.add(make_team(name="Affaires réservées"))
    automation("received", tag(), writer=supervisor)
    come_in(here)
    settle()
    assert tagged() == set()


def test_what_is_given_to_its_writer_is_within_its_reach(supervisor: Agent, elsewhere: Conversation) -> None:
    elsewhere.assignee = supervisor
    elsewhere.save()
    automation("received", tag(), writer=supervisor)
    come_in(elsewhere)
    settle()
    assert tagged() == {elsewhere.pk}


def test_what_counts_is_what_its_writer_sees_when_it_runs(supervisor: Agent, here: Conversation) -> None:
    automation("received", tag(), writer=supervisor)
    come_in(here)
    follow()
    supervisor.brands.set([make_brand(name="Autre")])
    run_all()
    assert tagged() == set()
    assert ended() == [("over", "Awa Diop, who wrote it, is not shown this conversation.")]


def test_time_that_passes_elsewhere_does_not_set_it_off(
    supervisor: Agent, here: Conversation, elsewhere: Conversation
) -> None:
    automation("waits", tag(), after=timedelta(hours=4), since=now() - timedelta(days=2), writer=supervisor)
    for one in (here, elsewhere):
        make_incoming(one, sent_at=now() - timedelta(hours=5))
    sweep()
    run_all()
    assert tagged() == {here.pk}


def test_trying_it_leaves_out_what_whoever_tries_is_not_shown(
    supervisor: Agent, here: Conversation, elsewhere: Conversation
) -> None:
    come_in(here, elsewhere)
    trial = try_automation(terms("received", tag()).revision(), agent=supervisor)
    assert (trial.runs, [one.facts.conversation_id for one in trial.shown]) == (1, [here.pk])


@pytest.mark.parametrize("role", ROLES)
def test_it_goes_on_only_while_its_writers_role_may_automate(role: str, supervisor: Agent, here: Conversation) -> None:
    one = automation("received", tag(), writer=supervisor)
    become(supervisor, role)
    come_in(here)
    settle()
    one.refresh_from_db()
    assert (bool(tagged()), one.stopped_at is None) == ((role in MAY_AUTOMATE,) * 2)


@pytest.mark.parametrize("role", ROLES)
def test_trying_shows_each_role_what_it_may_read(role: str, here: Conversation, elsewhere: Conversation) -> None:
    come_in(here, elsewhere)
    agent = make_agent(role=role, brands=[here.account.brand])
    seen = Conversation.objects.visible_to(agent).count()
    assert try_automation(terms("received", tag()).revision(), agent=agent).runs == seen


def test_an_act_that_the_writers_role_does_not_grant_undoes_the_others(
    supervisor: Agent, here: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    automation("received", tag(), {"act": "resolve"}, writer=supervisor)
    monkeypatch.setitem(GRANTS, "supervisor", GRANTS["supervisor"] - {Permission.RESOLVE})
    come_in(here)
    settle()
    assert tagged() == set()
    assert ended() == [("refused", "Resolve: Awa Diop, who wrote it, is not allowed to do this.")]


def test_when_its_writer_leaves_it_stops_at_once_and_an_administrator_is_told(supervisor: Agent) -> None:
    one = automation("received", tag(), writer=supervisor)
    close_access(supervisor.pk)
    settle(2)
    one.refresh_from_db()
    assert one.stopped_because == "Awa Diop, who wrote it, no longer works here."
    notice = Notice.objects.get(settled_at=None)
    assert (notice.kind, notice.subject_id, str(notice.reason)) == (
        "automation_stopped", one.pk, "Awa Diop, who wrote it, no longer works here.",
    )  # fmt: skip


def test_what_it_is_met_by_is_held_until_somebody_answers_for_it(supervisor: Agent, here: Conversation) -> None:
    one = automation("received", tag(), writer=supervisor)
    close_access(supervisor.pk)
    come_in(here)
    settle()
    assert [state for state, _reason in ended()] == ["held"]
    successor = make_agent(role="administrator", name="Inès Roy")
    assert resume_automation(one.pk, runs_held=True, writer=successor) == 1
    settle()
    assert tagged() == {here.pk}
    assert Automation.objects.get().revision.writer == successor
    assert Event.objects.get(name="automation.resumed").details["is_taken_over"]


def test_what_is_held_is_done_with_the_rights_of_whoever_lets_it_go_on(
    supervisor: Agent, here: Conversation, elsewhere: Conversation
) -> None:
    administrator = make_agent(role="administrator")
    one = automation("received", tag(), writer=administrator)
    close_access(administrator.pk)
    come_in(here, elsewhere)
    settle()
    resume_automation(one.pk, runs_held=True, writer=supervisor)
    settle()
    assert tagged() == {here.pk}


def test_a_writer_who_is_gone_before_anybody_reacted_does_nothing_either(supervisor: Agent, here: Conversation) -> None:
    automation("received", tag(), writer=supervisor)
    come_in(here)
    follow()
    Agent.objects.filter(pk=supervisor.pk).update(is_active=False)
    run_all()
    assert [state for state, _reason in ended()] == ["held"]
    assert Event.objects.filter(name="automation.stopped").count() == 1


def test_switched_on_by_somebody_else_it_stays_its_writers_unless_they_are_gone(supervisor: Agent) -> None:
    successor = make_agent(role="administrator")
    one = automation("received", tag(), writer=supervisor)
    for former, expected in ((supervisor, supervisor), (supervisor, successor)):
        switch_automation(one.pk, on=False)
        if expected != former:
            close_access(former.pk)
        switch_automation(one.pk, on=True, writer=successor)
        assert Automation.objects.get().revision.writer == expected
        switched = Event.objects.filter(name="automation.switched").latest("pk")
        assert switched.details["is_taken_over"] == (expected != former)


def test_kept_by_somebody_else_it_is_theirs_with_the_same_words(supervisor: Agent) -> None:
    one = automation("received", tag(), writer=make_agent(role="administrator"))
    former = one.revision
    edit_automation(one.pk, terms("received", tag()), writer=supervisor)
    revision = Automation.objects.get().revision
    assert (revision.writer, revision.acts) == (supervisor, former.acts)
    assert Automation.objects.get().active_since == one.active_since
    assert Event.objects.get(name="automation.changed").details["is_taken_over"]


def test_those_that_there_were_are_whose_the_record_says(supervisor: Agent) -> None:
    module = import_module("comptoir.automations.migrations.0004_who_wrote_them")
    by = Actor("agent", supervisor.pk)
    with_one = automation("received", tag(), by=by)
    edited = automation("received", tag(), name="Relue", by=SYSTEM)
    first = edited.revision
    edit_automation(edited.pk, terms("received", tag("b"), name="Relue"), by=by)
    AutomationRun.objects.create(
        automation=edited, revision=first, conversation=make_conversation(), event_id=1, caused_at=now()
    )
    with connection.cursor() as cursor:
        cursor.execute(module._WROTE)
    first.refresh_from_db()
    writers = {one.pk: one.revision.writer for one in Automation.objects.all()}
    assert (writers, first.writer) == ({with_one.pk: supervisor, edited.pk: supervisor}, None)
