"""Which answers are kept ready for whom."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from comptoir.brands.models import Brand
from comptoir.catalogue.models import CannedResponse
from comptoir.people.models import Agent


def canned_responses_of(agent: Agent) -> QuerySet[CannedResponse]:
    """An agent's own, and those that everybody has."""
    return CannedResponse.objects.filter(Q(owner=agent) | Q(owner=None)).select_related("owner", "brand")


def canned_responses_for(
    agent: Agent, *, brand: Brand, language: str, begun: str, most: int = 8
) -> QuerySet[CannedResponse]:
    """What may be offered when ``begun`` has been typed after the slash, the likeliest first.

    Those of another brand are left out; the conversation's language goes before the others, then one's own, then what
    serves most.
    """
    offered = canned_responses_of(agent).filter(Q(brand=None) | Q(brand=brand))
    if begun:
        offered = offered.filter(
            Q(shortcut__istartswith=begun) | Q(title__unaccent__icontains=begun) | Q(text__unaccent__icontains=begun)
        )
    ranked = offered.annotate(
        by_shortcut=_first(Q(shortcut__istartswith=begun)),
        by_language=_first(Q(language__in=["", language]) if language else Q(language="")),
        by_owner=_first(Q(owner=agent)),
    )
    return ranked.order_by("by_shortcut", "by_language", "by_owner", "-used", "shortcut")[:most]


def _first(condition: Q) -> Case:
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())
