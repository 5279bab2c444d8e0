"""Automations: when something happens or time has passed, and if all of it holds, then these acts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.automations.errors import AutomationError
from comptoir.automations.models import Automation, AutomationRevision
from comptoir.automations.queries import RUNS_A_PAGE, Tally, runs_of, tallies
from comptoir.automations.rights import why_stopped
from comptoir.automations.shipping import ship
from comptoir.automations.stopping import resume_automation
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
from comptoir.web.in_order import is_asked_on, last_moved, move_one, or_404, show_trial
from comptoir.web.requests import AgentRequest, acting, before_asked, named_id, permission_required

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
    return render(request, "automations/list.html", {"shown": shown} | last_moved(request))


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
            create_automation(terms, is_active=request.POST.get("is_active") == "on", **_writing(request))
        else:
            edit_automation(automation.pk, terms, **_writing(request))
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
    return show_trial(
        request, tried, alone="automations/_trial.html", whole="automations/edit.html",
        filled_in=lambda: _context(request, automation, terms),
    )  # fmt: skip


def _asked(request: AgentRequest) -> Automation | None:
    asked = named_id(request.POST.get("automation", ""))
    return Automation.objects.in_order().filter(pk=asked).first() if asked is not None else None


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
        "has_no_writer": why_stopped(automation.revision.writer) is not None,
        "tally": tallies().get(automation.pk, Tally()),
    }
    return render(request, "automations/runs.html", context)


@require_POST
@automating
def resume(request: AgentRequest, pk: int) -> HttpResponse:
    """Let one that stopped itself go on, with what was held or without."""
    runs_held = request.POST.get("held") == "run"
    count = or_404(lambda: resume_automation(pk, runs_held=runs_held, **_writing(request)))
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
    return move_one(request, pk, lambda up: move_automation(pk, up=up, by=acting(request)), back="automations")


@require_POST
@automating
def switch(request: AgentRequest, pk: int) -> HttpResponse:
    """Have it run from now on, or no longer."""
    or_404(lambda: switch_automation(pk, on=is_asked_on(request), **_writing(request)))
    return redirect("automations")


@require_POST
@automating
def delete(request: AgentRequest, pk: int) -> HttpResponse:
    """List it no more."""
    or_404(lambda: remove_automation(pk, by=acting(request)))
    messages.success(request, _("The automation is deleted. What it did stays, and still tells its name."))
    return redirect("automations")


@require_POST
@automating
def begin(request: AgentRequest) -> HttpResponse:
    """The automations that ship."""
    ship(**_writing(request))
    messages.success(request, _("Three automations are there, switched off. Read and try them, then switch them on."))
    return redirect("automations")


def _writing(request: AgentRequest) -> dict[str, Any]:
    """Whose rights it acts with, and who is written down."""
    return {"writer": request.agent, "by": acting(request)}
