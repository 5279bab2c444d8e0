"""Automations: when something happens or time has passed, and if all of it holds, then these acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.automations.errors import AutomationError
from comptoir.automations.limits import resume_automation
from comptoir.automations.models import Automation, AutomationRevision
from comptoir.automations.queries import RUNS_A_PAGE, Tally, runs_of, tallies
from comptoir.automations.shipping import ship
from comptoir.automations.telling import automation_words, load_known
from comptoir.automations.triggers import why_words
from comptoir.automations.trying import DAYS, try_automation
from comptoir.automations.writing import (
    Terms,
    create_automation,
    edit_automation,
    move_automation,
    remove_automation,
    switch_automation,
)
from comptoir.people.permissions import Permission
from comptoir.web.forms.automations import form_context, terms_of, terms_posted
from comptoir.web.requests import AgentRequest, acting, before_asked, permission_required

automating = permission_required(Permission.AUTOMATE)


@require_safe
@automating
def automations(request: AgentRequest) -> HttpResponse:
    """Every automation as a sentence, in order; the one that was just moved keeps the focus."""
    known, counted = load_known(), tallies()
    shown = [
        (one, automation_words(one.revision, known), counted.get(one.pk, Tally()))
        for one in Automation.objects.in_order()
    ]
    context = {"shown": shown, "moved": request.GET.get("moved", ""), "up": request.GET.get("way") == "up"}
    return render(request, "automations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@automating
def edit(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """One automation, new or not."""
    automation = get_object_or_404(Automation.objects.in_order(), pk=pk) if pk else None
    if request.method != "POST":
        return _form(request, automation, terms_of(automation))
    terms = terms_posted(request.POST)
    try:
        if automation is None:
            create_automation(terms, is_active=request.POST.get("is_active") == "on", by=acting(request))
        else:
            edit_automation(automation.pk, terms, by=acting(request))
    except AutomationError as error:
        return _form(request, automation, terms, str(error))
    except Automation.DoesNotExist:  # somebody has deleted it meanwhile: what was filled in can be kept as a new one
        gone = _("This automation was deleted meanwhile. Keep what you have written as a new one, or leave.")
        return _form(request, None, terms, gone)
    messages.success(request, _("The automation is kept."))
    return redirect("automations")


def _form(request: AgentRequest, automation: Automation | None, terms: Terms, error: str = "") -> HttpResponse:
    context = _context(request, automation, terms) | {"error": error}
    return render(request, "automations/edit.html", context, status=422 if error else 200)


def _context(request: AgentRequest, automation: Automation | None, terms: Terms) -> dict[str, Any]:
    known = load_known()
    words = automation_words(automation.revision, known) if automation else ""
    starts = request.method != "POST" or request.POST.get("is_active") == "on"
    return {"automation": automation, "words": words, "starts": starts, "days": DAYS} | form_context(terms, known)


@require_POST
@automating
def attempt(request: AgentRequest) -> HttpResponse:
    """What the automation as it is filled in would have done; nothing is kept."""
    terms = terms_posted(request.POST)
    automation = _asked(request)
    tried: dict[str, Any] = {"days": DAYS}
    try:
        revision = terms.revision()
    except AutomationError as error:
        tried["refusal"] = str(error)
    else:
        tried |= _tried(request, revision, automation)
    status = 422 if "refusal" in tried else 200
    if request.htmx:
        return render(request, "automations/_trial.html", tried, status=status)
    return render(request, "automations/edit.html", _context(request, automation, terms) | tried, status=status)


def _asked(request: AgentRequest) -> Automation | None:
    asked = request.POST.get("automation", "")
    is_id = asked.isdecimal() and len(asked) < 19
    return Automation.objects.in_order().filter(pk=asked).first() if is_id else None


def _tried(request: AgentRequest, revision: AutomationRevision, automation: Automation | None) -> dict[str, Any]:
    trial = try_automation(revision, agent=request.agent, automation_id=automation.pk if automation else None)
    return {"trial": trial, "trial_words": automation_words(revision, load_known())}


@require_safe
@automating
def runs(request: AgentRequest, pk: int) -> HttpResponse:
    """What it did, what it could not do and why, and what is held."""
    automation = get_object_or_404(Automation.objects.in_order(), pk=pk)
    found = runs_of(automation, agent=request.agent, before=before_asked(request))
    page = found[:RUNS_A_PAGE]
    context = {
        "automation": automation,
        "words": automation_words(automation.revision, load_known()),
        "shown": [(one, why_words(one.revision.trigger)) for one in page],
        "older": page[-1].pk if len(found) > RUNS_A_PAGE else None,
        "tally": tallies().get(automation.pk, Tally()),
    }
    return render(request, "automations/runs.html", context)


@require_POST
@automating
def resume(request: AgentRequest, pk: int) -> HttpResponse:
    """Let one that stopped itself go on, with what was held or without."""
    runs_held = request.POST.get("held") == "run"
    count = _changed(lambda: resume_automation(pk, runs_held=runs_held, by=acting(request)))
    if runs_held:
        said = ngettext("It goes on, and does %(count)s held run.", "It goes on, and does %(count)s held runs.", count)
    else:
        said = ngettext("It goes on. %(count)s held run was left.", "It goes on. %(count)s held runs were left.", count)
    messages.success(request, said % {"count": count})
    return redirect("automation_runs", pk=pk)


@require_POST
@automating
def move(request: AgentRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    up = request.POST.get("up") == "yes"
    _changed(lambda: move_automation(pk, up=up, by=acting(request)))
    return redirect(f"{reverse('automations')}?moved={pk}&way={'up' if up else 'down'}")


@require_POST
@automating
def switch(request: AgentRequest, pk: int) -> HttpResponse:
    """Have it run from now on, or no longer."""
    _changed(lambda: switch_automation(pk, on=request.POST.get("on") == "yes", by=acting(request)))
    return redirect("automations")


@require_POST
@automating
def delete(request: AgentRequest, pk: int) -> HttpResponse:
    """List it no more."""
    _changed(lambda: remove_automation(pk, by=acting(request)))
    messages.success(request, _("The automation is deleted. What it did stays, and still tells its name."))
    return redirect("automations")


@require_POST
@automating
def begin(request: AgentRequest) -> HttpResponse:
    """The automations that ship."""
    ship(by=acting(request))
    messages.success(request, _("Three automations are there, switched off. Read and try them, then switch them on."))
    return redirect("automations")


def _changed(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Automation.DoesNotExist as error:
        raise Http404 from error
