"""What the widget asks for. docs/chat.md."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from comptoir.channels.mailboxes import writing_mailboxes
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.chat.connector import Chat
from comptoir.conversations.models import Conversation
from comptoir.conversations.serving import file_response
from comptoir.conversations.typing import announce_typing
from comptoir.core.clock import now
from comptoir.public.counter import Counter, counter_endpoint
from comptoir.public.exchange import exchange_page, kept_file
from comptoir.public.posting import FILE_TYPES, MAX_FILES, store_post
from comptoir.public.problems import ProblemError
from comptoir.public.rate import FILES, POSTS, READS, TYPING
from comptoir.sla.queries import opening_of


@counter_endpoint("GET", rates=READS, for_visitors=False)
def counter(request: HttpRequest, counter: Counter) -> HttpResponse:
    """What the widget must know before anybody says anything."""
    account = counter.account
    limits = {
        "max_text_chars": Chat.limits.max_text_chars,
        "max_files": MAX_FILES,
        "max_file_bytes": Chat.limits.max_file_bytes,
        "file_types": FILE_TYPES,
    }
    described = {
        "name": account.brand.name,
        "language": account.brand.language,
        "greeting": counter.credentials.get("greeting", ""),
        "limits": limits,
        "answers_by_mail": _answers_by_mail(account),
        **_opening(account),
    }
    response = JsonResponse(described)
    response["Cache-Control"] = "public, max-age=30"
    return response


def _answers_by_mail(account: ChannelAccount) -> bool:
    """Whether a mailbox of the brand could answer at an address that is left: else none is asked for."""
    return any(writing_mailboxes(ChannelAccount.objects.filter(brand=account.brand_id)))


def _opening(account: ChannelAccount) -> dict[str, Any]:
    present, calendar = now(), opening_of(account)
    opening = calendar.next_opening(present)
    return {
        "is_open": calendar.is_open_at(present),
        "next_opening_at": opening.isoformat() if opening else None,
    }


@counter_endpoint("GET", rates=READS)
def messages(request: HttpRequest, counter: Counter) -> HttpResponse:
    """The exchange so far; 304 while nothing changed."""
    page = exchange_page(counter.known_visitor, counter.account, before=request.GET.get("before", ""))
    around = {
        "typing": counter.agent_is_typing,
        "identity": counter.known_visitor.identity,
        "knows_address": counter.knows_address,
        **_opening(counter.account),
    }
    tag = page.tag(around)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return JsonResponse({"messages": page.messages, "earlier": page.earlier, **around}, headers={"ETag": tag})


@counter_endpoint("POST", rates=POSTS)
def events(request: HttpRequest, counter: Counter) -> HttpResponse:
    """Keep what the visitor says or does; acknowledged once it is stored."""
    return _kept(request, counter)


@counter_endpoint("POST", rates=FILES)
def files(request: HttpRequest, counter: Counter) -> HttpResponse:
    """The same for a message with files, which are let in more rarely."""
    return _kept(request, counter)


def _kept(request: HttpRequest, counter: Counter) -> HttpResponse:
    post, uploaded = _posted(request)
    stored = store_post(post, visitor=counter.known_visitor, account=counter.account, files=uploaded)
    return JsonResponse({"stored": stored}, status=202)


def _posted(request: HttpRequest) -> tuple[dict[str, Any], list[UploadedFile[bytes]]]:
    is_form = request.content_type == "multipart/form-data"
    written = request.POST.get("post", "") if is_form else request.body
    try:
        post = json.loads(written)
    except (ValueError, RecursionError):
        raise ProblemError(400, "unreadable", _("The body is not JSON.")) from None
    if not isinstance(post, dict):
        raise ProblemError(400, "unreadable", _("The body must be an object."))
    return post, request.FILES.getlist("file") if is_form else []


@counter_endpoint("POST", rates=TYPING)
def typing(request: HttpRequest, counter: Counter) -> HttpResponse:
    """Tell whoever has the conversation open that its customer is typing."""
    visitor = counter.known_visitor
    live = Conversation.objects.live().filter(visitor.whose("identity__"), account=counter.account)
    conversation = live.order_by("-last_message_at").first()
    if conversation is not None:
        announce_typing(conversation)
    return HttpResponse(status=204)


@counter_endpoint("GET", rates=READS)
def file(request: HttpRequest, counter: Counter, file_id: int) -> HttpResponseBase:
    """One file of the visitor's own exchange."""
    attachment = kept_file(counter.known_visitor, counter.account, file_id)
    if attachment is None:
        raise ProblemError(404, "no_file", _("There is no such file in this exchange."))
    try:
        response = file_response(attachment, content_type=attachment.mime_type, as_attachment=True)
    except FileNotFoundError:
        raise ProblemError(404, "no_file", _("This file is no longer kept.")) from None
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
