"""What the pane of the exchange is given to show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.signing import Signer
from django.utils.dateparse import parse_datetime

from comptoir.brands.numbers import number_patterns
from comptoir.connectors import registry
from comptoir.conversations.models import Conversation, Message
from comptoir.delivery.abilities import abilities_of
from comptoir.intake.models import ContextPost
from comptoir.web.exposing import exposed_in
from comptoir.web.queries.exchange import Exchange, Item, exchange_window
from comptoir.web.queries.holdings import Holdings
from comptoir.web.queries.parents import parents_of
from comptoir.web.queries.thread import comments_around, context_post
from comptoir.web.queries.windows import Place
from comptoir.web.requests import AgentRequest

#: What signs a browser's word that it looks at a conversation: config/streaming/presence.py reads it.
PRESENCE_SALT = "comptoir.presence"
#: A message with more than this is folded: about twenty lines.
_MOST_CHARS, _MOST_LINES = 1400, 20


def exchange_context(
    request: AgentRequest,
    conversation: Conversation,
    held: Holdings,
    place: Place | None = None,
    *,
    came_to: datetime | None = None,
) -> dict[str, Any]:
    """A window of the exchange. ``came_to`` is how far the reader had read when they came."""
    window = exchange_window(conversation, place, unread_after=came_to, has_notes=held.has_notes)
    top = context_post(conversation, held)
    _complete(request, conversation, window, top)
    return {
        "conversation": conversation,
        "post": top,
        "exchange": window,
        "came_to": came_to.isoformat() if came_to else "",
    }


def surroundings(request: AgentRequest, conversation: Conversation, held: Holdings) -> dict[str, Any]:
    """The public thread around it, and what the browser says it looks at."""
    word = Signer(salt=PRESENCE_SALT).sign_object([conversation.pk, request.agent.pk, request.agent.name])
    return {
        "comments_around": comments_around(conversation, request.agent, held),
        "presence_word": word,
    }


def came_to(request: AgentRequest) -> datetime | None:
    """Up to when the agent had read it as they came, which the page remembers when it asks for another window."""
    try:
        found = parse_datetime(request.GET.get("came_to", "").replace(" ", "+"))
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _complete(request: AgentRequest, conversation: Conversation, window: Exchange, top: ContextPost | None) -> None:
    """What each message answers, whether it is long, what it gives away, and what may be done with it."""
    messages = [item.message for item in window.items if item.message]
    parents = parents_of(messages, conversation, request.agent, top=top) if conversation.is_public else {}
    able = abilities_of(messages, conversation)
    kind = registry.connector_classes().get(conversation.account.kind)
    keeps_one = kind is not None and kind.limits.one_answer
    patterns = number_patterns(conversation.account.brand) if conversation.is_public else ()
    for item in window.items:
        text = item.message.text if item.message else item.note.text if item.note else ""
        item.is_long = len(text) > _MOST_CHARS or text.count("\n") > _MOST_LINES
        if item.message:
            item.parent = parents.get(item.message.pk)
            item.exposed = exposed_in(item.message, item.analysis, patterns)
            item.able = able[item.message.pk]
            item.is_replaced = keeps_one and _is_replaced(item)


def _is_replaced(item: Item) -> bool:
    """An answer under a review that nobody deleted made way for a later one."""
    message = item.message
    if message is None or message.deleted_at is None or message.direction != Message.Direction.OUTGOING:
        return False
    return item.moderation is None and bool(message.text)
