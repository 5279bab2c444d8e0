"""The search: what was typed, what was found."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from comptoir.people.permissions import Permission
from comptoir.web.queries.search.finding import found
from comptoir.web.queries.search.patience import SearchTakesTooLongError
from comptoir.web.queries.search.reading import LONGEST_QUESTION_CHARS, read_question
from comptoir.web.requests import AgentRequest, permission_required


@require_safe
@permission_required(Permission.READ_CONVERSATIONS)
def search(request: AgentRequest) -> HttpResponse:
    """The screen; for htmx only what was found, or the next page of it."""
    typed = request.GET.get("q", "").strip()[:LONGEST_QUESTION_CHARS]
    best_first, after = request.GET.get("order") == "best", request.GET.get("after", "")
    context = {"typed": typed, "best_first": best_first, "longest": LONGEST_QUESTION_CHARS}
    try:
        context["answer"] = found(request.agent, typed, best_first=best_first, after=after)
    except SearchTakesTooLongError:
        context |= {"asked": read_question(typed), "takes_too_long": True}
    if request.htmx and not request.htmx.history_restore_request:
        template = "search/_findings.html" if after else "search/_found.html"
    else:
        template = "search/search.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
