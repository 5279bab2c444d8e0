"""What every template of the staff's screens is given."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from comptoir.core.reach import is_local
from comptoir.notifications.queries import notices_for
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.web.live import live_url
from comptoir.web.queries.guide import progress
from comptoir.web.requests import is_guest

#: What remains of what one may in a conversation that is another team's.
_OF_GUESTS = frozenset({Permission.READ_CONVERSATIONS, Permission.WRITE_NOTES, Permission.HAND_OFF})


def counter(request: HttpRequest) -> dict[str, Any]:
    """The agent with what they may do, on pages that have one."""
    agent: Agent | None = getattr(request, "agent", None) or None
    everywhere = {permission.value for permission in Permission if agent and may(agent, permission)}
    granted = everywhere & _OF_GUESTS if is_guest(request) else everywhere
    return {
        "agent": agent,
        "may": dict.fromkeys(granted, True),
        "may_elsewhere": dict.fromkeys(everywhere, True),  # for the ways to other screens
        "is_guest": is_guest(request),
        "live_url": live_url(request) if agent else "",  # whatever page is open, what rings is heard
        "notices": SimpleLazyObject(lambda: notices_for(agent) if agent else []),
        "steps_left": SimpleLazyObject(lambda: _steps_left(agent)),
        "local_address": settings.BASE_URL if is_local(settings.BASE_URL) else "",  # links would lead nobody anywhere
        "has_company_sign_in": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }


def _steps_left(agent: Agent | None) -> int:
    """How many first steps the rail calls to mind; none once they are done, or were put off."""
    if agent is None or not may(agent, Permission.SET_UP) or agent.preferences.get("guide", {}).get("left"):
        return 0
    return progress(agent).left
