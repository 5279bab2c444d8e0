"""The floor, live: what waits, what is promised, who is there; and what a supervisor does about it."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.desk.errors import DeskError
from comptoir.desk.helping import call_for_help
from comptoir.people.actions import lend_agent, set_availability, take_out_of_team
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission, may
from comptoir.web.presenting.floor import floor_shown
from comptoir.web.presenting.inbox import live_context
from comptoir.web.requests import AgentRequest, acting, permission_required
from comptoir.web.views.conversations import conversation_seen

watching = permission_required(Permission.SEE_EVERY_TEAM)
arranging = permission_required(Permission.ARRANGE_ROUTING)
#: What the board listens to, to look again at once.
_CHANGED = "conversation-changed"


@require_safe
@watching
def floor(request: AgentRequest) -> HttpResponse:
    """The board; ``?wall=1`` for a screen on the wall, with nothing to press."""
    return render(request, "floor/floor.html", live_context(request) | _context(request))


@require_safe
@watching
def parts(request: AgentRequest) -> HttpResponse:
    """Its parts, to be exchanged where they have changed."""
    return render(request, "floor/_parts.html", _context(request))


def _context(request: AgentRequest) -> dict[str, object]:
    is_wall = request.GET.get("wall") == "1"
    return {
        "floor": floor_shown(request.agent),
        "is_wall": is_wall,
        "may_act": not is_wall and may(request.agent, Permission.ASSIGN),
        "may_arrange": not is_wall and may(request.agent, Permission.ARRANGE_ROUTING),
    }


@require_safe
@arranging
def presences_of(request: AgentRequest, pk: int) -> HttpResponse:
    """What a colleague may be said to be, once the menu is opened: a board of sixty has no room for it sixty times."""
    shown = {"colleague": _colleague(pk), "presences": Agent.Availability.choices}
    return render(request, "floor/_presences.html", shown)


@require_safe
@arranging
def teams_of(request: AgentRequest, pk: int) -> HttpResponse:
    """The teams that a colleague may be lent to or taken out of, once the menu is opened."""
    colleague = _colleague(pk)
    own = set(colleague.teams.values_list("pk", flat=True))
    return render(request, "floor/_teams.html", {"colleague": colleague, "teams": Team.objects.all(), "own": own})


def _colleague(pk: int) -> Agent:
    return get_object_or_404(Agent, pk=pk, is_active=True)


@require_POST
@arranging
def availability(request: AgentRequest, pk: int) -> HttpResponse:
    """Say of a colleague how they are, who may have gone home without saying so."""
    wanted = request.POST.get("availability", "")
    if wanted not in Agent.Availability.values:
        raise SuspiciousOperation("availability")
    set_availability(_colleague(pk), wanted, by=acting(request))
    return _looked_again(request)


@require_POST
@arranging
def teams(request: AgentRequest, pk: int) -> HttpResponse:
    """Lend a colleague to a team (``to``), or take them out of one (``from``)."""
    agent = _colleague(pk)
    if "to" in request.POST:
        lend_agent(agent.pk, to=_team(request.POST["to"]), by=acting(request))
    else:
        take_out_of_team(agent.pk, team=_team(request.POST.get("from", "")), by=acting(request))
    return _looked_again(request)


def _team(named: str) -> Team:
    if not named.isascii() or not named.isdecimal() or len(named) > 18:
        raise SuspiciousOperation("team")
    return get_object_or_404(Team, pk=int(named))


@require_POST
@permission_required(Permission.ASSIGN)
def call_help(request: AgentRequest, pk: int) -> HttpResponse:
    """Tell who is there of its team, and the supervisors, that this one needs more hands."""
    conversation = conversation_seen(request, pk)
    try:
        call_for_help(conversation.pk, by=request.agent)
        toast = {"words": _("Your colleagues have been told."), "is_error": False}
    except DeskError as error:
        toast = {"words": str(error), "is_error": True}
    response = render(request, "_toast.html", toast, status=409 if toast["is_error"] else 200)
    response["HX-Trigger"] = _CHANGED
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    return response


def _looked_again(request: AgentRequest) -> HttpResponse:
    if not request.htmx:
        return redirect("floor")
    return HttpResponse(status=204, headers={"HX-Trigger": _CHANGED})
