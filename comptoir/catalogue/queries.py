"""Which answers are kept ready for whom."""

from __future__ import annotations

import unicodedata

from django.db.models import Q, QuerySet

from comptoir.brands.models import Brand
from comptoir.catalogue.models import CannedResponse
from comptoir.people.models import Agent

#: More than anybody keeps ready; what is beyond is found by nobody anyway.
_MOST_READ = 2000


def canned_responses_of(agent: Agent) -> QuerySet[CannedResponse]:
    """An agent's own, and those that everybody has."""
    return CannedResponse.objects.filter(Q(owner=agent) | Q(owner=None)).select_related("owner", "brand")


def canned_responses_for(
    agent: Agent, *, brand: Brand, language: str, begun: str, most: int = 8
) -> list[CannedResponse]:
    """What may be offered when ``begun`` has been typed after the slash, the likeliest first; accents do not matter.

    Those of another brand are left out; what begins so goes before what holds it, then the conversation's language
    before the others, one's own before everybody's, and what serves most.
    """
    offered = canned_responses_of(agent).filter(Q(brand=None) | Q(brand=brand)).prefetch_related("files")[:_MOST_READ]
    wanted = _plain(begun)

    def rank(one: CannedResponse) -> tuple[bool, bool, bool, int, str]:
        begins = _plain(one.shortcut).startswith(wanted)
        return not begins, one.language not in ("", language), one.owner_id is None, -one.used, one.shortcut

    found = [one for one in offered if wanted in _plain(f"{one.shortcut} {one.title} {one.text}")]
    return sorted(found, key=rank)[:most]


def _plain(text: str) -> str:
    """Without accents and capitals."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
