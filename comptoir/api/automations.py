"""Automations: what the counter does by itself, switched on and off, and what each of them did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, cast

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked, Id, Named
from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.queries import Tally, runs_shown_to, tallies
from comptoir.automations.telling import automation_words, load_known
from comptoir.automations.triggers import why_words
from comptoir.automations.writing import switch_automation
from comptoir.core.saying import in_words
from comptoir.people.permissions import Permission

router = Router(tags=["automations"])

_READS = needs(Scope.AUTOMATIONS_READ, Permission.AUTOMATE)
_WRITES = needs(Scope.AUTOMATIONS_WRITE, Permission.AUTOMATE)
_State = Literal["waiting", "held", "done", "over", "refused"]


class AutomationShown(Schema):
    id: int
    position: int = Field(description="The order in which those that are met at once run.")
    name: str
    is_active: bool
    sentence: str = Field(description="What it does, in the language that was asked for.")
    writer: Named | None = Field(description="With whose rights it acts; null: it was written on the machine itself.")
    stopped_at: datetime | None = Field(description="What it is met by is held since, until somebody lets it go on.")
    stopped_because: str
    runs_within_a_day: int
    last_run_at: datetime | None = Field(description="Within the last week; null: it has not run.")
    held: int = Field(description="How many runs are held.")


class AutomationPage(Schema):
    items: list[AutomationShown]
    next: str | None = None


class AutomationChange(Asked):
    is_active: bool


class Run(Schema):
    id: int
    conversation_id: int
    state: _State
    caused_at: datetime = Field(description="When what set it off happened, or time had passed.")
    ended_at: datetime | None
    why: str = Field(description="What set it off, in the language that was asked for.")
    reason: str = Field(description="Why it was not done; empty where it was.")


class RunPage(Schema):
    items: list[Run]
    next: str | None = None


class Narrowed(Schema):
    state: _State | None = None
    conversation: Id | None = None


@router.get("/automations", response=AutomationPage, **_READS)
def list_automations(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> AutomationPage:
    """Every automation, in the order in which they were written; ``position`` is the order in which they run."""
    found, following = page_of(
        Automation.objects.in_order(), by=["id"], cursor=cursor, limit=limit, request=request
    )  # fmt: skip
    return AutomationPage(items=_shown(found), next=following)


@router.get("/automations/{int:automation_id}", response=AutomationShown, **_READS)
def get_automation(request: ApiRequest, automation_id: int) -> AutomationShown:
    """One automation."""
    return _shown([_found(automation_id)])[0]


@router.patch("/automations/{int:automation_id}", response=AutomationShown, **_WRITES)
def change_automation(request: ApiRequest, automation_id: int, asked: AutomationChange) -> AutomationShown:
    """Switch it on or off. It is met by what happens from then on, with the rights of whoever wrote it; where they are
    gone, with those of the token's agent.
    """
    try:
        switch_automation(automation_id, on=asked.is_active, writer=request.agent, by=acting(request))
    except Automation.DoesNotExist as error:
        raise _gone() from error
    return _shown([_found(automation_id)])[0]


@router.get("/automations/{int:automation_id}/runs", response=RunPage, **_READS)
def list_automation_runs(
    request: ApiRequest, automation_id: int, narrowed: Query[Narrowed], cursor: Cursor = "", limit: Limit = 50
) -> RunPage:
    """What it did, newest first, and what it could not do and why; on conversations that the agent may read."""
    runs = runs_shown_to(request.agent, of=_found(automation_id)).select_related("revision")
    if narrowed.state is not None:
        runs = runs.filter(state=narrowed.state)
    if narrowed.conversation is not None:
        runs = runs.filter(conversation=narrowed.conversation)
    found, following = page_of(runs, by=["-id"], cursor=cursor, limit=limit, request=request)
    return RunPage(items=[_run(one) for one in found], next=following)


def _found(automation_id: int) -> Automation:
    automation = Automation.objects.in_order().filter(pk=automation_id).first()
    if automation is None:
        raise _gone()
    return automation


def _gone() -> ProblemError:
    return ProblemError("not-found", _("No such automation."))


def _shown(automations: Sequence[Automation]) -> list[AutomationShown]:
    known, counted = load_known(), tallies()
    return [_one(one, automation_words(one.revision, known), counted.get(one.pk, Tally())) for one in automations]


def _one(automation: Automation, sentence: str, tally: Tally) -> AutomationShown:
    writer = automation.revision.writer
    return AutomationShown(
        id=automation.pk,
        position=automation.position,
        name=automation.name,
        is_active=automation.is_active,
        sentence=sentence,
        writer=Named(id=writer.pk, name=writer.name) if writer else None,
        stopped_at=automation.stopped_at,
        stopped_because=in_words(automation.stopped_because),
        runs_within_a_day=tally.today,
        last_run_at=tally.last_at,
        held=tally.held,
    )


def _run(run: AutomationRun) -> Run:
    return Run(
        id=run.pk,
        conversation_id=run.conversation_id,
        state=cast("_State", run.state),
        caused_at=run.caused_at,
        ended_at=run.ended_at,
        why=in_words(why_words(run.revision.trigger)),
        reason=in_words(run.reason),
    )
