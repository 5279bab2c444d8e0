"""Promises: what customers are promised, in the order in which the conditions are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.notifications.posting import keep_policy
from comptoir.people.permissions import Permission
from comptoir.sla.models import PolicyWarning, Recomputation, SLAClock, SLAPolicy
from comptoir.sla.policies import (
    PolicyInUseError,
    delete_policy,
    move_policy,
    switch_policy,
)
from comptoir.web.forms.promises import PolicyForm
from comptoir.web.forms.warnings import WarningRows, warning_rows
from comptoir.web.presenting.promises import policy_words, warning_words
from comptoir.web.requests import AgentRequest, acting, permission_required
from comptoir.web.views.mending import Question, asks_first

making_promises = permission_required(Permission.MAKE_PROMISES)


@require_safe
@making_promises
def promises(request: AgentRequest) -> HttpResponse:
    """Every policy as a sentence, in order, and how far the last change has come."""
    return _listed(request)


def _listed(request: AgentRequest, *, changed: int | None = None, mended: Question | None = None) -> HttpResponse:
    """With what is asked beside the ``changed`` one, where that takes broken promises back."""
    given = Exists(SLAClock.objects.filter(policy=OuterRef("pk")))
    policies = SLAPolicy.objects.in_order().select_related("brand", "team", "topic").annotate(is_given=given)
    warnings = PolicyWarning.objects.filter(is_active=True).select_related("escalates_to").prefetch_related("endpoints")
    policies = policies.prefetch_related(Prefetch("warnings", queryset=warnings))
    shown = [
        (policy, policy_words(policy), [warning_words(one) for one in policy.warnings.all()]) for policy in policies
    ]
    context = {"shown": shown, "sweep": _latest(), "changed": changed, "mended": mended}
    return render(request, "promises/list.html", context, status=422 if mended else 200)


def _latest() -> Recomputation | None:
    return Recomputation.objects.order_by("-pk").first()


@require_safe
@making_promises
def progress(request: AgentRequest) -> HttpResponse:
    """How far running promises are computed anew; asked again while they are."""
    return render(request, "promises/_progress.html", {"sweep": _latest()})


@require_http_methods(["GET", "HEAD", "POST"])
@making_promises
def edit(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """One policy, new or not."""
    policy = get_object_or_404(SLAPolicy.objects.select_related("brand", "team", "topic"), pk=pk) if pk else None
    posted = request.POST if request.method == "POST" else None
    form, warnings = PolicyForm(posted, policy=policy), warning_rows(posted, policy)
    mended = None
    if form.is_valid() and warnings.is_valid():
        mended = _kept(request, form, warnings, pk)
        if mended is None and form.is_valid():
            return redirect("promises")
    words = policy_words(policy) if policy else ""
    context = {"form": form, "warnings": warnings, "policy": policy, "words": words, "mended": mended}
    return render(request, "promises/form.html", context, status=422 if form.is_bound else 200)


def _kept(request: AgentRequest, form: PolicyForm, warnings: WarningRows, pk: int | None) -> Question | None:
    """Kept, refused beside the fields, or not before what it takes back is agreed to."""
    terms = replace(form.terms, warnings=warnings.kept)

    def keep() -> None:
        keep_policy(pk, terms, posts=warnings.posts, by=acting(request))

    try:
        mended = asks_first(request, keep)
        if mended is not None:
            return mended
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return None
    messages.success(request, _("The promise is kept. Running promises are being computed anew."))
    return None


@require_POST
@making_promises
def move(request: AgentRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    return _changed(request, pk, lambda: move_policy(pk, up=request.POST.get("up") == "yes", by=acting(request)))


@require_POST
@making_promises
def switch(request: AgentRequest, pk: int) -> HttpResponse:
    """Give it from now on, or no longer."""
    return _changed(request, pk, lambda: switch_policy(pk, on=request.POST.get("on") == "yes", by=acting(request)))


@require_POST
@making_promises
def delete(request: AgentRequest, pk: int) -> HttpResponse:
    """Forget one that was never given, and so has nothing to take back."""
    try:
        delete_policy(pk, by=acting(request))
    except SLAPolicy.DoesNotExist as error:
        raise Http404 from error
    except PolicyInUseError as error:
        messages.error(request, str(error))
    return redirect("promises")


def _changed(request: AgentRequest, pk: int, act: Callable[[], object]) -> HttpResponse:
    """Done, or not before what it takes back is agreed to."""
    try:
        mended = asks_first(request, act)
        if mended is not None:
            return _listed(request, changed=pk, mended=mended)
    except SLAPolicy.DoesNotExist as error:
        raise Http404 from error
    return redirect("promises")
