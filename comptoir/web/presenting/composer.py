"""What the composer is given to show."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from comptoir.analysis.writing import writer
from comptoir.channels.connecting import parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import Limits, SendsTemplates
from comptoir.connectors.registry import UnknownKindError
from comptoir.conversations.models import Conversation, Draft, Message, NoteMention
from comptoir.conversations.wishes import refusal_of
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.reasons import Reason
from comptoir.delivery import formats
from comptoir.delivery.actions import last_incoming
from comptoir.delivery.checking import (
    can_answer,
    is_answered_once,
    largest_file,
    limits_in_force,
    writes_privately,
    writes_privately_once,
)
from comptoir.delivery.draft_files import files_beside
from comptoir.desk.snoozing import snooze_ends
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.web.forms.writing import MODES
from comptoir.web.queries.holdings import Holdings, holdings
from comptoir.web.requests import AgentRequest, is_guest
from comptoir.web.wording import channel_in_line, destination_words

#: With this little left, a reply window is counted down in the foreground.
_CLOSES_SOON = timedelta(hours=2)
_MOST_SHOWN = 5


def composer_context(request: AgentRequest, conversation: Conversation, held: Holdings | None = None) -> dict[str, Any]:
    """What may be written here, where it would go, and what was begun; ``held`` where it is known already."""
    held = held or holdings(conversation, request.agent)
    drafts = _drafts(conversation, held)
    draft = next((one for one in drafts if one.agent_id == request.agent.pk), None)
    sends = can_answer(conversation.account)
    modes = _modes(request, conversation, sends=sends)
    had_private_reply = "public" in modes and "private" in modes and _had_private_reply(conversation)
    if had_private_reply:
        modes.remove("private")
    limits = limits_of(conversation.account)
    window = _window(conversation, limits.of("public" if conversation.is_public else "private"))
    refusal = _refusal(conversation)
    likely = "note" if (window["is_closed"] or refusal) and "note" in modes else _usual(conversation, modes)
    chosen = draft.visibility if draft and draft.visibility in modes else likely
    widest = widest_limits(conversation)
    return {
        "draft": draft,
        "choices": "\n".join(draft.choices) if draft else "",
        "key": uuid.uuid4(),
        "modes": [_mode(conversation, mode, limits) for mode in modes],
        "mode": chosen,
        "had_private_reply": had_private_reply,
        "receives_only": not sends,
        "limits": widest,
        "largest_file": largest_file(widest),
        "file_types_words": formats.in_words(widest.file_types),
        "tone_is_shown": tone_is_shown(request.agent),
        "may_rewrite": writer() is not None,
        "refusal": refusal,
        "replaces": sends and limits.one_answer and _is_answered(conversation),
        "seen_up_to": held.newest_message_id or 0,
        "beside": list(files_beside(conversation.pk, request.agent)) if held.has_draft_files else [],
        "ends": _ends(conversation.account),
        **window,
        **_around(request, conversation, held, drafts),
    }


def tone_is_shown(agent: Agent) -> bool:
    """Whether an agent wants hints on the tone of what they write: until they say that they do not."""
    return agent.preferences.get("tone_hints") is not False


def around_context(request: AgentRequest, conversation: Conversation) -> dict[str, Any]:
    """What lies about the composer and changes while one writes: colleagues' drafts, what waits to leave, questions."""
    held = holdings(conversation, request.agent)
    return _around(request, conversation, held, _drafts(conversation, held))


def _drafts(conversation: Conversation, held: Holdings) -> Sequence[Draft]:
    return list(conversation.drafts.select_related("agent", "taken_over_by")) if held.has_drafts else []


def _around(
    request: AgentRequest, conversation: Conversation, held: Holdings, drafts: Sequence[Draft]
) -> dict[str, Any]:
    present = now()
    soon = present + timedelta(seconds=settings.UNDO_SECONDS)
    queued = _queued(conversation, present) if held.has_leaving else []
    due = [(one, one.send_after) for one in queued if one.send_after]
    own = [one for one, at in due if one.agent_id == request.agent.pk and present < at <= soon]
    leaving = own[-1] if own and settings.UNDO_SECONDS else None
    mentions = NoteMention.objects.filter(conversation=conversation, agent=request.agent, done_at=None)
    return {
        "others_drafts": [one for one in drafts if one.agent_id != request.agent.pk and one.taken_over_by_id is None],
        "taken_over": next((one for one in drafts if one.agent_id == request.agent.pk and one.taken_over_by_id), None),
        "leaving": leaving,
        "scheduled": [_scheduled(conversation, one) for one, at in due if at <= present or at > soon],
        "mentions": list(mentions.select_related("note__agent").order_by("at")[:_MOST_SHOWN]) if held.is_asked else [],
    }


def _queued(conversation: Conversation, present: datetime) -> list[Message]:
    """The replies that have not left: those whose time is to come, and any that an account must be connected for."""
    queued = conversation.messages.outgoing().filter(state=Message.State.QUEUED)
    if conversation.account.status == ChannelAccount.Status.ACTIVE:
        queued = queued.filter(send_after__gt=present)
    return list(queued.select_related("agent").order_by("send_after"))


def _scheduled(conversation: Conversation, message: Message) -> dict[str, Any]:
    """A reply that leaves later, whether nothing but the account holds it, and if the customer has written since."""
    last = conversation.last_incoming_at
    return {
        "message": message,
        "is_due": message.send_after is not None and message.send_after <= now(),
        "was_overtaken": last is not None and last > message.created_at,
    }


