"""Macros: made, changed, put in order, forgotten."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.automations.actions import delete_macro, may_share, move_macro, save_macro
from comptoir.automations.errors import MacroError
from comptoir.automations.models import Macro
from comptoir.automations.queries import macros_for
from comptoir.automations.steps import LABELS
from comptoir.people.permissions import Permission
from comptoir.web.forms.steps import steps_context, steps_posted
from comptoir.web.requests import AgentRequest, permission_required


@require_safe
@permission_required(Permission.ASSIGN)
def macros(request: AgentRequest) -> HttpResponse:
    """All that one has at hand, in order."""
    found = list(macros_for(request.agent))
    shown = [(one, [LABELS.get(step["act"], step["act"]) for step in one.acts]) for one in found]
    return render(request, "macros/list.html", {"shown": shown, "may_share": may_share(request.agent)})


@require_safe
@permission_required(Permission.ASSIGN)
def at_hand(request: AgentRequest) -> JsonResponse:
    """The same for programs of the page: ids and names."""
    found = macros_for(request.agent).values("id", "name")
    return JsonResponse({"macros": list(found)})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.ASSIGN)
def edit(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """One macro, new or not."""
    macro = macros_for(request.agent).filter(pk=pk).first() if pk else None
    if pk and macro is None:
        raise Http404
    if request.method == "POST":
        steps, name, is_shared = (
            steps_posted(request.POST),
            request.POST.get("name", ""),
            bool(request.POST.get("shared")),
        )
        try:
            save_macro(pk, name=name, acts=steps, is_shared=is_shared, by=request.agent)
        except MacroError as error:
            return _form(request, macro, name, is_shared, steps, str(error))
        messages.success(request, _("The macro was kept."))
        return redirect("macros")
    is_shared = macro is not None and macro.owner_id is None
    return _form(request, macro, macro.name if macro else "", is_shared, macro.acts if macro else [])


def _form(
    request: AgentRequest, macro: Macro | None, name: str, is_shared: bool, steps: list[dict[str, Any]], error: str = ""
) -> HttpResponse:
    context = {
        "macro": macro, "name": name, "is_shared": is_shared, "error": error, "may_share": may_share(request.agent),
        "acts": LABELS.items(),
    }  # fmt: skip
    context |= steps_context(steps)
    return render(request, "macros/edit.html", context, status=422 if error else 200)


@require_POST
@permission_required(Permission.ASSIGN)
def move(request: AgentRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    return _changed(request, lambda: move_macro(pk, up=request.POST.get("up") == "yes", by=request.agent))


@require_POST
@permission_required(Permission.ASSIGN)
def delete(request: AgentRequest, pk: int) -> HttpResponse:
    """Forget it."""
    return _changed(request, lambda: delete_macro(pk, by=request.agent))


def _changed(request: AgentRequest, act: Any) -> HttpResponse:
    try:
        act()
    except Macro.DoesNotExist as error:
        raise Http404 from error
    except MacroError as error:
        messages.error(request, str(error))
    return redirect("macros")
