"""Contact reasons: the company's own tree, with what customers say of each."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.analysis.errors import AnalysisError
from comptoir.analysis.models import ContactReason
from comptoir.analysis.queries import reasons_told_apart
from comptoir.analysis.reasons import delete_reason, move_reason, save_reason
from comptoir.people.permissions import Permission
from comptoir.web.forms.readings import ReasonForm
from comptoir.web.requests import AgentRequest, acting, permission_required

teachers_only = permission_required(Permission.TEACH)


@require_safe
@teachers_only
def contact_reasons(request: AgentRequest) -> HttpResponse:
    """The tree, and how well each reason is told from the others."""
    return render(request, "contact_reasons/list.html", {"tree": reasons_told_apart()})


@require_http_methods(["GET", "HEAD", "POST"])
@teachers_only
def edit(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """One reason, new or not."""
    reason = get_object_or_404(ContactReason, pk=pk) if pk else None
    form = ReasonForm(request.POST or None, reason=reason, below=request.GET.get("below", ""))
    if request.method == "POST" and form.is_valid() and _kept(request, form, pk):
        return redirect("contact_reasons")
    context = {"form": form, "reason": reason}
    return render(request, "contact_reasons/form.html", context, status=422 if form.is_bound else 200)


def _kept(request: AgentRequest, form: ReasonForm, pk: int | None) -> bool:
    try:
        save_reason(pk, form.terms, by=acting(request))
    except AnalysisError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The reason is kept. How it is told from the others is being learnt."))
    return True


@require_POST
@teachers_only
def move(request: AgentRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    return _changed(request, lambda: move_reason(pk, up=request.POST.get("up") == "yes", by=acting(request)))


@require_POST
@teachers_only
def delete(request: AgentRequest, pk: int) -> HttpResponse:
    """Forget one that nothing was filed under."""
    return _changed(request, lambda: delete_reason(pk, by=acting(request)))


def _changed(request: AgentRequest, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except ContactReason.DoesNotExist as error:
        raise Http404 from error
    except AnalysisError as error:
        messages.error(request, str(error))
    return redirect("contact_reasons")
