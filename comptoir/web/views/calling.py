"""Calling a customer from their conversation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.delivery.calling import CallRefusedError, call_customer
from comptoir.people.permissions import Permission
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen


@require_POST
@permission_required(Permission.ANSWER)
def call(request: AgentRequest, pk: int) -> HttpResponse:
    """Ring the agent, then the customer."""
    conversation = conversation_seen(request, pk)
    try:
        call_customer(conversation.pk, by=request.agent)
    except CallRefusedError as error:
        return _said(request, pk, str(error), status=409)
    return _said(request, pk, _("Your telephone rings; the customer’s does once you have picked up."), status=200)


def _said(request: AgentRequest, pk: int, words: str, *, status: int) -> HttpResponse:
    if not request.htmx:
        (messages.error if status > 399 else messages.success)(request, words)
        return redirect("conversation", pk)
    response = render(request, "_toast.html", {"words": words, "is_error": status > 399}, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    return response
