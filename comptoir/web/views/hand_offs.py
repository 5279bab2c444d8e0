"""Handing a conversation over to another team; accepting, refusing, taking back, giving back with an answer."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.conversations.models import Conversation, HandOff
from comptoir.conversations.reach import hand_offs_of, readable_by
from comptoir.desk.answers_of_experts import draft_of_answer
from comptoir.desk.errors import DeskError
from comptoir.desk.giving_back import give_back, is_given_back
from comptoir.desk.hand_offs import accept_hand_off, offer_hand_off, refuse_hand_off, withdraw_hand_off
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import GRANTS, Permission
from comptoir.web.requests import AgentRequest, id_of, led_onward, permission_required
from comptoir.web.views.conversations import conversation_seen, head_of, head_of_asked, led_to

_MOST_CHARS = 4000
_acting = permission_required(Permission.HAND_OFF)


@require_http_methods(["GET", "HEAD", "POST"])
@_acting
def hand_off(request: AgentRequest, pk: int) -> HttpResponse:
    """Choose the team and say what is asked; a refusal keeps both."""
    conversation = conversation_seen(request, pk)
    refusal = ""
    if request.method == "POST":
        team = get_object_or_404(Team, pk=id_of(request.POST.get("to", "")))
        try:
            asked = request.POST.get("asked", "")[:_MOST_CHARS]
            offer_hand_off(conversation.pk, to=team, asked=asked, by=request.agent)
        except DeskError as error:
            refusal = str(error)
        else:
            messages.success(request, _("Offered to the team %(team)s.") % {"team": team.name})
            return led_to(pk)
    context = {
        "conversation": conversation, "teams": _teams(conversation), "refusal": refusal, "posted": request.POST,
    }  # fmt: skip
    return render(request, "bridges/hand_off.html", context, status=422 if refusal else 200)


def _teams(conversation: Conversation) -> list[tuple[Team, int]]:
    """The other teams in which somebody could accept, each with how many are available now."""
    accepting = [role for role, granted in GRANTS.items() if Permission.HAND_OFF in granted]
    members = Agent.teams.through.objects.filter(agent__is_active=True, agent__role__in=accepting)
    teams = {team.pk: team for team in Team.objects.exclude(pk=conversation.team_id or 0)}
    found: dict[int, int] = {}
    for member in members.filter(team__in=teams).select_related("agent"):
        is_there = member.agent.presence() == Agent.Availability.AVAILABLE
        found[member.team_id] = found.get(member.team_id, 0) + is_there
    return [(team, found[pk]) for pk, team in teams.items() if pk in found]


@require_POST
@_acting
def accept(request: AgentRequest, pk: int) -> HttpResponse:
    """Take it over; whoever came second is told who was first."""
    offered = _seen(request, pk)
    return _done(request, offered, lambda: accept_hand_off(pk, by=request.agent))


@require_POST
@_acting
def refuse(request: AgentRequest, pk: int) -> HttpResponse:
    """Leave it where it is, with a reason."""
    offered = _seen(request, pk)
    reason = request.POST.get("reason", "")[:_MOST_CHARS]
    done = _("Refused: the conversation stays with those who offered it, and they read why.")
    return _done(request, offered, lambda: refuse_hand_off(pk, reason=reason, by=request.agent), done)


@require_POST
@_acting
def withdraw(request: AgentRequest, pk: int) -> HttpResponse:
    """Keep it after all; for those who have the conversation."""
    offered = _seen(request, pk)
    conversation_seen(request, offered.conversation_id)
    done = _("Not offered any more: the conversation stays here.")
    return _done(request, offered, lambda: withdraw_hand_off(pk, by=request.agent), done)


@require_POST
@_acting
def answer(request: AgentRequest, pk: int) -> HttpResponse:
    """Give it back with one's own word, for those whose conversation it is by now; or was, until their first press."""
    accepted = _seen(request, pk)
    text = request.POST.get("answer", "")
    if not is_given_back(accepted, text=text, by=request.agent):
        conversation_seen(request, accepted.conversation_id)
    done = _("Given back with your answer.")
    return _done(request, accepted, lambda: give_back(pk, text=text, by=request.agent), done)


@require_POST
@permission_required(Permission.ANSWER)
def use_answer(request: AgentRequest, pk: int) -> HttpResponse:
    """Put what it came back with where one writes, before what is there."""
    answered = _seen(request, pk)
    conversation_seen(request, answered.conversation_id)
    onward = reverse("conversation", args=[answered.conversation_id]) + "#composer-text"
    return _done(request, answered, lambda: draft_of_answer(answered, agent=request.agent), onward=onward)


def _seen(request: AgentRequest, pk: int) -> HandOff:
    """One that the agent may read of; once decided, one of their teams'. Raises Http404 for any other."""
    return get_object_or_404(hand_offs_of(request.agent), pk=pk)


def _done(
    request: AgentRequest, offered: HandOff, act: Callable[[], object], done: str = "", *, onward: str = ""
) -> HttpResponse:
    """Act, say it in the words of ``done``, and have the page look again; where it made no sense any more, say why."""
    refusal = ""
    try:
        act()
    except DeskError as error:
        refusal = str(error)
    else:
        if done:
            messages.success(request, done)
    if not refusal:
        return led_onward(request, onward or _onward(request, offered.conversation_id))
    if request.htmx:
        response = render(request, "_toast.html", {"words": refusal, "is_error": True}, status=409)
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
        if readable_by(request.agent).filter(pk=offered.conversation_id).exists():
            response["HX-Trigger"] = "exchange-changed"
        return response
    messages.error(request, refusal)
    return redirect("asked")


def _onward(request: AgentRequest, conversation_id: int) -> str:
    """The head of the conversation, where it is the agent's to act on now; else what else is asked of them."""
    is_theirs = Conversation.objects.visible_to(request.agent).filter(pk=conversation_id).exists()
    return head_of(conversation_id) if is_theirs else head_of_asked()
