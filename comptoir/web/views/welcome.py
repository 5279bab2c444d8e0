"""A new colleague's first page: how they will sign in from now on."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comptoir.events.record import record
from comptoir.web.requests import AgentRequest, acting, agent_required


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def welcome(request: AgentRequest) -> HttpResponse:
    """Choose a first password; who has one changes it elsewhere, where the old one is asked for."""
    user = request.agent.user
    if user.has_usable_password():
        return redirect("safety")
    form = SetPasswordForm(user, request.POST or None)
    form.fields["new_password1"].label = _("Password")
    form.fields["new_password2"].label = _("The same once more")
    for field in form.fields.values():
        field.help_text = ""  # the page says it once, in its own words
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        reauthenticate_by_password(request)  # it was typed this very moment
        record("agent.password_set", subject=request.agent, by=acting(request))
        messages.success(request, _("You sign in with your address and this password from now on."))
        return redirect("inbox")
    return render(request, "sign_in/welcome.html", {"form": form}, status=422 if form.is_bound else 200)
