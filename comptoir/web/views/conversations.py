"""One conversation, whole or in parts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from comptoir.conversations.models import Conversation
from comptoir.conversations.seeing import mark_seen
from comptoir.people.permissions import Permission, may
from comptoir.web.presenting import conversation_context, head_context
from comptoir.web.presenting_composer import around_context, composer_context
from comptoir.web.presenting_inbox import InboxChoice, inbox_context
from comptoir.web.queries.exchange import exchange_window
from comptoir.web.queries.inbox import Position
from comptoir.web.queries.person import person_seen
from comptoir.web.requests import AgentRequest, permission_required

readers_only = permission_required(Permission.READ_CONVERSATIONS)


def conversation_seen(request: AgentRequest, pk: int) -> Conversation:
    """A conversation that the agent may read. Raises Http404 for any other, so that ids tell nothing."""
    rows = Conversation.objects.visible_to(request.agent).distinct()
    related = rows.select_related("account__brand", "identity", "contact", "team", "assignee")
    return get_object_or_404(related, pk=pk)


def _note_seen(request: AgentRequest, conversation: Conversation) -> None:
    """Whoever may answer has read it; someone who only looks on leaves no trace at the customer's."""
    if may(request.agent, Permission.ANSWER):
        mark_seen(conversation.pk)


@require_safe
@readers_only
def conversation(request: AgentRequest, pk: int) -> HttpResponse:
    """The conversation in its place: alone where the list is on the page already, else with the list beside it."""
    seen = conversation_seen(request, pk)
    _note_seen(request, seen)
    context = conversation_context(request, seen)
    if request.htmx and not request.htmx.history_restore_request:
        context["choice"] = InboxChoice.beside(request)
        response = render(request, "conversations/_conversation.html", context)
    else:
        context |= inbox_context(request, InboxChoice.beside(request))
        response = render(request, "inbox/inbox.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@readers_only
def exchange(request: AgentRequest, pk: int) -> HttpResponse:
    """A window of the exchange: what is ``before`` a position, or everything ``since`` one."""
    seen = conversation_seen(request, pk)
    _note_seen(request, seen)
    before, since = Position.read(request.GET.get("before", "")), Position.read(request.GET.get("since", ""))
    window = exchange_window(seen, before=before, since=since)
    return render(request, "conversations/_exchange.html", {"conversation": seen, "exchange": window})


@require_safe
@readers_only
def head(request: AgentRequest, pk: int) -> HttpResponse:
    """Who owns it, its state, and what can be done."""
    seen = conversation_seen(request, pk)
    return render(
        request, "conversations/_head.html", head_context(request, seen) | {"choice": InboxChoice.beside(request)}
    )


@require_safe
@readers_only
def person(request: AgentRequest, pk: int) -> HttpResponse:
    """The customer, beside the exchange."""
    seen = conversation_seen(request, pk)
    context = {"conversation": seen, "seen": person_seen(seen, request.agent), "tags": list(seen.tags.all())}
    return render(request, "conversations/_person.html", context)


@require_safe
@readers_only
def composer(request: AgentRequest, pk: int) -> HttpResponse:
    """Where one writes, as it was left."""
    seen = conversation_seen(request, pk)
    return render(request, "conversations/_composer.html", {"conversation": seen} | composer_context(request, seen))


@require_safe
@readers_only
def colleagues_drafts(request: AgentRequest, pk: int) -> HttpResponse:
    """What lies about the composer: who else has begun to write here, what waits to leave, who is asked."""
    seen = conversation_seen(request, pk)
    return render(request, "conversations/_others.html", {"conversation": seen} | around_context(request, seen))
