"""Having a customer called, about a conversation on whatever channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.delivery.calling import CallRefusedError, calling_accounts
from comptoir.desk.call_backs import ask_call_back, end_call_back, place_call_back, usual_due
from comptoir.desk.errors import DeskError, PastInstantError
from comptoir.desk.models import CallBack
from comptoir.desk.telephone_numbers import numbers_held
from comptoir.people.permissions import Permission
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen, led_to
from comptoir.web.wording import telephone


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.ANSWER)
def call_back(request: AgentRequest, pk: int) -> HttpResponse:
    """Ask for the call, or change the one that waits; a refusal keeps what was typed."""
    conversation = conversation_seen(request, pk)
    waiting = conversation.call_backs.waiting().first()
    accounts = calling_accounts(conversation.account.brand_id)
    account = _account(request, accounts, waiting)
    refusal = ""
    if request.method == "POST":
        try:
            asked = _ask(request, conversation, account)
        except DeskError as error:
            refusal = str(error)
        else:
            messages.success(request, _("To be called on %(number)s.") % {"number": telephone(asked.number)})
            return led_to(pk)
    held = numbers_held(conversation)
    first_number = (waiting.number if waiting else "") or next(iter(held), "")
    due = waiting.due_at if waiting else usual_due(account, now()) if account else now()
    context = {
        "conversation": conversation, "accounts": accounts, "account_id": account.pk if account else None,
        "waiting": waiting, "held": held, "refusal": refusal, "time_zone": timezone.get_current_timezone_name(),
        "number": request.POST.get("number", telephone(first_number)),
        "due": request.POST.get("due", f"{timezone.localtime(due):%Y-%m-%dT%H:%M}"),
    }  # fmt: skip
    return render(request, "bridges/call_back.html", context, status=422 if refusal else 200)


def _account(request: AgentRequest, accounts: list[ChannelAccount], waiting: CallBack | None) -> ChannelAccount | None:
    """The one that was chosen, that of the call that waits, or the first."""
    wanted = request.POST.get("account") or (str(waiting.account_id) if waiting else "")
    return next((one for one in accounts if str(one.pk) == wanted), accounts[0] if accounts else None)


def _ask(request: AgentRequest, conversation: Conversation, account: ChannelAccount | None) -> CallBack:
    number, due = request.POST.get("number", ""), _due(request.POST.get("due", ""))
    return ask_call_back(conversation.pk, number=number, account=account, due_at=due, by=request.agent)


def _due(written: str) -> datetime | None:
    """None where nothing was said. Raises PastInstantError for what is no moment to come."""
    if not written.strip():
        return None
    try:
        typed = parse_datetime(written.strip())
        if typed is None:
            raise PastInstantError
        return timezone.make_aware(typed) if timezone.is_naive(typed) else typed
    except (ValueError, OverflowError) as error:
        raise PastInstantError from error


@require_POST
@permission_required(Permission.ANSWER)
def place(request: AgentRequest, pk: int) -> HttpResponse:
    """Ring the agent, then the customer."""
    asked = _seen(request, pk)
    words = _("Your telephone rings; the customer’s does once you have picked up.")
    return _done(request, asked, lambda: place_call_back(asked.pk, by=request.agent), words=words)


@require_POST
@permission_required(Permission.ANSWER)
def end(request: AgentRequest, pk: int) -> HttpResponse:
    """Say how it ended."""
    asked = _seen(request, pk)
    ends = (CallBack.State.REACHED, CallBack.State.GIVEN_UP, CallBack.State.WITHDRAWN)
    state = next((one for one in ends if one.value == request.POST.get("state")), CallBack.State.WITHDRAWN)
    return _done(request, asked, lambda: end_call_back(asked.pk, state=state, by=request.agent), words="")


def _seen(request: AgentRequest, pk: int) -> CallBack:
    asked = get_object_or_404(CallBack, pk=pk)
    conversation_seen(request, asked.conversation_id)
    return asked


def _done(request: AgentRequest, asked: CallBack, act: Callable[[], object], *, words: str) -> HttpResponse:
    refusal = ""
    try:
        act()
    except (DeskError, CallRefusedError) as error:
        refusal = str(error)
    if not request.htmx:
        if refusal or words:
            (messages.error if refusal else messages.success)(request, refusal or words)
        return redirect("conversation", asked.conversation_id)
    if not refusal and not words:
        return HttpResponse(status=204, headers={"HX-Trigger": "exchange-changed"})
    shown = {"words": refusal or words, "is_error": bool(refusal)}
    response = render(request, "_toast.html", shown, status=409 if refusal else 200)
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    response["HX-Trigger"] = "exchange-changed"
    return response
