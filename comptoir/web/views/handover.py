"""An exchange that another application of the account may hold."""

from __future__ import annotations

from typing import Literal, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.delivery.handover import HandoverRefusedError, hand_over_thread
from comptoir.people.permissions import Permission
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen


@require_POST
@permission_required(Permission.ANSWER)
def hand_over(request: AgentRequest, pk: int, act: str) -> HttpResponse:
    """Pass it on, or take it back."""
    if act not in ("pass", "take"):
        raise Http404
    conversation = conversation_seen(request, pk)
    try:
        hand_over_thread(conversation.pk, cast('Literal["pass", "take"]', act), by=request.agent)
    except HandoverRefusedError as error:
        return _said(request, pk, str(error), status=409)
    done = {"pass": _("The other application goes on with this exchange."), "take": _("This exchange is yours again.")}
    return _said(request, pk, done[act], status=200)


def _said(request: AgentRequest, pk: int, words: str, *, status: int) -> HttpResponse:
    if not request.htmx:
        (messages.error if status > 399 else messages.success)(request, words)
        return redirect("conversation", pk)
    response = render(request, "_toast.html", {"words": words, "is_error": status > 399}, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    return response
