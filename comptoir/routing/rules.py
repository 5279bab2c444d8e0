"""Writing rules, changing them and putting them in order. Each act is one event and one more version of the book."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from comptoir.events.record import SYSTEM, Actor, record
from comptoir.routing.conditions import KINDS, Condition, checked_conditions
from comptoir.routing.effects import Effect, checked_effects
from comptoir.routing.models import RoutingRule, RuleBook, RuleRevision
from comptoir.routing.names import load_names


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule says, as it comes from outside: unchecked."""

    conditions: Sequence[Condition]
    effects: Sequence[Effect]
    goes_on: bool = False

    def revision(self) -> RuleRevision:
        """The same, checked and not saved. Raises UnfinishedRuleError."""
        names = load_names()
        return RuleRevision(
            conditions=checked_conditions(self.conditions, KINDS, names),
            effects=checked_effects(self.effects, names),
            goes_on=self.goes_on,
        )


@transaction.atomic
def create_rule(terms: Terms, *, is_active: bool = True, by: Actor = SYSTEM) -> RoutingRule:
    """Write a rule, tried after the others. Raises UnfinishedRuleError."""
    revision = terms.revision()
    in_order = _held()
    revision.save()
    rule = RoutingRule.objects.create(revision=revision, is_active=is_active, position=len(in_order) + 1)
    _put_in_order([*in_order, rule])
    record("rule.created", subject=rule, by=by, terms=_written(revision), is_active=is_active)
    return rule


@transaction.atomic
def edit_rule(rule_id: int, terms: Terms, *, by: Actor = SYSTEM) -> RoutingRule:
    """Change what a rule says from now on. Raises UnfinishedRuleError, RoutingRule.DoesNotExist."""
    revision = terms.revision()
    rule = _one(_held(), rule_id)
    before = rule.revision
    if _written(before) == _written(revision):
        return rule
    revision.save()
    rule.revision = revision
    rule.save(update_fields=["revision"])
    record("rule.changed", subject=rule, by=by, before=_written(before), after=_written(revision))
    return rule


@transaction.atomic
def switch_rule(rule_id: int, *, on: bool, by: Actor = SYSTEM) -> RoutingRule:
    """Try it from now on, or no longer. Raises RoutingRule.DoesNotExist."""
    rule = _one(_held(), rule_id)
    if rule.is_active != on:
        rule.is_active = on
        rule.save(update_fields=["is_active"])
        record("rule.switched", subject=rule, by=by, on=on)
    return rule


@transaction.atomic
def move_rule(rule_id: int, *, up: bool, by: Actor = SYSTEM) -> None:
    """Change places with the one above or below. Raises RoutingRule.DoesNotExist."""
    in_order = _held()
    at = in_order.index(_one(in_order, rule_id))
    to = at - 1 if up else at + 1
    if not 0 <= to < len(in_order):
        return
    in_order[at], in_order[to] = in_order[to], in_order[at]
    _put_in_order(in_order)
    record("rule.moved", subject=in_order[to], by=by, position=to + 1)


@transaction.atomic
def delete_rule(rule_id: int, *, by: Actor = SYSTEM) -> None:
    """Forget a rule; the conversations it routed still tell what it said. Raises RoutingRule.DoesNotExist."""
    in_order = _held()
    rule = _one(in_order, rule_id)
    record("rule.deleted", subject=rule, by=by, was=_written(rule.revision))
    rule.delete()
    _put_in_order([one for one in in_order if one is not rule])


def _held() -> list[RoutingRule]:
    """All rules, ours until the transaction ends: who changes one holds the book, and whoever routes then sees a new
    version.
    """
    RuleBook.objects.bulk_create([RuleBook(id=1)], ignore_conflicts=True)
    RuleBook.objects.filter(pk=1).update(version=uuid.uuid4())
    return list(RoutingRule.objects.in_order())


def _one(rules: Sequence[RoutingRule], rule_id: int) -> RoutingRule:
    found = next((rule for rule in rules if rule.pk == rule_id), None)
    if found is None:
        raise RoutingRule.DoesNotExist
    return found


def _put_in_order(rules: Sequence[RoutingRule]) -> None:
    for position, rule in enumerate(rules, start=1):
        if rule.position != position:
            rule.position = position
            rule.save(update_fields=["position"])


def _written(revision: RuleRevision) -> dict[str, object]:
    return {"conditions": revision.conditions, "effects": revision.effects, "goes_on": revision.goes_on}
