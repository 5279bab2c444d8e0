"""What helps while one writes: files, answers kept ready, colleagues' names and drafts, what waits to leave."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from comptoir.catalogue.filling import filled
from comptoir.catalogue.queries import canned_responses_for, canned_responses_of
from comptoir.connectors.base import OutgoingFile
from comptoir.conversations.files import FileRefusedError, open_file
from comptoir.conversations.models import Conversation, Draft, DraftFile, NoteMention
from comptoir.conversations.search_words import folded
from comptoir.core.clock import now
from comptoir.delivery.actions import change_departure
from comptoir.delivery.draft_files import describe_file, files_beside, lay_file, take_file_off
from comptoir.delivery.refusals import DepartureError, ReplyRefusedError
from comptoir.desk.colleagues import readers_of
from comptoir.desk.drafts import take_over_draft
from comptoir.desk.notes import put_mention_aside
from comptoir.desk.snoozing import snooze_ends
from comptoir.people.permissions import Permission
from comptoir.web.presenting.answers import files_offered, known_words, last_said
from comptoir.web.presenting.composer import composer_context, widest_limits
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen
from comptoir.web.views.writing import answerers_only, keep_typed, own_reply, told, writers_only

_MOST_OFFERED = 8
_MOST_BEGUN_CHARS = 60


def _begun(request: AgentRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:_MOST_BEGUN_CHARS]


@require_safe
@answerers_only
def canned_offered(request: AgentRequest, pk: int) -> HttpResponse:
    """The answers kept ready that go with what was typed after the slash, filled in for this customer; where none
    does, one line that says so: whoever does not look up would send what was typed.
    """
    conversation = conversation_seen(request, pk)
    brand = conversation.account.brand
    language = conversation.language or conversation.contact.language
    found = canned_responses_for(
        request.agent, brand=brand, language=language, begun=_begun(request), most=_MOST_OFFERED
    )
    known = known_words(request, conversation, last_said(conversation))
    offered = [{"canned": one, "text": filled(one.text, known)} for one in found]
    context = {"offered": offered, "is_unknown": not offered and len(_begun(request)) > 1}
    return render(request, "canned/_offered.html", context)


@require_safe
@permission_required(Permission.WRITE_NOTES)
def colleagues_offered(request: AgentRequest, pk: int) -> HttpResponse:
    """Colleagues who may read this conversation, by what was typed after the @; where none may, one word that says so.

    Behind a space it may no longer be a name.
    """
    conversation = conversation_seen(request, pk)
    begun = folded(_begun(request))
    near = [one for one in readers_of(conversation).exclude(pk=request.agent.pk) if begun in folded(one.name)]
    is_unknown = not near and len(begun) > 1 and " " not in begun
    context = {"colleagues": near[:_MOST_OFFERED], "is_unknown": is_unknown}
    return render(request, "conversations/_colleagues.html", context)


@require_POST
@answerers_only
def lay_files(request: AgentRequest, pk: int) -> HttpResponse:
    """Keep files beside the draft: chosen, pasted or dropped, or those of an answer kept ready."""
    conversation = conversation_seen(request, pk)
    limits = widest_limits(conversation)
    refusals = []
    files: list[UploadedFile[bytes] | OutgoingFile] = [
        *request.FILES.getlist("file"),
        *_files_of_canned(request),
        *_files_of_entry(request, conversation),
    ]
    for file in files:
        try:
            lay_file(conversation.pk, agent=request.agent, file=file, limits=limits)
        except (ReplyRefusedError, FileRefusedError) as error:
            refusals.append(str(error))
    return _beside(request, conversation, refusals)


def _files_of_canned(request: AgentRequest) -> list[OutgoingFile]:
    named = request.POST.get("canned", "")
    if not named.isdecimal() or len(named) > 18:
        return []
    canned = get_object_or_404(canned_responses_of(request.agent), pk=int(named))
    files = []
    for file in canned.files.all():
        with open_file(file.storage_key) as stream:
            files.append(OutgoingFile(file.name, file.mime_type, stream.read()))
    return files


def _files_of_entry(request: AgentRequest, conversation: Conversation) -> list[OutgoingFile]:
    named, way = request.POST.get("entry", ""), request.POST.get("way", "")
    if not named.isdecimal() or len(named) > 18:
        return []
    files = []
    for file in files_offered(request, conversation, int(named), way):
        with open_file(file.storage_key) as stream:
            files.append(OutgoingFile(file.name, file.mime_type, stream.read()))
    return files


def _beside(request: AgentRequest, conversation: Conversation, refusals: list[str]) -> HttpResponse:
    if not request.htmx:
        return redirect("conversation", conversation.pk)
    context = {
        "conversation": conversation,
        "beside": files_beside(conversation.pk, request.agent),
        "limits": widest_limits(conversation),
        "refusals": refusals,
    }
    return render(request, "conversations/_files.html", context)


def _own_file(request: AgentRequest, pk: int) -> DraftFile:
    return get_object_or_404(DraftFile.objects.select_related("conversation__account"), pk=pk, agent=request.agent)


@require_POST
@answerers_only
def remove_file(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a file off."""
    file = _own_file(request, pk)
    take_file_off(file.pk, agent=request.agent)
    return _beside(request, file.conversation, [])


