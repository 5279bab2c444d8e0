"""Acts on a conversation: whose it is, its state, its tags."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from comptoir.desk.actions import (
    assign_conversation,
    change_team,
    reopen_conversation,
    resolve_conversation,
    tag_conversation,
    untag_conversation,
)
from comptoir.desk.errors import DeskError
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen


@require_POST
@permission_required(Permission.ASSIGN)
def assign(request: AgentRequest, pk: int) -> HttpResponse:
    """Give it to oneself (``me``), to nobody (empty), or to a colleague (their id)."""
    conversation = conversation_seen(request, pk)
    to = _person(request, request.POST.get("to", ""))
    return _done(request, pk, lambda: assign_conversation(conversation.pk, to=to, by=request.agent))


def _person(request: AgentRequest, named: str) -> Agent | None:
    if named in ("", "me"):
        return request.agent if named else None
    if not named.isdecimal() or len(named) > 18:
        raise Http404
    return get_object_or_404(Agent, pk=int(named))


@require_POST
@permission_required(Permission.ASSIGN)
def move(request: AgentRequest, pk: int) -> HttpResponse:
    """Pass it to another team."""
    conversation = conversation_seen(request, pk)
    named = request.POST.get("to", "")
    if not named.isdecimal() or len(named) > 18:
        raise Http404
    team = get_object_or_404(Team, pk=int(named))
    return _done(request, pk, lambda: change_team(conversation.pk, to=team, by=request.agent))


@require_POST
@permission_required(Permission.RESOLVE)
def resolve(request: AgentRequest, pk: int) -> HttpResponse:
    """It is done."""
    conversation = conversation_seen(request, pk)
    return _done(request, pk, lambda: resolve_conversation(conversation.pk, by=request.agent))


@require_POST
@permission_required(Permission.RESOLVE)
def reopen(request: AgentRequest, pk: int) -> HttpResponse:
    """It is not done after all."""
    conversation = conversation_seen(request, pk)
    return _done(request, pk, lambda: reopen_conversation(conversation.pk, by=request.agent))


@require_POST
@permission_required(Permission.ASSIGN)
def tag(request: AgentRequest, pk: int) -> HttpResponse:
    """Put a word on it."""
    conversation = conversation_seen(request, pk)
    name = request.POST.get("name", "")
    return _done(request, pk, lambda: tag_conversation(conversation.pk, name=name, by=request.agent))


@require_POST
@permission_required(Permission.ASSIGN)
def untag(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a word off."""
    conversation = conversation_seen(request, pk)
    name = request.POST.get("name", "")
    return _done(request, pk, lambda: untag_conversation(conversation.pk, name=name, by=request.agent))


def _done(request: AgentRequest, pk: int, act: Callable[[], object]) -> HttpResponse:
    """Act, and have the page look again; where it made no sense any more, say why."""
    refusal = ""
    try:
        act()
    except DeskError as error:
        refusal = str(error)
    if not request.htmx:
        if refusal:
            messages.error(request, refusal)
        return redirect("conversation", pk)
    if not refusal:
        return HttpResponse(status=204, headers={"HX-Trigger": "conversation-changed"})
    response = render(request, "_toast.html", {"words": refusal, "is_error": True}, status=409)
    response["HX-Trigger"] = "conversation-changed"
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    return response
