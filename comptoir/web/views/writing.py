"""Writing: replies, notes, drafts, and what becomes of a reply that has not arrived."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.catalogue.actions import count_use
from comptoir.catalogue.filling import unfilled
from comptoir.catalogue.queries import canned_responses_of
from comptoir.catalogue.using import note_uses
from comptoir.conversations.files import FileRefusedError
from comptoir.conversations.models import Conversation, DraftFile, Message
from comptoir.delivery.actions import resend, settle_uncertain
from comptoir.delivery.refusals import (
    ColleagueAnsweredError,
    FilesRefusedError,
    PersonalDataError,
    ReplyRefusedError,
    TakenBeforeError,
)
from comptoir.desk.colleagues import unaddressed_in
from comptoir.desk.drafts import discard_draft, save_draft
from comptoir.desk.errors import DeskError
from comptoir.desk.notes import add_note
from comptoir.desk.sending import send_reply, take_reply_back
from comptoir.people.permissions import Permission, may
from comptoir.web.forms.writing import DraftForm, ReplyForm
from comptoir.web.marking import marked, marked_words
from comptoir.web.presenting.composer import composer_context
from comptoir.web.requests import AgentRequest, is_guest, permission_required
from comptoir.web.views.conversations import conversation_read, conversation_seen

answerers_only = permission_required(Permission.ANSWER)
writers_only = permission_required(Permission.ANSWER, Permission.WRITE_NOTES)


@require_POST
@writers_only
def write(request: AgentRequest, pk: int) -> HttpResponse:
    """Take what was written: queue a reply or leave a note. A refusal keeps the text where it was typed."""
    conversation = conversation_read(request, pk)
    form = ReplyForm(request.POST, account=conversation.account)
    if not form.is_valid():
        return _refused(request, conversation, _("This could not be read. Your text was kept: try again."))
    if reason := _reason_to_wait(form):
        return _refused(request, conversation, reason, parts=marked_words(form.cleaned_data["text"], _gaps(form)))
    try:
        _take(request, conversation, form)
    except PersonalDataError as error:
        parts, may_move = marked(form.cleaned_data["text"], error.found), conversation.is_public
        return _refused(
            request, conversation, str(error), parts=parts, may_move=may_move, confirms=form.seal, form=form
        )
    except ColleagueAnsweredError as error:
        return _refused(request, conversation, str(error), answers=error.answers, form=form)
    except TakenBeforeError as error:
        return _refused(request, conversation, str(error), key=uuid.uuid4())
    except (ReplyRefusedError, DeskError, FileRefusedError) as error:
        return _refused(request, conversation, str(error))
    is_note = form.cleaned_data["mode"] == "note"
    return _composer(request, conversation, note=form.cleaned_data["text"] if is_note else None)


def _gaps(form: ReplyForm) -> list[str]:
    return [] if form.cleaned_data["mode"] == "note" else unfilled(form.cleaned_data["text"])


def _reason_to_wait(form: ReplyForm) -> str:
    """What the agent has left open; empty when nothing."""
    if gaps := _gaps(form):
        text = _("%(words)s is still to be filled in. Your reply was kept and not sent: write it, or take it out.")
        return text % {"words": ", ".join(gaps)}
    if form.chose_no_instant:
        return _("Choose a day and a time first. Your reply was kept and not sent.")
    return ""


@transaction.atomic
def _take(request: AgentRequest, conversation: Conversation, form: ReplyForm) -> None:
    """The draft goes when what it became is stored, and not before."""
    mode, text, key = (form.cleaned_data[name] for name in ("mode", "text", "key"))
    if mode == "note":
        _require(request, Permission.WRITE_NOTES)
        add_note(conversation.pk, text=text, by=request.agent, key=key)
        discard_draft(conversation.pk, agent=request.agent)
        return
    _require(request, Permission.ANSWER)
    message = send_reply(
        conversation.pk,
        by=request.agent,
        text=text,
        visibility=mode,
        beside=_files_chosen(request, conversation, key),
        files=request.FILES.getlist("files"),
        personal_data_confirmed=form.is_confirmed,
        key=key,
        send_after=form.departs_at,
        seen_up_to=form.last_seen,
        then=form.follows,
        choices=form.offered,
    )
    used = [int(one) for one in request.POST.getlist("canned") if one.isdecimal() and len(one) < 19]
    entries = [int(one) for one in request.POST.getlist("entry") if one.isdecimal() and len(one) < 19]
    note_uses(entries, message_id=message.pk, conversation_id=conversation.pk, text=message.text, by=request.agent)
    count_use(canned_responses_of(request.agent).filter(pk__in=used[:20]).values_list("pk", flat=True))


def _files_chosen(request: AgentRequest, conversation: Conversation, key: uuid.UUID | None) -> list[DraftFile]:
    """The files of the form: those beside the draft, or those that left with it before. Raises FilesRefusedError."""
    wanted = {int(one) for one in request.POST.getlist("beside") if one.isdecimal() and len(one) < 19}
    here = DraftFile.objects.filter(conversation=conversation, agent=request.agent, pk__in=wanted)
    left = here.filter(message__key=key) if key else here.none()
    files = sorted({*here.filter(message=None), *left}, key=lambda one: one.pk)
    if len(files) != len(wanted):
        raise FilesRefusedError(_("One of the files is no longer there. Nothing was sent: look at the list again."))
    return files


def _require(request: AgentRequest, permission: Permission) -> None:
    if not may(request.agent, permission) or (is_guest(request) and permission != Permission.WRITE_NOTES):
        raise PermissionDenied


@require_POST
@writers_only
def draft(request: AgentRequest, pk: int) -> HttpResponse:
    """Keep what is being written."""
    conversation = conversation_read(request, pk)
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Http404
    _keep(request, conversation, form)
    return HttpResponse(status=204)


def keep_typed(request: AgentRequest, conversation: Conversation) -> None:
    """What comes along with an act that gives the composer anew is kept first."""
    typed = DraftForm(request.POST)
    if typed.is_valid():
        _keep(request, conversation, typed)


def _keep(request: AgentRequest, conversation: Conversation, form: DraftForm) -> None:
    save_draft(
        conversation.pk,
        agent=request.agent,
        text=request.POST.get("text", ""),
        choices=request.POST.get("choices", "").splitlines(),
        visibility=form.cleaned_data["mode"],
        key=form.cleaned_data["key"],
        sequence=form.cleaned_data["sequence"] or 0,
    )


@require_POST
@answerers_only
def undo(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a reply back before it leaves: its text returns before what has been typed since, its files and the
    conversation's state return too.
    """
    message = own_reply(request, pk)
    keep_typed(request, message.conversation)
    try:
        take_reply_back(message.pk, by=request.agent)
    except (ReplyRefusedError, FileRefusedError) as error:
        return told(request, message.conversation_id, str(error))
    return _composer(request, message.conversation)


