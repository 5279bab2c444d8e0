"""What an open conversation is given to show; the list beside it: `presenting_inbox`."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Limits, SendsMessages
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.conversations.models import Conversation, Draft, Message
from comptoir.core.clock import now
from comptoir.people.permissions import Permission, may
from comptoir.web.forms import ReplyForm
from comptoir.web.queries.exchange import context_post, exchange_window
from comptoir.web.queries.person import others_drafts, person_seen, teams_to_choose, who_may_answer
from comptoir.web.requests import AgentRequest
from comptoir.web.wording import destination_words


def conversation_context(request: AgentRequest, conversation: Conversation) -> dict[str, Any]:
    """All that an open conversation shows."""
    return {
        "conversation": conversation,
        "exchange": exchange_window(conversation),
        "post": context_post(conversation),
        "seen": person_seen(conversation, request.agent),
        **head_context(request, conversation),
        **composer_context(request, conversation),
    }


def head_context(request: AgentRequest, conversation: Conversation) -> dict[str, Any]:
    """Who owns it and whom it can be given to."""
    may_assign = may(request.agent, Permission.ASSIGN)
    return {
        "conversation": conversation,
        "colleagues": list(who_may_answer(conversation)) if may_assign else [],
        "teams": list(teams_to_choose()) if may_assign else [],
        "tags": list(conversation.tags.all()),
    }


def composer_context(request: AgentRequest, conversation: Conversation) -> dict[str, Any]:
    """What may be written here, where it would go, and what was begun."""
    draft = Draft.objects.filter(conversation=conversation, agent=request.agent).first()
    modes = _modes(request, conversation)
    chosen = draft.visibility if draft and draft.visibility in modes else next(iter(modes), "")
    limits = limits_of(conversation.account)
    closes_at = (
        conversation.last_incoming_at + limits.reply_window
        if limits.reply_window and conversation.last_incoming_at
        else None
    )
    return {
        "draft": draft,
        "key": uuid.uuid4(),
        "modes": [_mode(conversation, mode) for mode in modes],
        "mode": chosen,
        "limits": limits,
        "closes_at": closes_at,
        "others_drafts": list(others_drafts(conversation, request.agent)),
        "leaving": _leaving(request, conversation),
    }


def _mode(conversation: Conversation, mode: str) -> dict[str, str]:
    """One way to write: its name, where it goes, and what the button says."""
    buttons = {"public": _("Reply in public"), "private": _("Reply in private"), "note": _("Add the note")}
    return {
        "value": mode,
        "label": str(dict(ReplyForm.MODES)[mode]),
        "destination": destination_words(conversation, mode),
        "button": buttons[mode],
    }


def _modes(request: AgentRequest, conversation: Conversation) -> list[str]:
    """The ways to write that the agent's role and the channel allow, the most likely one first."""
    modes: list[str] = []
    if may(request.agent, Permission.ANSWER) and can_answer(conversation.account):
        modes += ["public", "private"] if conversation.is_public else ["private"]
    return [*modes, "note"] if may(request.agent, Permission.WRITE_NOTES) else modes


def _leaving(request: AgentRequest, conversation: Conversation) -> Message | None:
    """A reply of the agent's own that can still be taken back."""
    if not settings.UNDO_SECONDS:
        return None
    own = conversation.messages.filter(agent=request.agent, state=Message.State.QUEUED, send_after__gt=now())
    return own.order_by("-send_after").first()


def can_answer(account: ChannelAccount) -> bool:
    """Whether the account's connector can send at all."""
    try:
        return issubclass(connector_class(account.kind), SendsMessages)
    except UnknownKindError:
        return False


def limits_of(account: ChannelAccount) -> Limits:
    """What the network allows; nothing in particular where its connector is gone."""
    try:
        return connector_class(account.kind).limits
    except UnknownKindError:
        return Limits()
