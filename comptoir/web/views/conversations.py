"""One conversation, whole or in parts."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from comptoir.conversations.models import Conversation
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.conversations.reach import looked_on_by
from comptoir.conversations.reading import mark_read
from comptoir.conversations.seeing import mark_seen
from comptoir.notifications.hearing import mark_notifications_seen
from comptoir.people.permissions import Permission, may
from comptoir.sla.queries import CALENDARS_OF_ACCOUNT
from comptoir.web.presenting.composer import around_context, composer_context
from comptoir.web.presenting.conversations import conversation_context
from comptoir.web.presenting.exchange import came_to, exchange_context
from comptoir.web.presenting.head import head_context, macros_context, receivers_context
from comptoir.web.presenting.inbox import InboxChoice, inbox_context
from comptoir.web.presenting.person import person_context
from comptoir.web.presenting.promises import promises_explained
from comptoir.web.queries.holdings import Holdings, holdings
from comptoir.web.queries.inbox import Position
from comptoir.web.queries.thread import thread_page
from comptoir.web.queries.windows import Place, position_of
from comptoir.web.requests import AgentRequest, is_guest, permission_required

readers_only = permission_required(Permission.READ_CONVERSATIONS)


def conversation_seen(request: AgentRequest, pk: int) -> Conversation:
    """A conversation that is the agent's to act on. Raises Http404 for any other, so that ids tell nothing."""
    return get_object_or_404(_whole(Conversation.objects.visible_to(request.agent)), pk=pk)


def conversation_read(request: AgentRequest, pk: int) -> Conversation:
    """A conversation that the agent may read; where only because something is asked of them, or because they handed it
    over, they are its guest, who is shown no act but theirs. Raises Http404 for any other.
    """
    seen = _whole(Conversation.objects.visible_to(request.agent)).filter(pk=pk).first()
    if seen is not None:
        return seen
    request.is_guest = True
    return get_object_or_404(_whole(looked_on_by(request.agent)), pk=pk)


def head_of_asked() -> str:
    """Where one goes on with what else is asked of them."""
    return f"{resolve_url('asked')}#asked-title"


def head_of(pk: int) -> str:
    """Where one goes on in a conversation after an act: at the head of what became of it, not at the top of a page."""
    return f"{resolve_url('conversation', pk)}#conversation-title"


def led_to(pk: int) -> HttpResponse:
    """After an act that has a page of its own."""
    return redirect(head_of(pk))


def _whole(conversations: ConversationQuerySet) -> ConversationQuerySet:
    calendars = (f"account__{calendar}" for calendar in CALENDARS_OF_ACCOUNT)
    return conversations.select_related("account__brand", "identity", "contact", "team", "assignee", *calendars)


def _note_seen(request: AgentRequest, conversation: Conversation, held: Holdings) -> None:
    """The agent has read it. Only who may answer is told of at the customer's: whoever looks on leaves no trace."""
    if held.has_unseen and may(request.agent, Permission.ANSWER) and not is_guest(request):
        mark_seen(conversation.pk)
    if held.read_up_to is None or held.read_up_to < conversation.last_message_at:
        mark_read(conversation.pk, agent=request.agent, up_to=conversation.last_message_at)
    if held.is_heard_of:
        mark_notifications_seen(request.agent, conversation_id=conversation.pk)


