"""Whoever changes what promises are counted by is told first how many broken ones that takes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core import signing

from comptoir.sla.foreseeing import Mended, made_if_agreed
from comptoir.web.requests import AgentRequest

_SALT = "comptoir.mends"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before a change is made; ``new_count`` of them were not there when it was asked before."""

    count: int
    is_more: bool
    new_count: int
    #: What whoever presses the button agrees to: these promises, and no others.
    agreement: str


def asks_first(request: AgentRequest, change: Callable[[], object]) -> Question | None:
    """Make the change; or nothing of it, and the question, where it takes back more than was agreed to (the button
    ``mends``). What it raises is raised.
    """
    agreed = _read(request.POST.get("mends", ""))
    found = made_if_agreed(change, agreed=agreed)
    return None if found is None else _question(found, agreed)


def _question(found: Mended, agreed: frozenset[int]) -> Question:
    agreement = signing.dumps(sorted(found.clock_ids), salt=_SALT, compress=True)
    return Question(found.count, found.is_more, len(found.clock_ids - agreed) if agreed else 0, agreement)


def _read(agreement: str) -> frozenset[int]:
    try:
        return frozenset(signing.loads(agreement, salt=_SALT))
    except signing.BadSignature:
        return frozenset()
