"""What passes between teams and experts: of one conversation, and of all that wait for the agent."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comptoir.people.permissions import Permission
from comptoir.web.presenting.bridges import asked_context, bridges_context
from comptoir.web.queries.holdings import holdings
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_read

_readers_only = permission_required(Permission.READ_CONVERSATIONS)


@require_safe
@_readers_only
def bridges(request: AgentRequest, pk: int) -> HttpResponse:
    """What is under way about one conversation."""
    seen = conversation_read(request, pk)
    context = {"conversation": seen} | bridges_context(request, seen, holdings(seen, request.agent))
    return render(request, "bridges/_bridges.html", context)


@require_safe
@_readers_only
def asked(request: AgentRequest) -> HttpResponse:
    """All that waits for the agent and their teams, and what they wait for."""
    return render(request, "bridges/asked.html", asked_context(request.agent))
