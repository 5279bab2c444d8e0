"""How teams give out their work, what agents can hold and do, and why a conversation is with whom."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.core.clock import now
from comptoir.people.models import Agent, Skill, Team
from comptoir.people.permissions import Permission
from comptoir.routing.arranging import add_skill, arrange_agent, arrange_team, delete_skill, weigh_channels
from comptoir.routing.assigning.members import ANSWERING, channel_points
from comptoir.routing.assigning.queue import queues
from comptoir.routing.models import TeamRouting
from comptoir.routing.names import load_names, skill_words
from comptoir.web.forms.routing import AgentAbilityForm, SkillForm, TeamWayForm, WeightsForm
from comptoir.web.presenting.loads import load_shown
from comptoir.web.presenting.routing import way_words, why_here
from comptoir.web.queries.abilities import able_agents
from comptoir.web.requests import AgentRequest, acting, permission_required
from comptoir.web.views.conversations import conversation_read

arranging = permission_required(Permission.ARRANGE_ROUTING)


@require_safe
@arranging
def teams(request: AgentRequest) -> HttpResponse:
    """Every team with its way, as a sentence, and what waits in it for an owner."""
    ways = {way.pk: way for way in TeamRouting.objects.select_related("overflow_team")}
    waiting = queues(now())
    shown = [(team, way_words(ways.get(team.pk)), waiting.get(team.pk)) for team in Team.objects.all()]
    return render(request, "routing/teams.html", {"shown": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@arranging
def team(request: AgentRequest, pk: int) -> HttpResponse:
    """How one team gives out its work."""
    found = get_object_or_404(Team, pk=pk)
    way = TeamRouting.objects.filter(pk=pk).first()
    form = TeamWayForm(request.POST or None, team=found, way=way)
    if request.method == "POST" and form.is_valid():
        arrange_team(pk, form.way, by=acting(request))
        messages.success(request, _("The team “%(name)s” works so from now on.") % {"name": found.name})
        return redirect("routing_teams")
    return render(request, "routing/team.html", {"form": form, "team": found}, status=422 if form.is_bound else 200)


@require_safe
@arranging
def agents(request: AgentRequest) -> HttpResponse:
    """Everybody who answers: what they hold, and what they can do."""
    return _agents(request, SkillForm())


def _agents(request: AgentRequest, form: SkillForm) -> HttpResponse:
    skills = [(one, skill_words(one)) for one in Skill.objects.all()]
    shown = [(one, load_shown(one.load)) for one in able_agents()]
    context = {"shown": shown, "skills": skills, "form": form}
    return render(request, "routing/agents.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@arranging
def agent(request: AgentRequest, pk: int) -> HttpResponse:
    """What one agent can hold and do."""
    person = get_object_or_404(Agent, pk=pk, is_active=True, role__in=ANSWERING)
    form = AgentAbilityForm(request.POST or None, agent=person, skills=list(Skill.objects.all()))
    if request.method == "POST" and form.is_valid():
        capacity = form.cleaned_data["capacity_points"]
        arrange_agent(pk, capacity_points=capacity, levels=form.levels, by=acting(request))
        messages.success(request, _("What %(name)s can hold and do is kept.") % {"name": person.name})
        return redirect("routing_agents")
    context = {"form": form, "person": person}
    return render(request, "routing/agent.html", context, status=422 if form.is_bound else 200)


@require_POST
@arranging
def new_skill(request: AgentRequest) -> HttpResponse:
    """One more thing that some can do better than others."""
    form = SkillForm(request.POST)
    if form.is_valid():
        try:
            add_skill(kind=form.cleaned_data["kind"], name=form.cleaned_data["name"], by=acting(request))
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("The skill is there: say who has it."))
            return redirect("routing_agents")
    return _agents(request, form)


@require_POST
@arranging
def forget_skill(request: AgentRequest, pk: int) -> HttpResponse:
    """Nobody is asked for it any more."""
    try:
        delete_skill(pk, by=acting(request))
    except Skill.DoesNotExist as error:
        raise Http404 from error
    return redirect("routing_agents")


@require_http_methods(["GET", "HEAD", "POST"])
@arranging
def weights(request: AgentRequest) -> HttpResponse:
    """What a conversation weighs, by channel."""
    names = load_names()
    offered = {"chat", "email", "phone", *names.connected}
    channels = {kind: label for kind, label in names.channels.items() if kind in offered}
    form = WeightsForm(request.POST or None, channels=channels, points=channel_points())
    if request.method == "POST" and form.is_valid():
        weigh_channels(form.cleaned_data, by=acting(request))
        messages.success(request, _("The weights are kept, and count from now on."))
        return redirect("routing_teams")
    return render(request, "routing/weights.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@permission_required(Permission.READ_CONVERSATIONS)
def why(request: AgentRequest, pk: int) -> HttpResponse:
    """Why a conversation is with whom."""
    return render(request, "conversations/_why_here.html", {"why": why_here(conversation_read(request, pk))})
