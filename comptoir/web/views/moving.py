"""Two conversations made one, one made two; one that goes on by another account."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.desk.errors import DeskError
from comptoir.desk.merging import merge_conversations, unmerge_conversation
from comptoir.desk.moving import accounts_to_move_to, move_conversation
from comptoir.desk.splitting import split_conversation
from comptoir.people.permissions import Permission
from comptoir.web.requests import AgentRequest, id_of, named_id, permission_required
from comptoir.web.views.conversations import conversation_seen, led_to

_MOST_OFFERED = 30
_MOST_SHOWN = 100
_MOST_CHARS = 300


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.ASSIGN)
def merge(request: AgentRequest, pk: int) -> HttpResponse:
    """Choose what is merged into this one, and do it."""
    kept = conversation_seen(request, pk)
    refusal = ""
    if request.method == "POST":
        gone = conversation_seen(request, id_of(request.POST.get("gone", "")))
        try:
            merge_conversations(kept.pk, gone_id=gone.pk, by=request.agent, reason=request.POST.get("reason", ""))
        except DeskError as error:
            refusal = str(error)
        else:
            messages.success(request, _("Merged. What comes for the other one now arrives here."))
            return led_to(pk)
    context = {"conversation": kept, "offered": _offered(request, kept), "refusal": refusal, "posted": request.POST}
    return render(request, "moving/merge.html", context, status=422 if refusal else 200)


def _offered(request: AgentRequest, kept: Conversation) -> list[Conversation]:
    """The same person's on the same account first; with a word to look for, anybody's there."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    near = Conversation.objects.visible_to(request.agent).filter(
        account=kept.account_id, is_public=kept.is_public, merged_into=None
    )
    near = near.exclude(pk=kept.pk)
    if asked:
        named = Q(identity__name__icontains=asked) | Q(identity__handle__icontains=asked)
        near = near.filter(named | (Q() if (pk := named_id(asked)) is None else Q(pk=pk)))
    else:
        near = near.filter(contact=kept.contact_id)
    return list(near.select_related("identity", "account").distinct().order_by("-last_message_at")[:_MOST_OFFERED])


@require_POST
@permission_required(Permission.ASSIGN)
def unmerge(request: AgentRequest, pk: int) -> HttpResponse:
    """Two again."""
    conversation = conversation_seen(request, pk)
    if conversation.merged_into_id:
        conversation_seen(request, conversation.merged_into_id)  # messages are taken out of that one
    return _told(request, pk, lambda: unmerge_conversation(conversation.pk, by=request.agent))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.ASSIGN)
def move(request: AgentRequest, pk: int) -> HttpResponse:
    """Choose the account by which it goes on, and do it; where that cannot be, the page says why."""
    conversation = conversation_seen(request, pk)
    offered, refusal = accounts_to_move_to(conversation, request.agent), ""
    if request.method == "POST":
        account = get_object_or_404(_accounts_shown(request), pk=id_of(request.POST.get("to", "")))
        try:
            move_conversation(pk, to=account, by=request.agent, reason=request.POST.get("reason", "")[:_MOST_CHARS])
        except DeskError as error:
            refusal = str(error)
        else:
            messages.success(request, _("It goes on by %(account)s.") % {"account": account.name})
            is_theirs = Conversation.objects.visible_to(request.agent).filter(pk=pk).exists()
            return led_to(pk) if is_theirs else redirect("inbox")
    context = {"conversation": conversation, "offered": offered, "refusal": refusal, "posted": request.POST}
    return render(request, "moving/account.html", context, status=422 if refusal else 200)


def _accounts_shown(request: AgentRequest) -> QuerySet[ChannelAccount]:
    hidden = ChannelAccount.objects.hidden_from(request.agent).order_by().values("pk")
    return ChannelAccount.objects.exclude(pk__in=hidden)


def _told(request: AgentRequest, pk: int, act: Callable[[], object]) -> HttpResponse:
    refusal = ""
    try:
        act()
    except DeskError as error:
        refusal = str(error)
    if request.htmx and not refusal:
        return HttpResponse(status=204, headers={"HX-Trigger": "exchange-changed"})
    if request.htmx:
        response = render(request, "_toast.html", {"words": refusal, "is_error": True}, status=409)
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
        return response
    if refusal:
        messages.error(request, refusal)
    return led_to(pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.ASSIGN)
def split(request: AgentRequest, pk: int) -> HttpResponse:
    """Choose the messages that become a conversation of their own, and do it."""
    origin = conversation_seen(request, pk)
    refusal = ""
    chosen = [found for one in request.POST.getlist("message") if (found := named_id(one)) is not None]
    if request.method == "POST":
        try:
            other = split_conversation(origin.pk, message_ids=chosen, by=request.agent)
        except DeskError as error:
            refusal = str(error)
        else:
            messages.success(request, _("These messages are a conversation of their own now."))
            return led_to(other.pk)
    shown = origin.messages.select_related("identity", "agent").order_by("-sent_at", "-pk")[:_MOST_SHOWN]
    context = {"conversation": origin, "shown": list(shown)[::-1], "refusal": refusal, "chosen": chosen}
    return render(request, "moving/split.html", context, status=422 if refusal else 200)
