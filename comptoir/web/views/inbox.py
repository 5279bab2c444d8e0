"""The list: what waits, what is mine, what is done; and what narrows it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from comptoir.analysis.models import Intent, Sentiment
from comptoir.conversations.models import Conversation
from comptoir.people.permissions import Permission, may
from comptoir.web.presenting.inbox import InboxChoice, inbox_context, rows_context, view_entries
from comptoir.web.queries.inbox import Position, StandingView, inbox_rows
from comptoir.web.queries.inbox.choices import filter_choices
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.wording_filters import (
    OWNER_LABELS,
    PRIORITY_AT_LEAST,
    PROMISE_LABELS,
    VISIBILITY_LABELS,
    WAITING_LABELS,
)
from comptoir.web.wording_readings import ANSWER_LABELS, URGENCY_AT_LEAST

readers_only = permission_required(Permission.READ_CONVERSATIONS)


@require_safe
@readers_only
def home(request: AgentRequest) -> HttpResponse:
    """Begin with all there is."""
    return redirect("inbox_view", StandingView.ALL)


@require_safe
@readers_only
def inbox(request: AgentRequest, view: str) -> HttpResponse:
    """One view of the inbox; nothing is open yet."""
    return render(request, "inbox/inbox.html", inbox_context(request, chosen(request, view)))


@require_safe
@readers_only
def page(request: AgentRequest, view: str) -> HttpResponse:
    """The next rows of a list, or all of its first ones."""
    after = Position.read(request.GET.get("after", ""))
    return render(request, "inbox/_rows.html", rows_context(request, chosen(request, view), after=after))


@require_safe
@readers_only
def rows(request: AgentRequest, view: str) -> HttpResponse:
    """Those of the rows asked for that belong on the list now; a row that is missing from the answer left it."""
    choice = chosen(request, view)
    asked = [int(one) for one in request.GET.get("ids", "").split(",") if one.isdecimal() and len(one) <= 18]
    found = inbox_rows(request.agent, choice.listing, asked)
    return render(request, "inbox/_rows.html", {"choice": choice, "rows": found, "after": None})


@require_safe
@readers_only
def view_counts(request: AgentRequest) -> JsonResponse:
    """How much there is of each view, by its name: asked again when something has happened; of the saved ones
    (``saved``) while their menu is open.
    """
    entries = view_entries(request.agent, has_saved_counts="saved" in request.GET)
    counted = {entry.name: str(entry.count) for entry in entries if entry.count is not None}
    return JsonResponse(counted)


@require_safe
@readers_only
def filters(request: AgentRequest, view: str) -> HttpResponse:
    """What the list can be narrowed by: in the list's head, or a page of its own."""
    choice = chosen(request, view)
    context = {
        "choice": choice,
        "choices": filter_choices(request.agent),
        "owners": OWNER_LABELS,
        "waits": WAITING_LABELS,
        "promises": PROMISE_LABELS,
        "priorities": PRIORITY_AT_LEAST,
        "visibilities": VISIBILITY_LABELS,
        "statuses": Conversation.Status.choices,
        "sentiments": Sentiment.choices,
        "intents": Intent.choices,
        "urgencies": URGENCY_AT_LEAST,
        "answers": ANSWER_LABELS,
        "may_share": may(request.agent, Permission.SHARE_VIEWS),
    }
    return render(request, "inbox/_filters.html" if request.htmx else "inbox/filters.html", context)


def chosen(request: AgentRequest, view: str) -> InboxChoice:
    """The list that an address names. Raises Http404."""
    try:
        return InboxChoice.of(request, StandingView(view))
    except ValueError as error:
        raise Http404 from error
