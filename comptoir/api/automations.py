"""Automations: what the counter does by itself, written, switched on and off, and what each of them did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, cast

from django.db import transaction
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from comptoir.api.authentication import ApiRequest, acting, needs, require_scope
from comptoir.api.automation_shapes import (
    TAKES,
    Act,
    AutomationChange,
    AutomationPage,
    AutomationShown,
    GoOn,
    NewAutomation,
    When,
    steps_as_kept,
    steps_shown,
    trigger_as_kept,
)
from comptoir.api.conditions import AutomationCondition, as_asked, as_kept
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError, invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Id, Named
from comptoir.automations.errors import AutomationError, AutomationNameTakenError
from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.queries import Tally, runs_shown_to, tallies
from comptoir.automations.stopping import resume_automation
from comptoir.automations.telling import automation_words, load_known
from comptoir.automations.triggers import why_words
from comptoir.automations.writing import (
    Terms,
    amend_automation,
    create_automation,
    move_automation,
    remove_automation,
    switch_automation,
)
from comptoir.core.saying import in_words
from comptoir.people.permissions import Permission

router = Router(tags=["automations"])

_READS = needs(Scope.AUTOMATIONS_READ, Permission.AUTOMATE)
_WRITES = needs(Scope.AUTOMATIONS_WRITE, Permission.AUTOMATE)
_State = Literal["waiting", "held", "done", "over", "refused"]
#: A token has nothing done by an automation that it may not do itself.
_SCOPES: dict[Act, Scope | None] = {
    **dict.fromkeys(TAKES, Scope.CONVERSATIONS_WRITE), "reply": Scope.MESSAGES_WRITE, "notify": None, "webhook": None,
}  # fmt: skip


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


@router.post("/automations", response={201: AutomationShown}, **_WRITES)
def write_automation(request: ApiRequest, asked: NewAutomation) -> AutomationShown:
    """Write one, after the others. It acts with the rights of the token's agent, as they are when it runs; the token
    needs the scopes of its acts as well.
    """
    _require_scopes(request, [step.act for step in asked.acts])
    terms = Terms(
        asked.name, trigger_as_kept(asked.trigger), as_kept(asked.conditions), steps_as_kept(asked.acts),
        most_runs_a_day=asked.most_runs_a_day, most_runs_an_hour=asked.most_runs_an_hour,
    )  # fmt: skip
    with _refusals():
        made = create_automation(terms, is_active=asked.is_active, **_writing(request))
    return _shown([_found(made.pk)])[0]


@router.patch("/automations/{int:automation_id}", response=AutomationShown, **_WRITES)
def change_automation(request: ApiRequest, automation_id: int, asked: AutomationChange) -> AutomationShown:
    """Change what it says, switch it on or off, or move it: all of it, or nothing. What it says anew is met by what
    happens from then on, with the rights of the token's agent. Switched on, it keeps the rights of whoever wrote it;
    where they are gone, it has those of the token's agent. Either needs the scopes of its acts; to switch it off does
    not.
    """
    with _refusals():
        _change(request, automation_id, asked)
    return _shown([_found(automation_id)])[0]


@transaction.atomic
def _change(request: ApiRequest, automation_id: int, asked: AutomationChange) -> None:
    """What it says is looked at again only where it changes: one that names a team that is gone can be switched off."""
    amended = asked.model_dump(exclude_none=True, exclude={"is_active", "move"})
    if amended:
        amend_automation(automation_id, lambda kept: _amended(request, kept, asked), **_writing(request))
    if asked.is_active:
        _require_scopes_of(request, automation_id)
    if asked.is_active is not None:
        switch_automation(automation_id, on=asked.is_active, **_writing(request))
    if asked.move is not None:
        move_automation(automation_id, up=asked.move == "up", by=acting(request))


def _amended(request: ApiRequest, kept: Terms, asked: AutomationChange) -> Terms:
    """Whoever changes when or how something is done answers for what is done: the scopes of every act are needed."""
    amended: dict[str, Any] = asked.model_dump(
        exclude_none=True, include={"name", "most_runs_a_day", "most_runs_an_hour"}
    )
    if asked.trigger is not None:
        amended["trigger"] = trigger_as_kept(asked.trigger)
    if asked.conditions is not None:
        amended["conditions"] = as_kept(asked.conditions)
    if asked.acts is not None:
        amended["acts"] = steps_as_kept(asked.acts)
    terms = replace(kept, **amended)
    _require_scopes(request, [step["act"] for step in terms.acts])
    return terms


@router.delete("/automations/{int:automation_id}", response={204: None}, **_WRITES)
def delete_automation(request: ApiRequest, automation_id: int) -> Status[None]:
    """Have it run no more, and list it no more. What it did stays, and still tells its name."""
    with _refusals():
        remove_automation(automation_id, by=acting(request))
    return Status(204, None)


@router.post("/automations/{int:automation_id}/resume", response=AutomationShown, **_WRITES)
def let_automation_go_on(request: ApiRequest, automation_id: int, asked: GoOn) -> AutomationShown:
    """Let one that has stopped go on, with what was held or without; one that has not is left as it is. Where whoever
    wrote it is gone, it acts with the rights of the token's agent from now on. The token needs the scopes of its acts.
    """
    with _refusals():
        _require_scopes_of(request, automation_id)
        resume_automation(automation_id, runs_held=asked.runs_held, **_writing(request))
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


def _writing(request: ApiRequest) -> dict[str, Any]:
    """Whose rights it acts with, and who is written down."""
    return {"writer": request.agent, "by": acting(request)}


def _require_scopes(request: ApiRequest, acts: Iterable[Act]) -> None:
    for act in acts:
        scope = _SCOPES[act]
        if scope is not None:
            require_scope(request, scope)


def _require_scopes_of(request: ApiRequest, automation_id: int) -> None:
    """A program has nothing done by an automation of somebody else that it may not do itself."""
    _require_scopes(request, [step["act"] for step in _found(automation_id).revision.acts])


@contextmanager
def _refusals() -> Iterator[None]:
    """What the domain refuses, as problems."""
    try:
        yield
    except AutomationNameTakenError as error:
        raise invalid("/name", str(error)) from error
    except AutomationError as error:
        raise invalid("", str(error)) from error
    except Automation.DoesNotExist as error:
        raise _gone() from error


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
        trigger=When(**automation.revision.trigger),
        conditions=[AutomationCondition(**one) for one in as_asked(automation.revision.conditions)],
        acts=steps_shown(automation.revision.acts),
        most_runs_a_day=automation.most_runs_a_day,
        most_runs_an_hour=automation.most_runs_an_hour,
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
