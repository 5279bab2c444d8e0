"""How one signs in, and where one is signed in now."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from comptoir.events.record import record
from comptoir.web.browsers import browser_words
from comptoir.web.requests import AgentRequest, acting, agent_required


@require_safe
@agent_required
def safety(request: AgentRequest) -> HttpResponse:
    """Password, second factors, and every place where one is signed in."""
    UserSession.objects.create_from_request(request)
    kinds = list(Authenticator.objects.filter(user=request.agent.user_id).values_list("type", flat=True))
    context: dict[str, Any] = {
        "has_password": request.agent.user.has_usable_password(),
        "has_totp": Authenticator.Type.TOTP in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "key_count": kinds.count(Authenticator.Type.WEBAUTHN),
        "sessions": [
            {"session": one, "browser": browser_words(one.user_agent), "is_this": _is_this(request, one)}
            for one in UserSession.objects.filter(user=request.agent.user_id).order_by("-last_seen_at")
        ],
    }
    return render(request, "safety/safety.html", context)


@require_POST
@agent_required
def end_session(request: AgentRequest, pk: int) -> HttpResponse:
    """Sign out somewhere else."""
    session = get_object_or_404(UserSession.objects.filter(user=request.agent.user_id), pk=pk)
    if _is_this(request, session):
        return redirect("account_logout")
    session.end()
    record("agent.session_ended", subject=request.agent, by=acting(request))
    messages.success(request, _("That browser is signed out."))
    return redirect("safety")


@require_POST
@agent_required
def end_other_sessions(request: AgentRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    others = [one for one in UserSession.objects.filter(user=request.agent.user_id) if not _is_this(request, one)]
    for session in others:
        session.end()
    if others:
        record("agent.session_ended", subject=request.agent, by=acting(request), count=len(others))
    text = ngettext("%(count)s browser is signed out.", "%(count)s browsers are signed out.", len(others))
    messages.success(request, text % {"count": len(others)})
    return redirect("safety")


def _is_this(request: AgentRequest, session: UserSession) -> bool:
    return bool(session.session_key == request.session.session_key)
