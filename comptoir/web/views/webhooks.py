"""Webhooks out: who is told what, whether it arrives, and telling it again."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.core.clock import now
from comptoir.notifications.actions import (
    change_endpoint,
    create_endpoint,
    delete_endpoint,
    replay_delivery,
    replay_span,
    rotate_secret,
)
from comptoir.notifications.models import WebhookDelivery, WebhookEndpoint
from comptoir.notifications.queries import endpoints_with_numbers
from comptoir.notifications.sending import EndpointRefusedError
from comptoir.people.permissions import Permission
from comptoir.web.forms.settings import EndpointForm, LogForm
from comptoir.web.requests import AgentRequest, acting, before_asked, permission_required

PAGE = 50
_SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
setting_up = permission_required(Permission.SET_UP)


@require_safe
@setting_up
def webhooks(request: AgentRequest) -> HttpResponse:
    """Every address, and how it goes."""
    return render(request, "webhooks/list.html", {"endpoints": endpoints_with_numbers()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def new(request: AgentRequest) -> HttpResponse:
    """A new one; its secret is on the page that answers, and nowhere else."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = create_endpoint(
                url=form.cleaned_data["url"], event_names=form.event_names, by=acting(request)
            )
        except EndpointRefusedError as error:
            form.add_error("url", str(error))
        else:
            return render(request, "webhooks/secret.html", {"endpoint": endpoint, "secret": secret})
    return render(request, "webhooks/form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@setting_up
def webhook(request: AgentRequest, pk: int) -> HttpResponse:
    """One address: its state and its log, newest first."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    logged = endpoint.deliveries.select_related("event")
    form = LogForm(request.GET)
    if form.is_valid() and form.cleaned_data["state"]:
        logged = logged.filter(state=form.cleaned_data["state"])
    before = before_asked(request)
    if before:
        logged = logged.filter(pk__lt=before)
    found = list(logged.order_by("-id")[: PAGE + 1])
    context = {
        "endpoint": endpoint,
        "form": form,
        "deliveries": found[:PAGE],
        "before": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return render(request, "webhooks/one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def edit(request: AgentRequest, pk: int) -> HttpResponse:
    """Its address and what it is told."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    form = EndpointForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            change_endpoint(pk, url=form.cleaned_data["url"], event_names=form.event_names, by=acting(request))
        except EndpointRefusedError as error:
            form.add_error("url", str(error))
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("webhook", pk)
    context = {"form": form or EndpointForm.filled(endpoint.url, endpoint.event_names), "endpoint": endpoint}
    return render(request, "webhooks/form.html", context, status=422 if form else 200)


@require_POST
@setting_up
def switch(request: AgentRequest, pk: int) -> HttpResponse:
    """Off, or on again."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    change_endpoint(pk, is_active=not endpoint.is_active, by=acting(request))
    return redirect("webhook", pk)


@never_cache
@require_POST
@setting_up
def new_secret(request: AgentRequest, pk: int) -> HttpResponse:
    """Another secret at once; shown on the page that answers, and nowhere else."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    secret = rotate_secret(endpoint, by=acting(request))
    return render(request, "webhooks/secret.html", {"endpoint": endpoint, "secret": secret})


@require_POST
@setting_up
def delete(request: AgentRequest, pk: int) -> HttpResponse:
    """Forget it with its log."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    address = endpoint.url
    delete_endpoint(endpoint, by=acting(request))
    messages.success(request, _("%(address)s is told nothing any more.") % {"address": address})
    return redirect("webhooks")


@require_POST
@setting_up
def replay(request: AgentRequest, pk: int) -> HttpResponse:
    """One delivery (``id``) once more, or all that happened in a ``span`` until now."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    named = request.POST.get("id", "")
    try:
        if named:
            every = WebhookDelivery.objects.select_related("endpoint").filter(endpoint=endpoint)
            replay_delivery(get_object_or_404(every, pk=int(named) if named.isdecimal() and len(named) <= 18 else 0))
            count = 1
        else:
            span = _SPANS.get(request.POST.get("span", ""), _SPANS["hour"])
            count = replay_span(endpoint, since=now() - span, until=now())
    except EndpointRefusedError as error:
        messages.error(request, str(error))
    else:
        text = ngettext("%(count)s event is told again.", "%(count)s events are told again.", count)
        messages.success(request, text % {"count": count})
    return redirect("webhook", pk)