def _is_answered(conversation: Conversation) -> bool:
    """Whether an answer of ours is there to be replaced."""
    there = (Message.State.SENT, Message.State.DELIVERED, Message.State.READ)
    return conversation.messages.outgoing().filter(state__in=there, deleted_at=None).exists()


def _usual(conversation: Conversation, modes: Sequence[str]) -> str:
    """How one begins to write: what we last said to one person alone does not go on before everybody by itself."""
    first = next(iter(modes), "")
    if first != "public" or not writes_privately(conversation.account):
        return first
    ours = conversation.messages.outgoing().order_by("-id").values_list("visibility", flat=True)
    if ours.first() != Message.Visibility.PRIVATE:
        return first
    return next((mode for mode in ("private", "note") if mode in modes), first)


def _had_private_reply(conversation: Conversation) -> bool:
    """Whether the comment that would be answered has had the only private reply that its network allows."""
    connector = registry.connector_classes().get(conversation.account.kind)
    if connector is None or not writes_privately_once(connector):
        return False
    comment = last_incoming(conversation)
    return comment is not None and comment.is_public and is_answered_once(connector, comment)


def _window(conversation: Conversation, limits: Limits) -> dict[str, Any]:
    """Until when the network lets us answer, and how else the person can be reached."""
    if limits.reply_window is None or conversation.last_incoming_at is None:
        return {"closes_at": None, "is_closed": limits.reply_window is not None}
    closes_at = conversation.last_incoming_at + limits.reply_window
    left = closes_at - now()
    kinds = conversation.contact.identities.exclude(channel=conversation.account.kind).values_list("channel", flat=True)
    return {
        "closes_at": closes_at,
        "has_templates": left <= timedelta(0) and _sends_templates(conversation.account),
        "is_closed": left <= timedelta(0),
        "closes_soon": timedelta(0) < left <= _CLOSES_SOON,
        "other_channels": [channel_in_line(kind) for kind in dict.fromkeys(kinds.order_by("channel"))],
    }


def _refusal(conversation: Conversation) -> Reason | None:
    """Why the customer wants no answer; only networks that know such wishes are looked at."""
    connector = registry.connector_classes().get(conversation.account.kind)
    return refusal_of(connector, conversation) if connector is not None else None


def _sends_templates(account: ChannelAccount) -> bool:
    connector = registry.connector_classes().get(account.kind)
    return connector is not None and issubclass(connector, SendsTemplates)


def _ends(account: ChannelAccount) -> list[tuple[str, str, datetime]]:
    """The instants that are offered by name."""
    names = {"hour": _("In an hour"), "tomorrow": _("Tomorrow morning"), "monday": _("Monday morning")}
    return [(key, names[key], at) for key, at in snooze_ends(account, now()).items()]


def _mode(conversation: Conversation, mode: str, limits: Limits) -> dict[str, Any]:
    """One way to write: its name, where it goes, what the button says, and how long it may be."""
    here = Limits() if mode == "note" else limits.of("public" if mode == "public" else "private")
    buttons = {"public": _("Reply in public"), "private": _("Reply in private"), "note": _("Add the note")}
    return {
        "value": mode,
        "label": str(dict(MODES)[mode]),
        "destination": destination_words(conversation, mode),
        "button": buttons[mode],
        "longest": here.max_text_chars,
        "most_choices": here.max_choices,
        "unit": here.text_unit,
    }


def _modes(request: AgentRequest, conversation: Conversation, *, sends: bool) -> list[str]:
    """The ways to write that the agent's role and the channel allow, the most likely one first."""
    modes: list[str] = []
    if may(request.agent, Permission.ANSWER) and not is_guest(request) and sends:
        modes += ways_to_answer(conversation)
    return [*modes, "note"] if may(request.agent, Permission.WRITE_NOTES) else modes


def ways_to_answer(conversation: Conversation) -> list[str]:
    """In public and in private, as far as the network has both."""
    if not conversation.is_public:
        return ["private"]
    return ["public", "private"] if writes_privately(conversation.account) else ["public"]


def widest_limits(conversation: Conversation) -> Limits:
    """What may be laid beside a draft before one knows where it goes; what is sent is checked for the way it takes."""
    limits = limits_of(conversation.account)
    ways = [limits.of("public" if way == "public" else "private") for way in ways_to_answer(conversation)]
    if len(ways) == 1:
        return ways[0]
    takes_any = any(one.max_files and not one.file_types for one in ways)
    types = () if takes_any else (kind for one in ways for kind in one.file_types)
    return replace(
        limits,
        max_files=max(one.max_files for one in ways),
        max_file_bytes=max(one.max_file_bytes for one in ways),
        file_types=tuple(dict.fromkeys(types)),
        takes_alt_text=any(one.takes_alt_text for one in ways),
        max_choices=max(one.max_choices for one in ways),
        max_choice_chars=max((one.max_choice_chars for one in ways if one.max_choices), default=0),
    )


def limits_of(account: ChannelAccount) -> Limits:
    """What the network allows; nothing in particular where its connector is gone or its credentials are unreadable."""
    try:
        return limits_in_force(parser_for(account))
    except (UnknownKindError, UnreadableSecretError):
        return Limits()
