"""What every template of the staff's screens is given."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def counter(request: HttpRequest) -> dict[str, Any]:
    """The agent, on pages that have one."""
    return {"agent": getattr(request, "agent", None)}
