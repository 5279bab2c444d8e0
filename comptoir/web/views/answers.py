"""The catalogue beside the composer: the best entries for what the customer has just said."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comptoir.analysis.writing import writer
from comptoir.people.permissions import Permission
from comptoir.web.presenting.answers import answers_context
from comptoir.web.presenting.bot import proposal_context
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen

_MOST_ASKED_CHARS = 300


@require_safe
@permission_required(Permission.ANSWER)
def answers(request: AgentRequest, pk: int) -> HttpResponse:
    """The panel: for the last message (with ``near`` whatever is near it), or for what was typed into it (``q``)."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:_MOST_ASKED_CHARS]
    conversation = conversation_seen(request, pk)
    context = answers_context(request, conversation, asked, all_near="near" in request.GET)
    context |= proposal_context(request, conversation)
    context["may_draft"] = bool(context["offered"]) and not asked and writer() is not None
    return render(request, "catalogue/_answers.html", context)
