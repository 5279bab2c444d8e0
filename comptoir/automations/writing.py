"""Writing automations, changing them, putting them in order, switching them. Each act is one event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comptoir.automations.conditions import KINDS
from comptoir.automations.errors import (
    AutomationNameTakenError,
    UnfinishedAutomationError,
    UnfinishedStepError,
)
from comptoir.automations.models import Automation, AutomationRevision, AutomationRun
from comptoir.automations.models.automation import RUNS_A_DAY, RUNS_AN_HOUR
from comptoir.automations.steps import LABELS_OF_AUTOMATIONS, checked_steps
from comptoir.automations.stopping import take_over, take_over_when_its_writer_is_gone
from comptoir.automations.triggers import TRIGGERS, checked_trigger
from comptoir.core.clock import now
from comptoir.core.lines import on_one_line
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Agent
from comptoir.routing.conditions import Condition, checked_conditions
from comptoir.routing.errors import UnfinishedRuleError
from comptoir.routing.names import load_names

MAX_NAME_CHARS = 60
MOST_RUNS_A_DAY, MOST_RUNS_AN_HOUR = 100, 100_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What an automation says, as it comes from outside: unchecked."""

    name: str
    trigger: Mapping[str, Any]
    conditions: Sequence[Condition]
    acts: Sequence[Mapping[str, Any]]
    most_runs_a_day: int = RUNS_A_DAY
    most_runs_an_hour: int = RUNS_AN_HOUR

    @classmethod
    def of(cls, automation: Automation) -> Terms:
        """What it says as it is kept."""
        kept = automation.revision
        return cls(
            automation.name, kept.trigger, kept.conditions, kept.acts,
            most_runs_a_day=automation.most_runs_a_day, most_runs_an_hour=automation.most_runs_an_hour,
        )  # fmt: skip

    def revision(self, writer: Agent | None = None) -> AutomationRevision:
        """The same, checked and not saved. Raises UnfinishedAutomationError."""
        return AutomationRevision(
            trigger=checked_trigger(self.trigger), conditions=self._if(), acts=self._then(), writer=writer
        )

    def title(self) -> str:
        """Raises UnfinishedAutomationError."""
        title = on_one_line(self.name)[:MAX_NAME_CHARS].strip()
        if not title:
            raise UnfinishedAutomationError(_("it has no name yet."))
        return title

    def check_limits(self) -> None:
        """Raises UnfinishedAutomationError."""
        a_day, an_hour = 1 <= self.most_runs_a_day <= MOST_RUNS_A_DAY, 1 <= self.most_runs_an_hour <= MOST_RUNS_AN_HOUR
        if not (a_day and an_hour):
            told = {"a_day": MOST_RUNS_A_DAY, "an_hour": MOST_RUNS_AN_HOUR}
            raise UnfinishedAutomationError(
                _("it may run 1 to %(a_day)s times a day on one conversation, and 1 to %(an_hour)s an hour in all.")
                % told
            )

    def _if(self) -> list[dict[str, Any]]:
        try:
            return checked_conditions(self.conditions, KINDS, load_names())
        except UnfinishedRuleError as error:
            raise UnfinishedAutomationError(error.reason) from error

    def _then(self) -> list[dict[str, Any]]:
        try:
            acts = checked_steps(self.acts, offered=LABELS_OF_AUTOMATIONS)
        except UnfinishedStepError as error:
            raise UnfinishedAutomationError(str(error)) from error
        if any(step["act"] == "assign" and step["to"] == "me" for step in acts):
            raise UnfinishedAutomationError(_("it runs by itself: say to whom it gives the conversation."))
        return acts


@transaction.atomic
def create_automation(
    terms: Terms, *, is_active: bool = False, writer: Agent | None = None, by: Actor = SYSTEM
) -> Automation:
    """Write an automation, after the others; it acts with the rights of ``writer``. Raises an AutomationError."""
    revision, title = terms.revision(writer), terms.title()
    terms.check_limits()
    in_order = _held()
    revision.save()
    automation = Automation(name=title, revision=revision, position=len(in_order) + 1)
    automation.switch(on=is_active, at=now())
    _save(automation, terms)
    _put_in_order([*in_order, automation])
    record("automation.created", subject=automation, by=by, title=title, is_active=is_active, **_written(revision))
    return automation


@transaction.atomic
def edit_automation(automation_id: int, terms: Terms, *, writer: Agent | None = None, by: Actor = SYSTEM) -> Automation:
    """Change what it says, and with whose rights it acts, from now on.

    Raises an AutomationError, Automation.DoesNotExist.
    """
    revision, title = terms.revision(writer), terms.title()
    terms.check_limits()
    automation = _one(_held(), automation_id)
    before, former = _written(automation.revision), automation.revision.writer
    if before != _written(revision):
        revision.save()
        _reword(automation, revision)
    elif former != writer:
        take_over(automation, by=writer)
    automation.name = title
    _save(automation, terms)
    record(
        "automation.changed", subject=automation, by=by, title=title, before=before, after=_written(revision),
        is_taken_over=former != writer,
    )  # fmt: skip
    return automation


