"""Routing rules: conditions and effects as they are kept, each with the sentence that the screens show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.conditions import Condition, Values, as_asked, as_kept
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError, invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked
from comptoir.events.record import Actor
from comptoir.people.permissions import Permission
from comptoir.routing.errors import UnfinishedRuleError
from comptoir.routing.models import RoutingRule
from comptoir.routing.names import load_names
from comptoir.routing.rules import Terms, create_rule, delete_rule, edit_rule, move_rule, switch_rule
from comptoir.routing.telling import rule_words

router = Router(tags=["routing"])

_ALLOWED = needs(Scope.ROUTING_WRITE, Permission.ARRANGE_ROUTING)

_EFFECTS = Literal["team", "priority", "tags", "skills", "language", "vip", "strategy"]


class Effect(Asked):
    kind: _EFFECTS
    among: Values = []


class Rule(Schema):
    id: int
    position: int
    is_active: bool
    conditions: list[Condition]
    effects: list[Effect]
    goes_on: bool
    sentence: str = Field(description="The rule in words, in the language that was asked for.")


class RulePage(Schema):
    items: list[Rule]
    next: str | None = None


class NewRule(Asked):
    conditions: Annotated[list[Condition], Field(max_length=40)] = Field([], description="All must hold.")
    effects: Annotated[list[Effect], Field(min_length=1, max_length=10)]
    goes_on: bool = Field(False, description="Whether the rules below are tried as well.")
    is_active: bool = True


class RuleChange(Asked):
    conditions: Annotated[list[Condition], Field(max_length=40)] | None = None
    effects: Annotated[list[Effect], Field(min_length=1, max_length=10)] | None = None
    goes_on: bool | None = None
    is_active: bool | None = None
    move: Literal["up", "down"] | None = Field(None, description="Change places with the rule above or below.")


@router.get("/routing-rules", response=RulePage, **_ALLOWED)
def list_routing_rules(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> RulePage:
    """Every rule, in the order in which they were written; ``position`` is the order in which they are tried."""
    rules = RoutingRule.objects.select_related("revision")
    found, following = page_of(rules, by=["id"], cursor=cursor, limit=limit, request=request)
    return RulePage(items=_shown(found), next=following)


@router.post("/routing-rules", response={201: Rule}, **_ALLOWED)
def create_routing_rule(request: ApiRequest, asked: NewRule) -> Rule:
    """Write a rule; it is tried after the others, on what begins from now on."""
    terms = Terms(as_kept(asked.conditions), _effects(asked.effects), asked.goes_on)
    try:
        rule = create_rule(terms, is_active=asked.is_active, by=acting(request))
    except UnfinishedRuleError as error:
        raise invalid("", str(error)) from error
    return _shown([rule])[0]


@router.get("/routing-rules/{int:rule_id}", response=Rule, **_ALLOWED)
def get_routing_rule(request: ApiRequest, rule_id: int) -> Rule:
    """One rule."""
    return _shown([_found(rule_id)])[0]


@router.patch("/routing-rules/{int:rule_id}", response=Rule, **_ALLOWED)
def change_routing_rule(request: ApiRequest, rule_id: int, asked: RuleChange) -> Rule:
    """Change what it says, switch it on or off, or move it. What it routed keeps the words of that time."""
    _found(rule_id)
    try:
        _change(rule_id, asked, by=acting(request))
    except UnfinishedRuleError as error:
        raise invalid("", str(error)) from error
    except RoutingRule.DoesNotExist as error:  # somebody has just deleted it
        raise _gone() from error
    return _shown([_found(rule_id)])[0]


@transaction.atomic
def _change(rule_id: int, asked: RuleChange, *, by: Actor) -> None:
    """What it says is looked at again only where it changes: one that names a team that is gone can be switched off."""
    if any(one is not None for one in (asked.conditions, asked.effects, asked.goes_on)):
        kept = _found(rule_id).revision
        terms = Terms(
            kept.conditions if asked.conditions is None else as_kept(asked.conditions),
            kept.effects if asked.effects is None else _effects(asked.effects),
            kept.goes_on if asked.goes_on is None else asked.goes_on,
        )
        edit_rule(rule_id, terms, by=by)  # the same words are no change
    if asked.is_active is not None:
        switch_rule(rule_id, on=asked.is_active, by=by)
    if asked.move is not None:
        move_rule(rule_id, up=asked.move == "up", by=by)


@router.delete("/routing-rules/{int:rule_id}", response={204: None}, **_ALLOWED)
def delete_routing_rule(request: ApiRequest, rule_id: int) -> Status[None]:
    """Forget it."""
    try:
        delete_rule(rule_id, by=acting(request))
    except RoutingRule.DoesNotExist as error:
        raise _gone() from error
    return Status(204, None)


def _found(rule_id: int) -> RoutingRule:
    rule = RoutingRule.objects.select_related("revision").filter(pk=rule_id).first()
    if rule is None:
        raise _gone()
    return rule


def _gone() -> ProblemError:
    return ProblemError("not-found", _("No such rule."))


def _effects(asked: Sequence[Effect]) -> list[dict[str, Any]]:
    return [{"kind": one.kind, "among": one.among} for one in asked]


def _shown(rules: Sequence[RoutingRule]) -> list[Rule]:
    names = load_names()
    return [
        Rule(
            id=rule.pk,
            position=rule.position,
            is_active=rule.is_active,
            conditions=[Condition(**one) for one in as_asked(rule.revision.conditions)],
            effects=[Effect(kind=one["kind"], among=one["among"]) for one in rule.revision.effects],
            goes_on=rule.revision.goes_on,
            sentence=rule_words(rule.revision, names),
        )
        for rule in rules
    ]
