"""Matters: conversations of one customer about one thing, joined, followed and resolved together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.conversations.models import Conversation, Matter
from comptoir.conversations.reach import matters_of
from comptoir.desk.errors import DeskError
from comptoir.desk.matters import (
    change_matter,
    join_conversation,
    open_matter,
    part_conversation,
    reopen_matter,
    resolve_matter,
)
from comptoir.people.models import Agent
from comptoir.people.permissions import GRANTS, Permission
from comptoir.web.presenting.matters import matter_context
from comptoir.web.requests import AgentRequest, id_of, permission_required
from comptoir.web.views.conversations import conversation_seen

_MOST_OFFERED = 30
_MOST_CHARS = 20_000


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.ASSIGN)
def join(request: AgentRequest, pk: int) -> HttpResponse:
    """Make a matter of this conversation and others of the same customer, or join it to one that there is."""
    conversation = conversation_seen(request, pk)
    refusal = ""
    if request.method == "POST":
        try:
            matter = _joined(request, conversation)
        except DeskError as error:
            refusal = str(error)
        else:
            return redirect("matter", matter.pk)
    others = Conversation.objects.visible_to(request.agent).filter(contact=conversation.contact_id, joined=None)
    context = {
        "conversation": conversation,
        "others": others.exclude(pk=pk).select_related("account").order_by("-last_message_at")[:_MOST_OFFERED],
        "matters": matters_of(request.agent).filter(
            joined__conversation__contact=conversation.contact_id, status=Matter.Status.OPEN
        ).distinct(),
        "refusal": refusal, "posted": request.POST, "chosen": request.POST.getlist("with"),
    }  # fmt: skip
    return render(request, "matters/join.html", context, status=422 if refusal else 200)


def _joined(request: AgentRequest, conversation: Conversation) -> Matter:
    if named := request.POST.get("matter", ""):
        matter = get_object_or_404(matters_of(request.agent), pk=id_of(named))
        return join_conversation(matter.pk, conversation_id=conversation.pk, by=request.agent)
    together = [conversation_seen(request, id_of(one)).pk for one in request.POST.getlist("with")[:_MOST_OFFERED]]
    return open_matter([conversation.pk, *together], title=request.POST.get("title", ""), by=request.agent)


@require_safe
@permission_required(Permission.READ_CONVERSATIONS)
def matter(request: AgentRequest, pk: int) -> HttpResponse:
    """One matter: its conversations on every channel, its owner, its promise."""
    return _page(request, get_object_or_404(matters_of(request.agent), pk=pk))


def _page(request: AgentRequest, seen: Matter, *, status: int = 200, **shown: Any) -> HttpResponse:
    answering = [role for role, granted in GRANTS.items() if Permission.ANSWER in granted]
    owners = Agent.objects.filter(is_active=True, role__in=answering).order_by("name", "pk")
    context = matter_context(seen, request.agent) | {"owners": owners, "posted": request.POST} | shown
    return render(request, "matters/matter.html", context, status=status)


@require_POST
@permission_required(Permission.ASSIGN)
def change(request: AgentRequest, pk: int) -> HttpResponse:
    """Its name and its owner."""
    seen = get_object_or_404(matters_of(request.agent), pk=pk)
    named = request.POST.get("owner", "")
    owner = get_object_or_404(Agent, pk=id_of(named), is_active=True) if named else None
    title = request.POST.get("title", "")
    return _done(request, seen, lambda: change_matter(seen.pk, title=title, owner=owner, by=request.agent))


@require_POST
@permission_required(Permission.ASSIGN)
def part(request: AgentRequest, pk: int) -> HttpResponse:
    """Take one conversation out."""
    seen = get_object_or_404(matters_of(request.agent), pk=pk)
    conversation = conversation_seen(request, id_of(request.POST.get("conversation", "")))
    return _done(request, seen, lambda: part_conversation(seen.pk, conversation_id=conversation.pk, by=request.agent))


@require_POST
@permission_required(Permission.RESOLVE)
def resolve(request: AgentRequest, pk: int) -> HttpResponse:
    """Resolve all of it, and say so where that is wanted; a refusal keeps what was typed."""
    seen = get_object_or_404(matters_of(request.agent), pk=pk)
    given = request.POST
    try:
        resolve_matter(
            seen.pk,
            resolution=given.get("resolution", "")[:_MOST_CHARS],
            text=given.get("text", "")[:_MOST_CHARS],
            tell=[id_of(one) for one in given.getlist("tell")],
            by=request.agent,
        )
    except DeskError as error:
        seen.refresh_from_db()
        return _page(request, seen, status=422, refusal=str(error), told=given.getlist("tell"))
    messages.success(request, _("Resolved."))
    return redirect("matter", pk)


@require_POST
@permission_required(Permission.RESOLVE)
def reopen(request: AgentRequest, pk: int) -> HttpResponse:
    """It is not done after all."""
    seen = get_object_or_404(matters_of(request.agent), pk=pk)
    return _done(request, seen, lambda: reopen_matter(seen.pk, by=request.agent))


def _done(request: AgentRequest, seen: Matter, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except DeskError as error:
        seen.refresh_from_db()
        return _page(request, seen, status=422, refusal=str(error))
    return redirect("matter", seen.pk)
