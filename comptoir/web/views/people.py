"""Who works here."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comptoir.events.record import Actor
from comptoir.people.actions import create_agent, create_sign_in_link
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission
from comptoir.web.forms import AgentForm
from comptoir.web.requests import AgentRequest, permission_required


@require_safe
@permission_required(Permission.SET_UP)
def people(request: AgentRequest) -> HttpResponse:
    """All agents."""
    agents = Agent.objects.select_related("user").prefetch_related("teams").order_by("-is_active", "name")
    return render(request, "people/list.html", {"agents": agents})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.SET_UP)
def new_agent(request: AgentRequest) -> HttpResponse:
    """A new colleague; their first link is shown once."""
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                agent = create_agent(**form.cleaned_data, by=Actor("agent", request.agent.pk))
        except IntegrityError:
            form.add_error("email", _("Somebody signs in with this address already."))
        else:
            token = create_sign_in_link(agent=agent)
            return render(request, "people/made.html", {"made": agent, "token": token})
    status = 422 if form.is_bound else 200
    return render(request, "people/new.html", {"form": form}, status=status)
