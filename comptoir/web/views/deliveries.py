"""Deliveries that could not be read: why, what they were, and another try."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from comptoir.channels.models import ChannelAccount
from comptoir.core.clock import now
from comptoir.intake.actions import replay_deliveries
from comptoir.intake.models import RawDelivery
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission
from comptoir.web.requests import AgentRequest, acting, before_asked, permission_required

PAGE = 50
#: What was received earlier than this and is not read yet is being read again.
_AGAIN_AFTER = timedelta(minutes=1)
_MOST_SHOWN_BYTES = 64 * 1024
replayers_only = permission_required(Permission.REPLAY_DELIVERIES)


@require_safe
@replayers_only
def deliveries(request: AgentRequest) -> HttpResponse:
    """What was set aside, newest first, of every account or of one, for every reason or some."""
    form = DeliveriesForm(request.GET, agent=request.agent)
    rows = form.narrowed(_aside(request)).select_related("account").defer("body", "headers")
    before = before_asked(request)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: PAGE + 1])
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {
        "form": form,
        "deliveries": found[:PAGE],
        "before": found[PAGE - 1].pk if len(found) > PAGE else None,
        "query": asked.urlencode(),
        "is_narrowed": any(asked.values()),
        "being_read": _being_read(),
    }
    return render(request, "deliveries/list.html", context)


def _seen(request: AgentRequest) -> QuerySet[RawDelivery]:
    """Those of accounts whose conversations the agent may read: they hold what customers wrote."""
    hidden = ChannelAccount.objects.hidden_from(request.agent).order_by().values("pk")
    return RawDelivery.objects.exclude(account__in=hidden)


def _aside(request: AgentRequest) -> QuerySet[RawDelivery]:
    return _seen(request).filter(state=RawDelivery.State.SET_ASIDE)


def _being_read() -> bool:
    """Whether some are being read again, so that an empty list is not taken for the end of it."""
    earlier = RawDelivery.objects.filter(received_at__lt=now() - _AGAIN_AFTER)
    return (
        earlier.filter(state=RawDelivery.State.NEW).exists() or earlier.filter(state=RawDelivery.State.LATER).exists()
    )


@require_safe
@replayers_only
def delivery(request: AgentRequest, pk: int) -> HttpResponse:
    """One of them as it came."""
    found = get_object_or_404(_seen(request).select_related("account"), pk=pk)
    body = bytes(found.body)
    shown = body[:_MOST_SHOWN_BYTES].decode("utf-8", "replace").replace("\x00", "␀")
    context = {"delivery": found, "shown": shown, "size": len(body), "is_cut": len(body) > _MOST_SHOWN_BYTES}
    return render(request, "deliveries/one.html", context)


@require_POST
@replayers_only
def replay(request: AgentRequest) -> HttpResponse:
    """Read one again (``id``), or all that the filters leave."""
    named = request.POST.get("id", "")
    if named and not (named.isdecimal() and len(named) <= 18):
        raise SuspiciousOperation("id")
    wanted = _aside(request).filter(pk=int(named)) if named else _narrowed(request)
    count = replay_deliveries(ids=list(wanted.values_list("pk", flat=True)), by=acting(request))
    text = ngettext(
        "%(count)s delivery is being read again. If it still cannot be read, it comes back here within minutes.",
        "%(count)s deliveries are being read again. Those that still cannot be read come back here within minutes.",
        count,
    )
    if count:
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Nothing was left to be read again: a colleague may have been faster."))
    return redirect("deliveries")


def _narrowed(request: AgentRequest) -> QuerySet[RawDelivery]:
    """What is left by the filters that were set when the button was pressed."""
    return DeliveriesForm(request.POST, agent=request.agent).narrowed(_aside(request))


class _AccountField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in its stubs
    """Accounts of two brands may have one name."""

    def label_from_instance(self, obj: ChannelAccount) -> str:
        return f"{obj.name} · {obj.brand.name}"


class DeliveriesForm(forms.Form):
    """Which of what was set aside is shown."""

    account = _AccountField(
        ChannelAccount.objects.none(),
        label=gettext_lazy("Account"),
        required=False,
        empty_label=gettext_lazy("All accounts"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason contains"), required=False, max_length=200)

    def __init__(self, *given: Any, agent: Agent, **named: Any) -> None:
        super().__init__(*given, **named)
        hidden = ChannelAccount.objects.hidden_from(agent).order_by().values("pk")
        seen = ChannelAccount.objects.exclude(pk__in=hidden).select_related("brand")
        cast("_AccountField", self.fields["account"]).queryset = seen

    def narrowed(self, rows: QuerySet[RawDelivery]) -> QuerySet[RawDelivery]:
        """The rows that are left."""
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("account"):
            rows = rows.filter(account=asked["account"])
        return rows.filter(reason__icontains=asked["reason"]) if asked.get("reason") else rows