@transaction.atomic
def amend_automation(
    automation_id: int, amended: Callable[[Terms], Terms], *, writer: Agent | None = None, by: Actor = SYSTEM
) -> Automation:
    """The same, from what it says at this moment: what is not amended stays, whoever changes it meanwhile.

    Raises an AutomationError, Automation.DoesNotExist.
    """
    return edit_automation(automation_id, amended(Terms.of(_one(_held(), automation_id))), writer=writer, by=by)


@transaction.atomic
def switch_automation(automation_id: int, *, on: bool, writer: Agent | None = None, by: Actor = SYSTEM) -> Automation:
    """Have it run from now on, or no longer. Where whoever wrote it may no longer, ``writer`` answers for it.

    Raises Automation.DoesNotExist.
    """
    automation = _one(_held(), automation_id)
    if automation.is_active != on:
        is_taken_over = on and take_over_when_its_writer_is_gone(automation, by=writer)
        automation.switch(on=on, at=now())
        automation.save()
        if not on:
            _let_go_of_what_is_to_come(automation)
        record(
            "automation.switched", subject=automation, by=by, title=automation.name, on=on, is_taken_over=is_taken_over
        )
    return automation


@transaction.atomic
def move_automation(automation_id: int, *, up: bool, by: Actor = SYSTEM) -> None:
    """Change places with the one above or below. Raises Automation.DoesNotExist."""
    in_order = _held()
    at = in_order.index(_one(in_order, automation_id))
    to = at - 1 if up else at + 1
    if not 0 <= to < len(in_order):
        return
    in_order[at], in_order[to] = in_order[to], in_order[at]
    _put_in_order(in_order)
    record("automation.moved", subject=in_order[to], by=by, title=in_order[to].name, position=to + 1)


@transaction.atomic
def remove_automation(automation_id: int, *, by: Actor = SYSTEM) -> None:
    """Have it run no more, and list it no more; what it did still tells its name. Raises Automation.DoesNotExist."""
    automation = _one(_held(), automation_id)
    automation.switch(on=False, at=now())
    automation.removed_at = now()
    automation.save()
    _let_go_of_what_is_to_come(automation)
    record("automation.deleted", subject=automation, by=by, title=automation.name)


def _held() -> list[Automation]:
    """All of them, ours until the transaction ends: in the order of their ids, as whoever runs them holds them."""
    list(Automation.objects.filter(removed_at=None).select_for_update(no_key=True).order_by("id"))
    return list(Automation.objects.in_order())


def _one(automations: Sequence[Automation], automation_id: int) -> Automation:
    found = next((one for one in automations if one.pk == automation_id), None)
    if found is None:
        raise Automation.DoesNotExist
    return found


def _reword(automation: Automation, revision: AutomationRevision) -> None:
    """Have it say something else; the caller saves. What it asks now is met by what happens from now on.

    Time is looked at once a minute: what it has met since the last look, by a trigger that stays, is for the new words.
    """
    same_trigger = automation.revision.trigger == revision.trigger
    automation.revision = revision
    if automation.is_active:
        looked = automation.swept_until if same_trigger and TRIGGERS[revision.trigger["kind"]].passes else None
        automation.active_since = automation.swept_until = looked or now()
    _let_go_of_what_is_to_come(automation)
    if not same_trigger:  # another length of time is met anew by whom the former words left out
        automation.runs.filter(state=AutomationRun.State.UNMET, since__isnull=False).delete()


def _let_go_of_what_is_to_come(automation: Automation) -> None:
    """What was kept before its time: it is met by other words now, or once it is switched on again. In the order in
    which it is held.
    """
    to_come = automation.runs.to_come(now()).order_by("pk").select_for_update(no_key=True)
    automation.runs.filter(pk__in=list(to_come.values_list("pk", flat=True))).delete()


def _save(automation: Automation, terms: Terms) -> None:
    automation.most_runs_a_day, automation.most_runs_an_hour = terms.most_runs_a_day, terms.most_runs_an_hour
    try:
        with transaction.atomic():
            automation.save()
    except IntegrityError as error:
        raise AutomationNameTakenError(automation.name) from error


def _put_in_order(automations: Sequence[Automation]) -> None:
    for position, automation in enumerate(automations, start=1):
        if automation.position != position:
            automation.position = position
            automation.save(update_fields=["position"])


def _written(revision: AutomationRevision) -> dict[str, Any]:
    return {"trigger": revision.trigger, "conditions": revision.conditions, "acts": revision.acts}
