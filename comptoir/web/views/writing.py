"""Writing: replies, notes, drafts, and what becomes of a reply that has not arrived."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.conversations.files import FileRefusedError
from comptoir.conversations.models import Conversation, Message
from comptoir.delivery.actions import queue_reply, resend, settle_uncertain, take_back
from comptoir.delivery.refusals import PersonalDataError, ReplyRefusedError, TakenBeforeError
from comptoir.desk.notes import add_note
from comptoir.desk.drafts import discard_draft, save_draft
from comptoir.desk.errors import DeskError
from comptoir.people.permissions import Permission, may
from comptoir.web.forms import DraftForm, ReplyForm
from comptoir.web.marking import marked
from comptoir.web.presenting import composer_context
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen

answerers_only = permission_required(Permission.ANSWER)
writers_only = permission_required(Permission.ANSWER, Permission.WRITE_NOTES)


@require_POST
@writers_only
def write(request: AgentRequest, pk: int) -> HttpResponse:
    """Take what was written: queue a reply or leave a note. A refusal keeps the text where it was typed."""
    conversation = conversation_seen(request, pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _refused(request, conversation, _("This could not be read. Your text was kept: try again."))
    try:
        _take(request, conversation, form)
    except PersonalDataError as error:
        parts = marked(form.cleaned_data["text"], error.found)
        return _refused(request, conversation, str(error), parts=parts)
    except TakenBeforeError as error:
        return _refused(request, conversation, str(error), key=uuid.uuid4())
    except (ReplyRefusedError, DeskError, FileRefusedError) as error:
        return _refused(request, conversation, str(error))
    return _composer(request, conversation)


@transaction.atomic
def _take(request: AgentRequest, conversation: Conversation, form: ReplyForm) -> None:
    """The draft goes when what it became is stored, and not before."""
    mode, text, key = (form.cleaned_data[name] for name in ("mode", "text", "key"))
    if mode == "note":
        _require(request, Permission.WRITE_NOTES)
        add_note(conversation.pk, text=text, by=request.agent, key=key)
    else:
        _require(request, Permission.ANSWER)
        queue_reply(
            conversation.pk,
            by=request.agent,
            text=text,
            visibility=mode,
            files=request.FILES.getlist("files"),
            personal_data_confirmed=form.cleaned_data["personal_data_confirmed"],
            key=key,
        )
    discard_draft(conversation.pk, agent=request.agent)


def _require(request: AgentRequest, permission: Permission) -> None:
    if not may(request.agent, permission):
        raise PermissionDenied


@require_POST
@writers_only
def draft(request: AgentRequest, pk: int) -> HttpResponse:
    """Keep what is being written."""
    conversation = conversation_seen(request, pk)
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Http404
    _keep(request, conversation, form)
    return HttpResponse(status=204)


def _keep(request: AgentRequest, conversation: Conversation, form: DraftForm) -> None:
    save_draft(
        conversation.pk,
        agent=request.agent,
        text=request.POST.get("text", ""),
        visibility=form.cleaned_data["mode"],
        key=form.cleaned_data["key"],
        sequence=form.cleaned_data["sequence"] or 0,
    )


@require_POST
@answerers_only
def undo(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a reply back before it leaves; its text returns before what has been typed since, which comes along."""
    message = _own_reply(request, pk)
    typed = DraftForm(request.POST)
    if typed.is_valid():
        _keep(request, message.conversation, typed)
    try:
        take_back(message.pk, by=request.agent)
    except ReplyRefusedError as error:
        return _told(request, message, str(error))
    return _composer(request, message.conversation, files_lost=[one.name for one in message.attachments.all()])


@require_POST
@answerers_only
def send_again(request: AgentRequest, pk: int) -> HttpResponse:
    """Try a failed reply once more."""
    message = _own_reply(request, pk)
    try:
        resend(message.pk, by=request.agent)
    except ReplyRefusedError as error:
        return _told(request, message, str(error))
    return _changed(request, message)


@require_POST
@answerers_only
def settle(request: AgentRequest, pk: int) -> HttpResponse:
    """A person has looked on the network: the reply arrived, or it did not."""
    message = _own_reply(request, pk)
    if request.POST.get("was_sent") not in ("yes", "no"):
        raise Http404
    try:
        settle_uncertain(message.pk, was_sent=request.POST["was_sent"] == "yes", by=request.agent)
    except ReplyRefusedError as error:
        return _told(request, message, str(error))
    return _changed(request, message)


def _own_reply(request: AgentRequest, pk: int) -> Message:
    """A reply of ours, in a conversation that the agent may read."""
    outgoing = Message.objects.outgoing().filter(pk=pk)
    conversation = conversation_seen(request, get_object_or_404(outgoing, pk=pk).conversation_id)
    return get_object_or_404(outgoing.select_related("conversation"), conversation=conversation)


def _composer(request: AgentRequest, conversation: Conversation, *, files_lost: Sequence[str] = ()) -> HttpResponse:
    if not request.htmx:
        if files_lost:
            messages.warning(
                request, f"{_('The text is back, its files are not. Add them again:')} {', '.join(files_lost)}"
            )
        return redirect("conversation", conversation.pk)
    context = {"conversation": conversation, "files_lost": files_lost} | composer_context(request, conversation)
    response = render(request, "conversations/_composer.html", context)
    response["HX-Trigger"] = "exchange-changed"
    return response


def _refused(
    request: AgentRequest,
    conversation: Conversation,
    reason: str,
    *,
    parts: object = None,
    key: uuid.UUID | None = None,
) -> HttpResponse:
    """Say why; with ``key`` the form has a new one, and what is sent next is another reply."""
    context = {
        "key": key,
        "conversation": conversation,
        "reason": reason,
        "parts": parts,
        "may_move": parts and conversation.is_public,
    }
    response = render(request, "conversations/_refused.html", context, status=422)
    response["HX-Retarget"], response["HX-Reswap"] = "#composer-refusal", "innerHTML"
    if key:
        response["HX-Trigger"] = "exchange-changed"
    return response


def _changed(request: AgentRequest, message: Message) -> HttpResponse:
    if not request.htmx:
        return redirect("conversation", message.conversation_id)
    return HttpResponse(status=204, headers={"HX-Trigger": "exchange-changed"})


def _told(request: AgentRequest, message: Message, words: str) -> HttpResponse:
    """Something that could not be done: say why, and show how things stand now."""
    if not request.htmx:
        messages.error(request, words)
        return redirect("conversation", message.conversation_id)
    response = render(request, "_toast.html", {"words": words, "is_error": True}, status=409)
    response["HX-Trigger"] = "exchange-changed"
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    return response
