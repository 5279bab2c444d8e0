"""Doing what was asked of a conversation: what the page hears of it, and the way back from what takes it away."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from comptoir.automations.errors import MacroError
from comptoir.conversations.models import Conversation
from comptoir.desk.errors import DeskError
from comptoir.desk.restoring import WayBack, remembering, restore
from comptoir.people.permissions import Permission
from comptoir.web.presenting.head import after_resolving
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen

CHANGED = "conversation-changed"
_SALT = "comptoir.way-back"
_LASTS_S = 3600  # whoever keeps the page open longer than that opens the conversation by hand

#: What is said once an act is undone.
_UNDONE: dict[str, str | Promise] = {
    "assign": gettext_lazy("Undone: %(name)s is with whom it was before."),
    "team": gettext_lazy("Undone: %(name)s is with the team it was with before."),
    "tag": gettext_lazy("Undone: %(name)s has the tags it had before."),
    "untag": gettext_lazy("Undone: %(name)s has the tags it had before."),
    "snooze": gettext_lazy("Undone: %(name)s is not put away any more."),
    "pending": gettext_lazy("Undone: %(name)s is not pending any more."),
    "resolve": gettext_lazy("Undone: %(name)s is not resolved any more."),
    "reopen": gettext_lazy("Undone: %(name)s is as it was before it was opened again."),
    "spam": gettext_lazy("Undone: %(name)s is not among the spam any more."),
    "priority": gettext_lazy("Undone: %(name)s has the priority it had before."),
}


def done(request: AgentRequest, pk: int, do: Callable[[], object], *, changed: str = CHANGED) -> HttpResponse:
    """Do it, and have the page look again; where it made no sense any more, say why."""
    refusal = ""
    try:
        do()
    except (DeskError, MacroError) as error:
        refusal = str(error)
    if not request.htmx:
        if refusal:
            messages.error(request, refusal)
        return redirect("conversation", pk)
    if not refusal:
        return HttpResponse(status=204, headers={"HX-Trigger": changed})
    return _toast(request, {"words": refusal, "is_error": True}, status=409, trigger=changed)


def left(
    request: AgentRequest, conversation: Conversation, do: Callable[[], object], *, act: str, words: str
) -> HttpResponse:
    """Do what takes it from before one's eyes: say so, with the way back, and go on to what comes next."""
    trigger = json.dumps({CHANGED: "", "conversation-left": {"then": after_resolving(request.agent)}})
    return undoable(request, conversation, do, act=act, words=words % {"name": conversation.identity}, trigger=trigger)


def undoable(
    request: AgentRequest,
    conversation: Conversation,
    do: Callable[[], object],
    *,
    act: str,
    words: str,
    trigger: str = CHANGED,
) -> HttpResponse:
    """Do it, and say so with the way back; what changed nothing is not said."""
    kept: list[WayBack] = []
    response = done(request, conversation.pk, lambda: kept.append(remembering(conversation.pk, act, do)))
    if response.status_code != 204 or kept[0].was == kept[0].left:
        return response
    context: dict[str, Any] = {
        "words": words,
        "conversation": conversation,
        "way_back": _signed(kept[0], request),
        # Whoever gave it to a team that is not theirs does not see it any more: nothing there is theirs to undo.
        "is_theirs": Conversation.objects.visible_to(request.agent).filter(pk=conversation.pk).exists(),
    }
    return _toast(request, context, status=200, trigger=trigger, template="conversations/_left.html")


@require_POST
@permission_required(Permission.RESOLVE)
def take_back(request: AgentRequest, pk: int) -> HttpResponse:
    """It is as it was before, with what the customer waits for and was promised, unless somebody has gone on."""
    conversation = conversation_seen(request, pk)
    way_back = _read(request.POST.get("way_back", ""), request, conversation.pk)

    def do() -> None:
        with transaction.atomic():
            restore(conversation.pk, way_back.act, was=way_back.was, left=way_back.left, by=request.agent)

    response = done(request, pk, do)
    if response.status_code != 204:
        return response
    words = _UNDONE[way_back.act] % {"name": conversation.identity}
    return _toast(request, {"words": words}, status=200, trigger=CHANGED)


def _signed(way_back: WayBack, request: AgentRequest) -> str:
    """In the page itself: nothing is kept here of what nobody may want back."""
    told = [request.agent.pk, way_back.conversation_id, way_back.act, way_back.was, way_back.left]
    return signing.dumps(told, salt=_SALT, compress=True)


def _read(text: str, request: AgentRequest, pk: int) -> WayBack:
    """Raises Http404 for what this agent was not given for this conversation."""
    try:
        agent_id, conversation_id, act, was, left_as = signing.loads(text, salt=_SALT, max_age=_LASTS_S)
    except signing.BadSignature as error:
        raise Http404 from error
    if (agent_id, conversation_id) != (request.agent.pk, pk):
        raise Http404
    return WayBack(conversation_id, act, was, left_as)


def _toast(
    request: AgentRequest, context: dict[str, Any], *, status: int, trigger: str, template: str = "_toast.html"
) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["HX-Trigger"] = trigger
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    return response
