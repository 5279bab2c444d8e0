"""Deliveries that could not be read: why, what they were, and another try."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from comptoir.events.record import Actor
from comptoir.intake.actions import replay_deliveries
from comptoir.intake.models import RawDelivery
from comptoir.people.permissions import Permission
from comptoir.web.requests import AgentRequest, permission_required

PAGE = 50
_MOST_SHOWN_BYTES = 64 * 1024
replayers_only = permission_required(Permission.REPLAY_DELIVERIES)


@require_safe
@replayers_only
def deliveries(request: AgentRequest) -> HttpResponse:
    """What was set aside, newest first."""
    rows = (
        RawDelivery.objects.filter(state=RawDelivery.State.SET_ASIDE).select_related("account").defer("body", "headers")
    )
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-id")[: PAGE + 1])
    context = {"deliveries": found[:PAGE], "before": found[PAGE - 1].pk if len(found) > PAGE else None}
    return render(request, "deliveries/list.html", context)


@require_safe
@replayers_only
def delivery(request: AgentRequest, pk: int) -> HttpResponse:
    """One of them as it came."""
    found = get_object_or_404(RawDelivery.objects.select_related("account"), pk=pk)
    body = bytes(found.body)
    shown = body[:_MOST_SHOWN_BYTES].decode("utf-8", "replace").replace("\x00", "␀")
    context = {"delivery": found, "shown": shown, "size": len(body), "is_cut": len(body) > _MOST_SHOWN_BYTES}
    return render(request, "deliveries/one.html", context)


@require_POST
@replayers_only
def replay(request: AgentRequest) -> HttpResponse:
    """Read one again (``id``), or all that were set aside."""
    named = request.POST.get("id", "")
    if named and not (named.isdecimal() and len(named) <= 18):
        raise SuspiciousOperation("id")
    ids = [int(named)] if named else None
    count = replay_deliveries(ids=ids, by=Actor("agent", request.agent.pk))
    text = ngettext("%(count)s delivery will be read again.", "%(count)s deliveries will be read again.", count)
    messages.success(request, text % {"count": count})
    return redirect("deliveries")
