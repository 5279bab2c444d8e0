"""Where customers are: each account's share of what they say, and what its network counts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comptoir.people.permissions import Permission
from comptoir.web.queries.figures import largest_network, measured_since, places
from comptoir.web.requests import AgentRequest, permission_required

#: With such a share of what customers say on one network, a company depends on it.
DEPENDS_PERCENT = 60


@require_safe
@permission_required(Permission.SET_UP, Permission.REPLAY_DELIVERIES)
def figures(request: AgentRequest) -> HttpResponse:
    """Every account, those where most is said first."""
    found = places()
    network = largest_network(found)
    depends = network if network and network.share_percent >= DEPENDS_PERCENT else None
    context = {"places": found, "depends": depends, "since": measured_since()}
    return render(request, "accounts/figures.html", context)
