"""What the agent should hear of: the list, how much is new, the choices, and the browsers that are woken."""

from __future__ import annotations

import base64
import binascii
import json
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.core.clock import now
from comptoir.notifications.choices import Kind, Way, quiet_hours, ways_of
from comptoir.notifications.hearing import mark_notifications_seen
from comptoir.notifications.models import Notification
from comptoir.notifications.push_actions import subscribe as keep_subscription
from comptoir.notifications.push_actions import unsubscribe as drop_subscription
from comptoir.notifications.pushing import server_key
from comptoir.notifications.ringing import calls_ringing_for
from comptoir.web.forms.notifications import WAYS, NotificationsForm
from comptoir.web.queries.asked import count_asked_of
from comptoir.web.queries.heard import heard_by
from comptoir.web.requests import AgentRequest, agent_required

_MOST_SHOWN = 60
_MOST_COUNTED = 100
_MAX_BODY_BYTES = 8000


@require_safe
@agent_required
def notifications(request: AgentRequest) -> HttpResponse:
    """The newest, seen and unseen."""
    return render(request, "notifications/list.html", {"rows": heard_by(request.agent, _MOST_SHOWN)})


@require_safe
@agent_required
def unseen(request: AgentRequest) -> HttpResponse:
    """How much is new and how much is asked; whether it may sound now; who calls at this moment, and if it rings."""
    found = Notification.objects.filter(agent=request.agent, seen_at=None)[:_MOST_COUNTED].count()
    quiet = quiet_hours(request.agent)
    calls = [
        {
            "id": call.pk,
            "name": str(call.identity),
            "words": _("%(name)s is calling") % {"name": str(call.identity)},
            "url": reverse("conversation", args=[call.conversation_id]),
        }
        for call in calls_ringing_for(request.agent)
    ]
    is_quiet = quiet is not None and quiet.covers(now())
    rings = not is_quiet and Way.SOUND in ways_of(request.agent, Kind.CALL)
    asked = count_asked_of(request.agent)
    return JsonResponse({"count": found, "asked": asked, "is_quiet": is_quiet, "calls": calls, "rings": rings})


@require_POST
@agent_required
def see_all(request: AgentRequest) -> HttpResponse:
    """All of it is seen."""
    mark_notifications_seen(request.agent)
    return HttpResponse(status=204, headers={"HX-Refresh": "true"}) if request.htmx else redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def choices(request: AgentRequest) -> HttpResponse:
    """What to be told of, and how."""
    form = NotificationsForm(request.POST if request.method == "POST" else None, agent=request.agent)
    if request.method == "POST" and form.is_valid():
        form.save(request.agent)
        messages.success(request, _("Your choices are kept."))
        return redirect("notification_choices")
    context = {"form": form, "ways": WAYS, "server_key": server_key(), "has_mail": bool(settings.EMAIL_HOST)}
    return render(request, "notifications/choices.html", context, status=422 if form.errors else 200)


@require_POST
@agent_required
def subscribe(request: AgentRequest) -> HttpResponse:
    """Keep this browser, as it describes itself (PushSubscription.toJSON)."""
    try:
        said = json.loads(request.body[:_MAX_BODY_BYTES])
        endpoint, keys = str(said["endpoint"]), said["keys"]
        browser_key, secret = _decoded(keys["p256dh"]), _decoded(keys["auth"])
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        return JsonResponse({"detail": _("This browser could not be understood.")}, status=400)
    if not _is_endpoint(endpoint) or len(browser_key) != 65 or len(secret) != 16:
        return JsonResponse({"detail": _("This browser could not be understood.")}, status=400)
    keep_subscription(
        agent=request.agent,
        endpoint=endpoint,
        browser_key=browser_key,
        browser_secret=secret,
        session_key=request.session.session_key or "",
    )
    return HttpResponse(status=204)


@require_POST
@agent_required
def unsubscribe(request: AgentRequest) -> HttpResponse:
    """Forget this browser."""
    try:
        endpoint = str(json.loads(request.body[:_MAX_BODY_BYTES])["endpoint"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"detail": _("This browser could not be understood.")}, status=400)
    if _is_endpoint(endpoint):  # no other was ever kept
        drop_subscription(agent=request.agent, endpoint=endpoint)
    return HttpResponse(status=204)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_endpoint(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        has_host = bool(parts.hostname and parts.port != 0)
    except ValueError:
        return False
    is_address = len(endpoint) <= 2000 and endpoint.isascii() and endpoint.isprintable()
    return is_address and has_host and parts.scheme == "https"
