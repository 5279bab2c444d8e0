"""Messages that the network has: hiding, removing or liking what a customer published, deleting what we did."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from comptoir.conversations.models import Message
from comptoir.delivery.abilities import abilities
from comptoir.delivery.models import Moderation
from comptoir.delivery.moderation import CannotModerateError, ask_network
from comptoir.people.permissions import Permission
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen

answerers_only = permission_required(Permission.ANSWER)


@require_safe
@answerers_only
def acts(request: AgentRequest, pk: int) -> HttpResponse:
    """What the network can be asked for about a message, once its menu is opened."""
    message = get_object_or_404(Message, pk=pk)
    conversation_seen(request, message.conversation_id)
    return render(request, "conversations/_message_acts.html", {"message": message, "able": abilities(message)})


@require_POST
@answerers_only
def act(request: AgentRequest, pk: int, act: str) -> HttpResponse:
    """Ask the network to do it; the message says what becomes of it."""
    if act not in Moderation.Act:
        raise Http404
    message = get_object_or_404(Message, pk=pk)
    conversation_seen(request, message.conversation_id)
    refusal = ""
    try:
        ask_network(message.pk, Moderation.Act(act), by=request.agent)
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
