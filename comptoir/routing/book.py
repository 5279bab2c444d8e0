"""The rules in force, compiled once a process for each version: deciding is then plain Python over facts."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from comptoir.routing import effects
from comptoir.routing.conditions import KINDS, Matcher, all_hold, compiled
from comptoir.routing.effects import Decision
from comptoir.routing.facts import Ask, Facts
from comptoir.routing.models import RoutingRule, RuleBook, RuleRevision

logger = logging.getLogger("comptoir.routing")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to be tried."""

    revision: RuleRevision
    conditions: tuple[Matcher, ...]
    asks: frozenset[Ask]

    def holds(self, facts: Facts) -> bool | None:
        """Whether every condition does; None where that hangs on what is not known yet."""
        return all_hold(self.conditions, facts)


@dataclass(frozen=True, slots=True)
class Book:
    """All rules in force, in order."""

    version: uuid.UUID | None
    rules: tuple[Rule, ...] = ()
    asks: frozenset[Ask] = frozenset()

    def decide(self, facts: Facts) -> Decision:
        """What the rules say of one message: each that matches adds what no earlier one has said."""
        decision = Decision(is_under_our_post=facts.is_under_our_post)
        for rule in self.rules:
            holds = rule.holds(facts)
            if holds is None:
                decision.awaits_reading = True
            elif holds:
                apply(rule.revision, decision)
                if not rule.revision.goes_on:
                    break
        return decision


def apply(revision: RuleRevision, decision: Decision) -> None:
    """Write what a rule does into a decision."""
    decision.revision_ids.append(revision.pk)
    for effect in revision.effects:
        effects.KINDS[effect["kind"]].act(effect["among"], decision)


_book = Book(version=None)


def book_in_force() -> Book:
    """From memory while its version is the database's: one query of one row, and two more after a change."""
    global _book  # one book a process; threads that meet compile it twice at most
    version = RuleBook.objects.values_list("version", flat=True).first()
    known = _book
    if known.version != version:
        rules = RoutingRule.objects.in_order().filter(is_active=True)
        known = _book = bound([rule.revision for rule in rules], version=version)
    return known


def bound(revisions: Iterable[RuleRevision], *, version: uuid.UUID | None = None) -> Book:
    """A book of these rules. One that names what this version does not know any more is left out, and logged."""
    rules = [rule for revision in revisions if (rule := _compiled(revision)) is not None]
    return Book(version, tuple(rules), frozenset().union(*(rule.asks for rule in rules)))


def _compiled(revision: RuleRevision) -> Rule | None:
    try:
        conditions = tuple(compiled(one, KINDS) for one in revision.conditions)
        asks: frozenset[Ask] = frozenset().union(*(KINDS[one["kind"]].asks for one in revision.conditions))
        apply(revision, Decision())
    except (KeyError, ValueError, IndexError):
        logger.exception("a routing rule cannot be read", extra={"revision": revision.pk})
        return None
    return Rule(revision, conditions, asks)
