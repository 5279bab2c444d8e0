"""The first steps: what is done, what comes next, and a message to oneself to see it all work."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.intake.actions import receive
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission
from comptoir.people.preferences import prefer
from comptoir.sla.queries import opening_calendar
from comptoir.web.queries.guide import STEPS, account_to_try, progress
from comptoir.web.requests import AgentRequest, permission_required

setting_up = permission_required(Permission.SET_UP)


@require_safe
@setting_up
def guide(request: AgentRequest) -> HttpResponse:
    """Every step with its state; the next one is unfolded."""
    done = progress(request.agent)
    first = ChannelAccount.objects.active().order_by("pk").first()
    context: dict[str, Any] = {
        "progress": done,
        "steps": STEPS,
        "account": first,
        "calendar": opening_calendar(first, first.team_id) if first else None,
        "to_try": account_to_try(),
        "base_url": settings.BASE_URL,
        "has_left": bool(request.agent.preferences.get("guide", {}).get("left")),
    }
    return render(request, "guide/guide.html", context)


@require_POST
@setting_up
def test(request: AgentRequest) -> HttpResponse:
    """A message from oneself as a customer, by the door that all messages take."""
    account = account_to_try()
    if account is None:
        messages.error(request, _("Connect a live chat first: it needs nothing from anybody else."))
        return redirect("guide")
    external_id = f"guide-{request.agent.pk}-{now():%Y%m%d%H%M%S}"
    receive(account, [_message(request.agent, external_id)])
    prefer(request.agent.pk, guide=_guide(request.agent) | {"tested": True})
    arrived = Message.objects.filter(account=account, external_id=external_id).first()
    messages.success(request, _("Your message has arrived. Answer it as you would answer a customer."))
    return redirect("conversation", arrived.conversation_id) if arrived else redirect("inbox")


def _message(agent: Agent, external_id: str) -> NetworkEvent:
    return NetworkEvent(
        event=EventKind.MESSAGE,
        direction="incoming",
        visibility="private",
        external_id=external_id,
        thread_id=f"guide-{agent.pk}",
        author=Author(id=f"guide-{agent.pk}", handle=agent.name, name=agent.name),
        text=_("Hello, is anybody there? This is a trial message that I am sending to myself."),
        sent_at=now(),
        language=agent.language,
    )


@require_POST
@setting_up
def leave(request: AgentRequest) -> HttpResponse:
    """Not now: it stays in the settings, and goes from the rail. Pressed again, it comes back."""
    chosen = _guide(request.agent)
    has_left = not chosen.get("left")
    prefer(request.agent.pk, guide=chosen | {"left": has_left})
    if has_left:
        messages.info(request, _("The first steps wait for you in the settings."))
        return redirect("inbox")
    return redirect("guide")


def _guide(agent: Agent) -> dict[str, Any]:
    return dict(agent.preferences.get("guide", {}))
