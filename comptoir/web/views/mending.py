"""Whoever changes what promises are counted by is told first how many broken ones that takes back."""

from __future__ import annotations

from collections.abc import Callable

from comptoir.sla.foreseeing import Mended, mended_by
from comptoir.web.requests import AgentRequest, named_id


def asks_first(request: AgentRequest, change: Callable[[], object]) -> Mended | None:
    """What ``change`` would take back where that is more than was agreed to (the button ``mends``). What it raises is
    raised.
    """
    found = mended_by(change)
    return found if found.count > (named_id(request.POST.get("mends", "")) or 0) else None
