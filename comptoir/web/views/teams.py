"""Teams: who answers together."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comptoir.people.actions import create_team, edit_team
from comptoir.people.models import Team
from comptoir.people.permissions import Permission
from comptoir.people.queries import teams_with_numbers
from comptoir.web.forms.settings import TeamForm
from comptoir.web.requests import AgentRequest, acting, permission_required

setting_up = permission_required(Permission.SET_UP)


@require_safe
@setting_up
def teams(request: AgentRequest) -> HttpResponse:
    """Every team."""
    return render(request, "teams/list.html", {"teams": teams_with_numbers()})


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def new(request: AgentRequest) -> HttpResponse:
    """A new one; whoever makes the first is in it, unless they say otherwise."""
    members = [] if Team.objects.exists() else [request.agent]
    form = TeamForm(request.POST or None, initial={"agents": members})
    if request.method == "POST" and form.is_valid() and _kept(request, form, None):
        return redirect("teams")
    return render(request, "teams/form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def edit(request: AgentRequest, pk: int) -> HttpResponse:
    """Its name, purpose and members."""
    team = get_object_or_404(Team, pk=pk)
    now = {"name": team.name, "purpose": team.purpose, "takes_by_answering": team.takes_by_answering}
    now["agents"] = team.agents.filter(is_active=True)
    form = TeamForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid() and _kept(request, form, team):
        return redirect("teams")
    return render(request, "teams/form.html", {"form": form, "team": team}, status=422 if form.is_bound else 200)


def _kept(request: AgentRequest, form: TeamForm, team: Team | None) -> bool:
    try:
        with transaction.atomic():
            if team is None:
                create_team(**form.cleaned_data, by=acting(request))
            else:
                gone = team.agents.filter(is_active=False)
                members = [*form.cleaned_data["agents"], *gone]
                edit_team(team.pk, **form.cleaned_data | {"agents": members}, by=acting(request))
    except IntegrityError:
        form.add_error("name", _("There is a team of that name already."))
        return False
    messages.success(request, _("The team “%(name)s” is kept.") % {"name": form.cleaned_data["name"]})
    return True
