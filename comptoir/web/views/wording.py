"""Messages that the network has, and words for them: changing an answer of ours, reporting what a customer wrote."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comptoir.conversations.models import Message, WordedAct
from comptoir.delivery.refusals import PersonalDataError, ReplyRefusedError
from comptoir.delivery.wording import MAX_COMMENT_CHARS, ask_edit, ask_report, may_edit, may_report
from comptoir.people.permissions import Permission
from comptoir.web.confirming import is_confirmed, seal_of
from comptoir.web.marking import marked
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen

answerers_only = permission_required(Permission.ANSWER)
_Act = WordedAct.Act


@require_http_methods(["GET", "POST"])
@answerers_only
def edit_message(request: AgentRequest, pk: int) -> HttpResponse:
    """Change what an answer of ours says, within the exchange; without scripts, on a page of its own."""
    message = _seen(request, pk)
    if request.method != "POST":
        if not may_edit(message):
            raise Http404
        return _form(request, message, _Act.EDIT, _refused_before(message, _Act.EDIT) or message.text)
    text = request.POST.get("text", "")
    confirmed = is_confirmed(request.POST.get("personal_data_confirmed", ""), text)
    try:
        ask_edit(message.pk, by=request.agent, text=text, personal_data_confirmed=confirmed)
    except PersonalDataError as error:
        return _form(request, message, _Act.EDIT, text, refusal=str(error), parts=marked(text, error.found))
    except ReplyRefusedError as error:
        return _form(request, message, _Act.EDIT, text, refusal=str(error))
    return _asked(request, message)


@require_http_methods(["GET", "POST"])
@answerers_only
def report_message(request: AgentRequest, pk: int) -> HttpResponse:
    """Tell the network's moderators of a message."""
    message = _seen(request, pk)
    if request.method != "POST":
        if not may_report(message):
            raise Http404
        return _form(request, message, _Act.REPORT, _refused_before(message, _Act.REPORT))
    text = request.POST.get("text", "")
    try:
        ask_report(message.pk, by=request.agent, comment=text)
    except ReplyRefusedError as error:
        return _form(request, message, _Act.REPORT, text, refusal=str(error))
    return _asked(request, message)


def _seen(request: AgentRequest, pk: int) -> Message:
    message = get_object_or_404(Message.objects.select_related("account", "conversation"), pk=pk)
    conversation_seen(request, message.conversation_id)
    return message


def _refused_before(message: Message, act: str) -> str:
    """The words that the network did not take, to be tried again."""
    last = message.worded_acts.filter(act=act).order_by("-pk").first()
    return last.text if last is not None and last.outcome == WordedAct.Outcome.REFUSED else ""


def _form(
    request: AgentRequest,
    message: Message,
    act: WordedAct.Act,
    words: str,
    *,
    refusal: str = "",
    parts: Sequence[tuple[str, bool]] = (),
) -> HttpResponse:
    is_edit = act == _Act.EDIT
    context = {
        "message": message,
        "act": act.value,
        "words": words,
        "refusal": refusal,
        "parts": parts,
        "confirms": seal_of(words),
        "address": reverse("edit_message" if is_edit else "report_message", args=[message.pk]),
        "is_page": not request.htmx,
        "longest": None if is_edit else MAX_COMMENT_CHARS,
        "title": _("Change what it says") if is_edit else _("Report it to the moderators"),
    }
    template = "conversations/_message_form.html" if request.htmx else "conversations/message_form.html"
    return render(request, template, context, status=422 if refusal else 200)


def _asked(request: AgentRequest, message: Message) -> HttpResponse:
    """Under way: the form is gone, and the message says how it stands."""
    if not request.htmx:
        return redirect("conversation", message.conversation_id)
    return HttpResponse(headers={"HX-Trigger": "conversation-changed"})
