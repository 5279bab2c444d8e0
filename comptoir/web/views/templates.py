"""Writing once the network's reply window is closed: only what it approved beforehand, with the blanks filled in."""

from __future__ import annotations

from itertools import zip_longest

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comptoir.channels.models import MessageTemplate
from comptoir.connectors.base import FilledTemplate
from comptoir.conversations.models import Conversation
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.refusals import ReplyRefusedError
from comptoir.desk.taking import take_by_answering
from comptoir.people.permissions import Permission
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen, led_to

_MAX_VALUE_CHARS = 1024


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.ANSWER)
def templates(request: AgentRequest, pk: int) -> HttpResponse:
    """The approved texts of the conversation's account; one of them, filled in, to be sent."""
    conversation = conversation_seen(request, pk)
    approved = MessageTemplate.objects.filter(account=conversation.account, is_approved=True)
    refusal, chosen = "", None
    if request.method == "POST":
        named = request.POST.get("template", "")
        chosen = get_object_or_404(approved, pk=int(named) if named.isdecimal() and len(named) < 19 else 0)
        refusal = _sent(request, conversation, chosen)
        if not refusal:
            return led_to(pk)
    context = {
        "conversation": conversation,
        "templates": [(one, _blanks(request, one, chosen)) for one in approved],
        "chosen": chosen,
        "refusal": refusal,
    }
    return render(request, "conversations/templates.html", context, status=422 if refusal else 200)


def _blanks(request: AgentRequest, one: MessageTemplate, chosen: MessageTemplate | None) -> list[tuple[str, str]]:
    """Each blank as it stands in the text, with what was typed into it."""
    typed = request.POST.getlist("value") if one == chosen else []
    names = ["{{" + name + "}}" for name in one.blank_names()]
    return list(zip_longest(names[: one.blanks], typed[: one.blanks], fillvalue=""))


def _sent(request: AgentRequest, conversation: Conversation, template: MessageTemplate) -> str:
    """Queue it; what stands in the way, in words."""
    values = [value.strip()[:_MAX_VALUE_CHARS] for value in request.POST.getlist("value")]
    if len(values) != template.blanks or not all(values):
        return _("Every blank must be filled in. Nothing was sent.")
    try:
        with transaction.atomic():
            reply = queue_reply(
                conversation.pk,
                by=request.agent,
                text=template.filled(values),
                visibility="private",
                template=FilledTemplate(template.name, template.language, tuple(values)),
            )
            take_by_answering(reply, by=request.agent)
    except ReplyRefusedError as error:
        return str(error)
    return ""
