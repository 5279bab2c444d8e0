"""API tokens: made with a secret that is shown once, listed, revoked."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.api.actions import create_token, revoke_token
from comptoir.api.models import ApiToken
from comptoir.core.clock import now
from comptoir.people.permissions import Permission
from comptoir.web.forms.settings import TokenForm
from comptoir.web.requests import AgentRequest, acting, permission_required

setting_up = permission_required(Permission.SET_UP)


@require_safe
@setting_up
def tokens(request: AgentRequest) -> HttpResponse:
    """Every token, those that work first."""
    every = ApiToken.objects.select_related("agent").order_by("-id")[:500]
    live = set(ApiToken.objects.live().values_list("pk", flat=True))
    shown = [{"token": token, "is_live": token.pk in live} for token in every]
    shown.sort(key=lambda one: not one["is_live"])
    return render(request, "tokens/list.html", {"tokens": shown, "present": now()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def new(request: AgentRequest) -> HttpResponse:
    """A new one; its secret is on the page that answers, and nowhere else."""
    form = TokenForm(request.POST or None, initial={"agent": request.agent.pk})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        token, secret = create_token(
            name=asked["name"],
            agent=asked["agent"],
            scopes=asked["scopes"],
            expires_at=now() + timedelta(days=int(asked["days"])) if asked["days"] else None,
            by=acting(request),
        )
        return render(request, "tokens/made.html", {"token": token, "secret": secret})
    return render(request, "tokens/new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@setting_up
def revoke(request: AgentRequest, pk: int) -> HttpResponse:
    """End it at once."""
    token = get_object_or_404(ApiToken, pk=pk)
    revoke_token(token, by=acting(request))
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("tokens")
