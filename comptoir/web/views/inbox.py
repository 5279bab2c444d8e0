"""The list: what waits, what is mine, what is done."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from comptoir.people.permissions import Permission
from comptoir.web.presenting import InboxChoice, inbox_context
from comptoir.web.queries.inbox import InboxView, Position, inbox_rows
from comptoir.web.requests import AgentRequest, permission_required


@require_safe
@permission_required(Permission.READ_CONVERSATIONS)
def home(request: AgentRequest) -> HttpResponse:
    """Begin with all there is."""
    return redirect("inbox_view", InboxView.ALL)


@require_safe
@permission_required(Permission.READ_CONVERSATIONS)
def inbox(request: AgentRequest, view: str) -> HttpResponse:
    """One view of the inbox; nothing is open yet."""
    choice = _choice(request, view)
    return render(request, "inbox/inbox.html", inbox_context(request, choice))


@require_safe
@permission_required(Permission.READ_CONVERSATIONS)
def page(request: AgentRequest, view: str) -> HttpResponse:
    """The next rows of a list, or all of its first ones."""
    choice = _choice(request, view)
    context = inbox_context(request, choice, after=Position.read(request.GET.get("after", "")))
    return render(request, "inbox/_rows.html", context)


@require_safe
@permission_required(Permission.READ_CONVERSATIONS)
def rows(request: AgentRequest, view: str) -> HttpResponse:
    """Those of the rows asked for that belong on the list now; a row that is missing from the answer left it."""
    choice = _choice(request, view)
    asked = [int(one) for one in request.GET.get("ids", "").split(",") if one.isdecimal() and len(one) <= 18]
    found = inbox_rows(request.agent, choice.view, choice.sort, asked)
    return render(request, "inbox/_rows.html", {"choice": choice, "rows": found, "after": None})


def _choice(request: AgentRequest, view: str) -> InboxChoice:
    try:
        return InboxChoice.of(request, InboxView(view))
    except ValueError as error:
        raise Http404 from error
