"""Rules: where a message goes and what is done with it, read as sentences, tried before they hold."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.intake.posts import under_our_posts
from comptoir.people.permissions import Permission
from comptoir.routing.errors import RoutingError
from comptoir.routing.models import RoutingRule
from comptoir.routing.names import load_names
from comptoir.routing.rules import Terms, create_rule, delete_rule, edit_rule, move_rule, switch_rule
from comptoir.routing.shipping import ship
from comptoir.routing.telling import rule_words
from comptoir.routing.trying import try_rule
from comptoir.web.forms.routing import controls, terms_posted
from comptoir.web.in_order import is_asked_on, last_moved, move_one, or_404, show_trial
from comptoir.web.requests import AgentRequest, acting, named_id, permission_required

arranging = permission_required(Permission.ARRANGE_ROUTING)


@require_safe
@arranging
def rules(request: AgentRequest) -> HttpResponse:
    """Every rule as a sentence, in order; the one that was just moved keeps the focus."""
    names = load_names()
    shown = [(one, rule_words(one.revision, names)) for one in RoutingRule.objects.in_order()]
    return render(request, "routing/rules.html", {"shown": shown} | last_moved(request))


@require_http_methods(["GET", "HEAD", "POST"])
@arranging
def edit(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """One rule, new or not."""
    rule = get_object_or_404(RoutingRule.objects.select_related("revision"), pk=pk) if pk else None
    if request.method != "POST":
        kept = rule.revision if rule else None
        terms = Terms(kept.conditions, kept.effects, kept.goes_on) if kept else Terms([], [])
        return _form(request, rule, terms)
    terms = terms_posted(request.POST)
    try:
        if rule is None:
            create_rule(terms, is_active=request.POST.get("is_active", "on") == "on", by=acting(request))
        else:
            edit_rule(rule.pk, terms, by=acting(request))
    except RoutingError as error:
        return _form(request, rule, terms, str(error))
    except RoutingRule.DoesNotExist:  # somebody has deleted it meanwhile: what was filled in can be kept as a new one
        gone = _("This rule was deleted meanwhile. Keep what you have written as a new one, or leave.")
        return _form(request, None, terms, gone)
    messages.success(request, _("The rule is kept. It holds for what begins from now on."))
    return redirect("routing_rules")


def _form(request: AgentRequest, rule: RoutingRule | None, terms: Terms, error: str = "") -> HttpResponse:
    return render(request, "routing/rule.html", _context(rule, terms) | {"error": error}, status=422 if error else 200)


def _context(rule: RoutingRule | None, terms: Terms) -> dict[str, Any]:
    """The form as it was filled in."""
    names = load_names()
    return {
        "rule": rule,
        "words": rule_words(rule.revision, names) if rule else "",
        "when": controls("when", [one for one in terms.conditions if not one.get("not")], names),
        "unless": controls("unless", [one for one in terms.conditions if one.get("not")], names),
        "done": controls("do", terms.effects, names),
        "goes_on": terms.goes_on,
    }


@require_POST
@arranging
def attempt(request: AgentRequest) -> HttpResponse:
    """What the rule as it is filled in would have done; nothing is kept."""
    terms = terms_posted(request.POST)
    try:
        revision = terms.revision()
    except RoutingError as error:
        tried: dict[str, Any] = {"refusal": str(error)}
    else:
        trial = try_rule(revision, agent=request.agent, under_our_posts=under_our_posts)
        tried = {"trial": trial, "trial_words": rule_words(revision, load_names())}
    return show_trial(
        request, tried, alone="routing/_trial.html", whole="routing/rule.html",
        filled_in=lambda: _context(_asked(request), terms),
    )  # fmt: skip


def _asked(request: AgentRequest) -> RoutingRule | None:
    asked = named_id(request.POST.get("rule", ""))
    return RoutingRule.objects.select_related("revision").filter(pk=asked).first() if asked is not None else None


@require_POST
@arranging
def move(request: AgentRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    return move_one(request, pk, lambda up: move_rule(pk, up=up, by=acting(request)), back="routing_rules")


@require_POST
@arranging
def switch(request: AgentRequest, pk: int) -> HttpResponse:
    """Try it from now on, or no longer."""
    or_404(lambda: switch_rule(pk, on=is_asked_on(request), by=acting(request)))
    return redirect("routing_rules")


@require_POST
@arranging
def delete(request: AgentRequest, pk: int) -> HttpResponse:
    """Forget it."""
    or_404(lambda: delete_rule(pk, by=acting(request)))
    messages.success(request, _("The rule is deleted. What it routed stays where it is, and still tells why."))
    return redirect("routing_rules")


@require_POST
@arranging
def begin(request: AgentRequest) -> HttpResponse:
    """The teams and rules that ship."""
    ship(by=acting(request))
    messages.success(request, _("Three teams and the first rules are there. Change them as you like."))
    return redirect("routing_rules")
