"""The macros an agent has at hand."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from comptoir.automations.models import Macro
from comptoir.people.models import Agent


def macros_for(agent: Agent) -> QuerySet[Macro]:
    """Everybody's, then their own, in the order that people gave them."""
    return Macro.objects.filter(Q(owner=None) | Q(owner=agent)).order_by(
        F("owner").asc(nulls_first=True), "position", "id"
    )
