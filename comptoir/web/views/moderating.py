"""Messages that the network has: hiding what a customer published, showing it again, deleting what we did."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from comptoir.conversations.models import Message
from comptoir.delivery.models import Moderation
from comptoir.delivery.moderation import CannotModerateError, delete_message, hide_message, show_message
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen

answerers_only = permission_required(Permission.ANSWER)


@require_POST
@answerers_only
def hide(request: AgentRequest, pk: int) -> HttpResponse:
    """The public shall no longer see what a customer wrote."""
    return _asked(request, pk, lambda message_id, by: hide_message(message_id, by=by))


@require_POST
@answerers_only
def show(request: AgentRequest, pk: int) -> HttpResponse:
    """The public may see it again."""
    return _asked(request, pk, lambda message_id, by: show_message(message_id, by=by))


@require_POST
@answerers_only
def delete(request: AgentRequest, pk: int) -> HttpResponse:
    """A message of ours shall leave the network."""
    return _asked(request, pk, lambda message_id, by: delete_message(message_id, by=by))


def _asked(request: AgentRequest, pk: int, act: Callable[[int, Agent], Moderation]) -> HttpResponse:
    """Ask for it; the message says what becomes of it."""
    message = get_object_or_404(Message, pk=pk)
    conversation_seen(request, message.conversation_id)
    refusal = ""
    try:
        act(message.pk, request.agent)
    except CannotModerateError as error:
        refusal = str(error)
    if not request.htmx:
        if refusal:
            messages.error(request, refusal)
        return redirect("conversation", message.conversation_id)
    if not refusal:
        return HttpResponse(status=204, headers={"HX-Trigger": "conversation-changed"})
    response = render(request, "_toast.html", {"words": refusal, "is_error": True}, status=409)
    response["HX-Trigger"] = "conversation-changed"
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    return response
