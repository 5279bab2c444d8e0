"""Who works here: inviting, changing, letting go."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.conversations.models import Conversation
from comptoir.core.reach import is_local
from comptoir.desk.departures import see_off
from comptoir.people.actions import (
    LastAdministratorError,
    create_agent,
    create_sign_in_link,
    edit_agent,
    forget_second_factor,
    invite_agent,
    open_access,
    withdraw_invitation,
)
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission
from comptoir.people.queries import colleagues as everybody
from comptoir.people.queries import invitation_state
from comptoir.web.forms.settings import EditAgentForm, NewAgentForm
from comptoir.web.requests import AgentRequest, acting, agent_required, permission_required

setting_up = permission_required(Permission.SET_UP)


@require_safe
@agent_required
def colleagues(request: AgentRequest) -> HttpResponse:
    """Who is here now."""
    return render(request, "people/colleagues.html", {"colleagues": everybody(only_active=True)})


@require_safe
@setting_up
def people(request: AgentRequest) -> HttpResponse:
    """All agents."""
    return render(request, "people/list.html", {"colleagues": everybody()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def new_agent(request: AgentRequest) -> HttpResponse:
    """A new colleague; their invitation is shown once."""
    form = NewAgentForm(request.POST or None, initial={"language": request.agent.language})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = create_agent(**form.cleaned_data, by=acting(request))
                token = invite_agent(agent=made, by=acting(request))
        except IntegrityError:
            form.add_error("email", _("Somebody signs in with this address already."))
        else:
            return _made(request, made, token, is_invitation=True)
    return render(request, "people/new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def agent(request: AgentRequest, pk: int) -> HttpResponse:
    """One person: role, teams, brands, how they get in."""
    person = get_object_or_404(Agent.objects.select_related("user"), pk=pk)
    now = {name: getattr(person, name) for name in ("name", "role", "language")}
    form = EditAgentForm(
        request.POST or None, initial=now | {"teams": person.teams.all(), "brands": person.brands.all()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            edit_agent(pk, **form.cleaned_data, by=acting(request))
        except LastAdministratorError:
            form.add_error("role", _("There must be one administrator at least: name another one first."))
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("people")
    context = {
        "person": person,
        "form": form,
        "invitation": invitation_state(person),
        "has_second_factor": Authenticator.objects.filter(user=person.user_id).exists(),
        "is_oneself": person.pk == request.agent.pk,
    }
    return render(request, "people/one.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_POST
@setting_up
def link(request: AgentRequest, pk: int) -> HttpResponse:
    """A new invitation for who has never come, a link for half an hour for who cannot get in; shown once."""
    person = get_object_or_404(Agent.objects.select_related("user"), pk=pk, is_active=True)
    is_invitation = person.user.last_login is None
    make = invite_agent if is_invitation else create_sign_in_link
    return _made(request, person, make(agent=person, by=acting(request)), is_invitation=is_invitation)


def _made(request: AgentRequest, made: Agent, token: str, *, is_invitation: bool) -> HttpResponse:
    """By the public address where there is one, however we were come to here; else by the way we were come to."""
    here = request.build_absolute_uri("/").rstrip("/")
    site = here if is_local(settings.BASE_URL) else settings.BASE_URL
    context = {"made": made, "token": token, "site": site, "is_invitation": is_invitation}
    return render(request, "people/made.html", context)


@require_POST
@setting_up
def withdraw(request: AgentRequest, pk: int) -> HttpResponse:
    """Have an invitation open no more."""
    person = get_object_or_404(Agent.objects.select_related("user"), pk=pk)
    withdraw_invitation(agent=person, by=acting(request))
    messages.success(request, _("The invitation no longer opens."))
    return redirect("agent", pk)


@require_POST
@setting_up
def forget_factor(request: AgentRequest, pk: int) -> HttpResponse:
    """For somebody who has lost their telephone or their key."""
    person = get_object_or_404(Agent, pk=pk)
    if forget_second_factor(pk, by=acting(request)):
        messages.success(request, _("%(name)s signs in without a second factor now.") % {"name": person.name})
    return redirect("agent", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def close(request: AgentRequest, pk: int) -> HttpResponse:
    """Say what will happen, then let nobody in under this name any more."""
    person = get_object_or_404(Agent, pk=pk)
    if person.pk == request.agent.pk:
        messages.error(request, _("You cannot close your own access: ask another administrator."))
        return redirect("agent", pk)
    if request.method == "POST":
        return _closed(request, person)
    held = Conversation.objects.live().filter(assignee=person).count()
    return render(request, "people/close.html", {"person": person, "held": held})


def _closed(request: AgentRequest, person: Agent) -> HttpResponse:
    try:
        count = see_off(person.pk, by=acting(request))
    except LastAdministratorError:
        messages.error(request, _("There must be one administrator at least: name another one first."))
        return redirect("agent", person.pk)
    text = ngettext(
        "%(name)s no longer gets in. %(count)s conversation went back to its team.",
        "%(name)s no longer gets in. %(count)s conversations went back to their teams.",
        count,
    )
    messages.success(request, text % {"name": person.name, "count": count})
    return redirect("people")


@require_POST
@setting_up
def reopen(request: AgentRequest, pk: int) -> HttpResponse:
    """Let somebody in again."""
    person = open_access(get_object_or_404(Agent, pk=pk).pk, by=acting(request))
    messages.success(request, _("%(name)s may come in again.") % {"name": person.name})
    return redirect("agent", pk)