@require_POST
@answerers_only
def send_again(request: AgentRequest, pk: int) -> HttpResponse:
    """Try a failed reply once more."""
    message = own_reply(request, pk)
    try:
        resend(message.pk, by=request.agent)
    except ReplyRefusedError as error:
        return told(request, message.conversation_id, str(error))
    return _changed(request, message)


@require_POST
@answerers_only
def settle(request: AgentRequest, pk: int) -> HttpResponse:
    """A person has looked on the network: the reply arrived, or it did not."""
    message = own_reply(request, pk)
    if request.POST.get("was_sent") not in ("yes", "no"):
        raise Http404
    try:
        settle_uncertain(message.pk, was_sent=request.POST["was_sent"] == "yes", by=request.agent)
    except ReplyRefusedError as error:
        return told(request, message.conversation_id, str(error))
    return _changed(request, message)


def own_reply(request: AgentRequest, pk: int) -> Message:
    """A reply of ours, in a conversation that the agent may read."""
    outgoing = Message.objects.outgoing().filter(pk=pk)
    conversation = conversation_seen(request, get_object_or_404(outgoing, pk=pk).conversation_id)
    return get_object_or_404(outgoing.select_related("conversation"), conversation=conversation)


def _composer(request: AgentRequest, conversation: Conversation, *, note: str | None = None) -> HttpResponse:
    """Empty again. After a note it stays one: what is typed on without looking up must not go to the customer; and
    whom the note meant to address in vain is said.
    """
    if not request.htmx:
        return redirect("conversation", conversation.pk)
    conversation.refresh_from_db(fields=["status"])
    context = {"conversation": conversation} | composer_context(request, conversation)
    if note is not None:
        context |= {"mode": "note", "unaddressed": unaddressed_in(note, conversation, by=request.agent)}
    response = render(request, "conversations/_composer.html", context)
    response["HX-Trigger"] = "exchange-changed"
    return response


def _refused(
    request: AgentRequest,
    conversation: Conversation,
    reason: str,
    *,
    key: uuid.UUID | None = None,
    form: ReplyForm | None = None,
    **shown: object,
) -> HttpResponse:
    """Say why; with ``key`` the form has a new one, and what is sent next is another reply."""
    context = {"key": key, "conversation": conversation, "reason": reason, "again": form.again if form else {}} | shown
    response = render(request, "conversations/_refused.html", context, status=422)
    response["HX-Retarget"], response["HX-Reswap"] = "#composer-refusal", "innerHTML"
    if key or "answers" in shown:
        response["HX-Trigger"] = "exchange-changed"
    return response


def _changed(request: AgentRequest, message: Message) -> HttpResponse:
    if not request.htmx:
        return redirect("conversation", message.conversation_id)
    return HttpResponse(status=204, headers={"HX-Trigger": "exchange-changed"})


def told(request: AgentRequest, conversation_id: int, words: str) -> HttpResponse:
    """Something that could not be done: say why, and show how things stand now."""
    if not request.htmx:
        messages.error(request, words)
        return redirect("conversation", conversation_id)
    response = render(request, "_toast.html", {"words": words, "is_error": True}, status=409)
    response["HX-Trigger"] = "exchange-changed"
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    return response
