"""What a public message answers, where that is not simply what stands above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.readable import readable_messages
from comptoir.intake.models import ContextPost
from comptoir.people.models import Agent

_EXCERPT_CHARS = 90


@dataclass(frozen=True, slots=True)
class Parent:
    """Somebody's words that a message answers; ``message_id`` and ``conversation_id`` where they are a message here."""

    who: str
    words: str
    message_id: int | None = None
    conversation_id: int | None = None
    url: str = ""


def parents_of(
    messages: Sequence[Message], conversation: Conversation, agent: Agent, *, top: ContextPost | None
) -> dict[int, Parent]:
    """By the id of the message that answers; what the agent may not read, and the post on top, are left out.

    What answers the message right before it needs no word about it.
    """
    wanted: dict[int, str] = {}
    former = top.external_id if top else ""
    for message in messages:
        if message.parent_external_id not in ("", former, top.external_id if top else ""):
            wanted[message.pk] = message.parent_external_id
        former = message.external_id or ""
    if not wanted:
        return {}
    known = _messages(set(wanted.values()), conversation, agent)
    known = _posts(set(wanted.values()) - known.keys(), conversation) | known
    return {pk: known[external_id] for pk, external_id in wanted.items() if external_id in known}


def _messages(names: set[str], conversation: Conversation, agent: Agent) -> dict[str, Parent]:
    rows = Message.objects.filter(account=conversation.account_id, external_id__in=names, deleted_at=None)
    found = list(rows.select_related("identity", "agent").defer("html", "quoted", "custom"))
    others = [one for one in found if one.conversation_id != conversation.pk]
    seen = {one.pk for one in readable_messages(others, agent)}
    return {
        one.external_id or "": Parent(
            who_wrote(one, conversation), one.text[:_EXCERPT_CHARS], one.pk, one.conversation_id
        )
        for one in found
        if one.conversation_id == conversation.pk or one.pk in seen
    }


def _posts(names: set[str], conversation: Conversation) -> dict[str, Parent]:
    rows = ContextPost.objects.filter(account=conversation.account_id, external_id__in=names)
    return {
        one.external_id: Parent(post_author(one, conversation), one.text[:_EXCERPT_CHARS], url=one.url) for one in rows
    }


def who_wrote(message: Message, conversation: Conversation) -> str:
    """The customer's name, the colleague's, or the account's."""
    if message.identity is not None and message.direction == Message.Direction.INCOMING:
        return str(message.identity)
    return message.agent.name if message.agent else conversation.account.name


def post_author(post: ContextPost, conversation: Conversation) -> str:
    """Who published a post that is nobody's message to us."""
    named = str(post.author.get("name") or post.author.get("handle") or "")
    return named or (conversation.account.name if post.is_ours else "…")