@require_safe
@readers_only
def conversation(request: AgentRequest, pk: int) -> HttpResponse:
    """The conversation in its place: alone where the list is on the page already, else with the list beside it.

    A page that asks ahead of its agent says so (``Comptoir-Ahead``), and tells of it once it is looked at: `note_seen`.
    """
    seen = conversation_read(request, pk)
    held = holdings(seen, request.agent)
    if "Comptoir-Ahead" not in request.headers:
        _note_seen(request, seen, held)
    is_alone = bool(request.htmx and not request.htmx.history_restore_request)
    context = conversation_context(request, seen, held, has_person=is_alone)
    if is_alone:
        context["choice"] = InboxChoice.beside(request)
        response = render(request, "conversations/_conversation.html", context)
    else:
        context |= inbox_context(request, InboxChoice.beside(request))
        response = render(request, "inbox/inbox.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@readers_only
def note_seen(request: AgentRequest, pk: int) -> HttpResponse:
    """What was asked for ahead is looked at now."""
    seen = conversation_read(request, pk)
    _note_seen(request, seen, holdings(seen, request.agent))
    return HttpResponse(status=204)


@require_safe
@readers_only
def exchange(request: AgentRequest, pk: int) -> HttpResponse:
    """A window of the exchange. A page that nobody looks at says so (``unseen``): nothing counts as read then."""
    seen = conversation_read(request, pk)
    place = Place.asked(request.GET) if "around" not in request.GET else Place(around=_named(request, seen))
    held = holdings(seen, request.agent)
    if place.since and "unseen" not in request.GET:
        _note_seen(request, seen, held)
    context = exchange_context(request, seen, held, place, came_to=None if place.since else came_to(request))
    return render(request, "conversations/_exchange.html", context)


def _named(request: AgentRequest, conversation: Conversation) -> Position:
    """Where the message or note of an address like ``#message-7`` stands. Raises Http404."""
    position = position_of(conversation, request.GET["around"])
    if position is None:
        raise Http404
    return position


@require_safe
@readers_only
def thread(request: AgentRequest, pk: int) -> HttpResponse:
    """What other people said under the same post, a page at a time."""
    seen = conversation_read(request, pk)
    page = thread_page(seen, request.agent, after=Position.read(request.GET.get("after", "")))
    return render(request, "conversations/_thread.html", {"conversation": seen, "page": page})


@require_safe
@readers_only
def head(request: AgentRequest, pk: int) -> HttpResponse:
    """Who owns it, its state, and what can be done."""
    seen = conversation_read(request, pk)
    context = head_context(request, seen, holdings(seen, request.agent)) | {"choice": InboxChoice.beside(request)}
    return render(request, "conversations/_head.html", context)


@require_safe
@permission_required(Permission.ASSIGN)
def receivers(request: AgentRequest, pk: int) -> HttpResponse:
    """Whom it can be given to, once that menu is opened."""
    return render(request, "conversations/_receivers.html", receivers_context(conversation_seen(request, pk)))


@require_safe
@permission_required(Permission.ASSIGN)
def macros_offered(request: AgentRequest, pk: int) -> HttpResponse:
    """The macros that can be run on it, once that menu is opened."""
    context = macros_context(request, conversation_seen(request, pk))
    return render(request, "conversations/_macros_offered.html", context)


@require_safe
@readers_only
def person(request: AgentRequest, pk: int) -> HttpResponse:
    """The customer, beside the exchange."""
    seen = conversation_read(request, pk)
    context = person_context(request, seen, holdings(seen, request.agent))
    return render(request, "conversations/_person.html", context)


@require_safe
@readers_only
def composer(request: AgentRequest, pk: int) -> HttpResponse:
    """Where one writes, as it was left."""
    seen = conversation_read(request, pk)
    return render(request, "conversations/_composer.html", {"conversation": seen} | composer_context(request, seen))


@require_safe
@readers_only
def colleagues_drafts(request: AgentRequest, pk: int) -> HttpResponse:
    """What lies about the composer: who else has begun to write here, what waits to leave, who is asked."""
    seen = conversation_read(request, pk)
    return render(request, "conversations/_others.html", {"conversation": seen} | around_context(request, seen))


@require_safe
@readers_only
def why_due(request: AgentRequest, pk: int) -> HttpResponse:
    """What was promised, and how each due time came about."""
    promises = promises_explained(conversation_read(request, pk))
    return render(request, "conversations/_why_due.html", {"promises": promises})
