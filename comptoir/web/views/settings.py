"""The settings' one place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comptoir.web.requests import AgentRequest, agent_required
from comptoir.web.settings_menu import menu_for


@require_safe
@agent_required
def settings(request: AgentRequest) -> HttpResponse:
    """Everything there is to set, with a line on each."""
    return render(request, "settings/index.html", {"groups": menu_for(request.agent)})
