"""One's own page: language, hours, and how one is."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.delivery.calling import TELEPHONE
from comptoir.people.actions import set_availability, set_working_hours
from comptoir.people.models import Agent
from comptoir.people.preferences import prefer
from comptoir.web.forms.accounts import LanguageForm
from comptoir.web.forms.settings import MyHoursForm
from comptoir.web.forms.telephones import TelephoneForm
from comptoir.web.presenting.composer import tone_is_shown
from comptoir.web.requests import AgentRequest, acting, agent_required


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def me(request: AgentRequest) -> HttpResponse:
    """Show it, or change the language."""
    form = LanguageForm(request.POST or None, initial={"language": request.agent.language})
    if request.method == "POST" and form.is_valid():
        request.agent.language = form.cleaned_data["language"]
        request.agent.save(update_fields=["language"])
        return redirect("me")
    return _page(request, form=form)


@require_POST
@agent_required
def telephone(request: AgentRequest) -> HttpResponse:
    """On which telephone one is rung."""
    form = TelephoneForm(request.POST)
    if form.is_valid():
        prefer(request.agent.pk, **{TELEPHONE: form.cleaned_data["telephone"]})
        messages.success(request, _("Your telephone is kept."))
        return redirect("me")
    return _page(request, telephone=form)


@require_POST
@agent_required
def hours(request: AgentRequest) -> HttpResponse:
    """When one works."""
    form = _hours_form(request)
    if form.is_valid():
        asked = form.cleaned_data
        set_working_hours(
            request.agent.pk, hours=asked["hours"], time_zone=asked.get("time_zone", ""), by=acting(request)
        )
        messages.success(request, _("Your hours are kept."))
        return redirect("me")
    return _page(request, hours=form)


@require_POST
@agent_required
def availability(request: AgentRequest) -> HttpResponse:
    """Available, busy, away or offline, from wherever one is."""
    wanted = request.POST.get("availability", "")
    if wanted not in Agent.Availability.values:
        raise SuspiciousOperation("availability")
    set_availability(request.agent, wanted)
    if request.htmx:
        return render(request, "_me_menu.html")
    return redirect(_came_from(request))


def _page(request: AgentRequest, **forms: Form) -> HttpResponse:
    """One's own page, with the form that could not be read among the others."""
    chosen = {TELEPHONE: request.agent.preferences.get(TELEPHONE, "")}
    context = {
        "form": LanguageForm(initial={"language": request.agent.language}),
        "hours": _hours_form(request),
        "telephone": TelephoneForm(initial=chosen),
        "tone_is_shown": tone_is_shown(request.agent),
    } | forms
    return render(
        request, "people/me.html", context, status=422 if any(one.is_bound for one in forms.values()) else 200
    )


def _came_from(request: AgentRequest) -> str:
    address = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return "/"
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # Of "https://us//elsewhere/" the path alone is an address elsewhere.
    return path if url_has_allowed_host_and_scheme(path, None) else "/"


def _hours_form(request: AgentRequest) -> MyHoursForm:
    agent = request.agent
    return MyHoursForm(
        request.POST if request.method == "POST" and "opens" in request.POST else None,
        hours=agent.working_hours,
        always=_("No hours: what I set by hand counts"),
        initial={"time_zone": agent.time_zone},
        prefix=None,
    )
