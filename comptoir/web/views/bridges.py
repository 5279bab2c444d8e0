"""What passes between teams and experts: of one conversation, and of all that wait for the agent."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from comptoir.conversations.reach import consultations_of, hand_offs_of, matters_of
from comptoir.people.permissions import Permission
from comptoir.sla.places import Subject
from comptoir.web.presenting.bridges import asked_context, bridges_context
from comptoir.web.presenting.promises import promise_explained
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


@require_safe
@_readers_only
def why_hand_off_due(request: AgentRequest, pk: int) -> HttpResponse:
    """Until when it is to be accepted, and how that came about."""
    return _explained(request, get_object_or_404(hand_offs_of(request.agent), pk=pk))


@require_safe
@_readers_only
def why_consultation_due(request: AgentRequest, pk: int) -> HttpResponse:
    """Until when it is to be answered, and how that came about."""
    return _explained(request, get_object_or_404(consultations_of(request.agent), pk=pk))


@require_safe
@_readers_only
def why_matter_due(request: AgentRequest, pk: int) -> HttpResponse:
    """Until when it is to be resolved, and how that came about."""
    return _explained(request, get_object_or_404(matters_of(request.agent), pk=pk))


def _explained(request: AgentRequest, subject: Subject) -> HttpResponse:
    return render(request, "conversations/_why_due.html", {"promises": promise_explained(subject)})