@require_POST
@answerers_only
def describe(request: AgentRequest, pk: int) -> HttpResponse:
    """Say what a picture shows."""
    file = _own_file(request, pk)
    if file.message_id is None:
        describe_file(file.pk, agent=request.agent, alt_text=request.POST.get("alt_text", ""))
    return HttpResponse(status=204)


@require_POST
@writers_only
def take_over(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Go on with what a colleague has begun, after what has been typed already."""
    draft = get_object_or_404(Draft, pk=pk)
    conversation = conversation_seen(request, draft.conversation_id)
    keep_typed(request, conversation)
    try:
        take_over_draft(draft.pk, by=request.agent)
    except Draft.DoesNotExist as error:
        raise Http404 from error
    if not request.htmx:
        return redirect("conversation", conversation.pk)
    context = {"conversation": conversation} | composer_context(request, conversation)
    return render(request, "conversations/_composer.html", context)


@require_POST
@permission_required(Permission.WRITE_NOTES)
def mention_done(request: AgentRequest, pk: int) -> HttpResponse:
    """Put aside what a colleague has asked by @."""
    mention = get_object_or_404(NoteMention, pk=pk, agent=request.agent)
    conversation = conversation_seen(request, mention.conversation_id)
    with transaction.atomic():
        put_mention_aside(mention.pk, by=request.agent)
    if not request.htmx:
        return redirect("conversation", conversation.pk)
    return HttpResponse(status=204, headers={"HX-Trigger": "conversation-changed"})


@require_POST
@answerers_only
def departure(request: AgentRequest, pk: int) -> HttpResponse:
    """Let a reply that waits leave at another time, or at once."""
    message = own_reply(request, pk)
    try:
        change_departure(message.pk, send_after=_instant(request, message.conversation), by=request.agent)
    except ReplyRefusedError as error:
        return told(request, message.conversation_id, str(error))
    if not request.htmx:
        return redirect("conversation", message.conversation_id)
    return HttpResponse(status=204, headers={"HX-Trigger": "exchange-changed"})


def _instant(request: AgentRequest, conversation: Conversation) -> datetime | None:
    """The chosen instant; None for at once. Raises DepartureError where it cannot be read."""
    wanted = request.POST.get("later", "")
    if wanted == "now":
        return None
    if wanted != "at":
        return snooze_ends(conversation.account, now()).get(wanted)
    try:
        read = datetime.fromisoformat(request.POST.get("later_at", ""))
    except ValueError as error:
        raise DepartureError from error
    return read if timezone.is_aware(read) else timezone.make_aware(read)
