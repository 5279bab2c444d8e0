"""Rules as sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from comptoir.routing import effects
from comptoir.routing.conditions import KINDS, Condition
from comptoir.routing.conditions.kinds import all_of, either
from comptoir.routing.effects import Effect
from comptoir.routing.models import RuleRevision
from comptoir.routing.names import Names


def rule_words(revision: RuleRevision, names: Names) -> str:
    """« Quand un message arrive par E-mail et contient “presse” : à l’équipe Communication, priorité haute. »"""
    return terms_words(revision.conditions, revision.effects, names, goes_on=revision.goes_on)


def terms_words(conditions: Sequence[Condition], done: Sequence[Effect], names: Names, *, goes_on: bool = False) -> str:
    """The same of terms that are not kept yet."""
    frame = {
        "when": _when([one for one in conditions if not one.get("not")], names),
        "unless": _unless([one for one in conditions if one.get("not")], names),
        "what": ", ".join(effects.KINDS[one["kind"]].clause(one["among"], names) for one in done),
    }
    if goes_on:
        return _("%(when)s%(unless)s: %(what)s; then the rules below are tried.") % frame
    return _("%(when)s%(unless)s: %(what)s.") % frame


def _when(conditions: Sequence[Condition], names: Names) -> str:
    if not conditions:
        return _("Every message")
    return _("When a message %(clauses)s") % {"clauses": all_of([_clause(one, names) for one in conditions])}


def _unless(conditions: Sequence[Condition], names: Names) -> str:
    if not conditions:
        return ""
    return _(", unless it %(clauses)s") % {"clauses": either([_clause(one, names) for one in conditions])}


def _clause(condition: Condition, names: Names) -> str:
    return KINDS[condition["kind"]].clause(condition["among"], names)
