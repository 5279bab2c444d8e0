"""What staff do to a conversation. Each act locks the row, changes it, and records one event.

``by`` is the agent who acts. ``actor`` names whoever acts otherwise: a token of the API, a macro, the system. An act
that would change nothing records nothing, so that doing it twice does no harm.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from comptoir.conversations.models import Conversation, Priority, Tag
from comptoir.core.clock import now
from comptoir.delivery.actions import acting
from comptoir.desk.errors import (
    ConversationOpenError,
    EmptyTextError,
    MergedAwayError,
    NotAssignableError,
    ReplacedConversationError,
)
from comptoir.desk.hand_offs import withdraw_open_hand_off
from comptoir.desk.holding import locked, locked_live
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission, may
from comptoir.routing.escalating import set_priority
from comptoir.sla.actions import abandon_clocks, stop_resolution
from comptoir.sla.recomputing import OTHER_TEAM, recompute_clocks, reopen_clocks, settle_pauses

MAX_TAG_CHARS = 40


@transaction.atomic
def assign_conversation(
    conversation_id: int, *, to: Agent | None, by: Agent | None, actor: Actor | None = None, reason: str = ""
) -> Conversation:
    """Give the conversation to one agent, or to nobody.

    Raises ConversationResolvedError, and NotAssignableError for someone who is not here or may not answer.
    """
    conversation = locked_live(conversation_id)
    if to is not None and not may(to, Permission.ANSWER):
        raise NotAssignableError(to.name)
    former = conversation.assignee_id
    if former == (to.pk if to else None):
        return conversation
    conversation.assignee = to
    conversation.save(update_fields=["assignee"])
    record("conversation.assigned", subject=conversation, by=acting(by, actor), reason=reason, to=to, former=former)
    return conversation


@transaction.atomic
def prioritize_conversation(
    conversation_id: int, *, priority: Priority, by: Agent | None, actor: Actor | None = None
) -> Conversation:
    """Have it come sooner or later in the queue, whatever the rules found. Raises ConversationResolvedError."""
    conversation = locked_live(conversation_id)
    set_priority(conversation, priority, by=acting(by, actor))
    return conversation


@transaction.atomic
def change_team(
    conversation_id: int, *, to: Team, by: Agent | None, actor: Actor | None = None, reason: str = ""
) -> Conversation:
    """Give the conversation to another team; an assignee who is not of that team keeps it no longer.

    Raises ConversationResolvedError.
    """
    conversation = locked_live(conversation_id)
    former = conversation.team_id
    if former == to.pk:
        return conversation
    withdraw_open_hand_off(conversation, by=by, actor=actor)
    former_assignee = conversation.assignee_id
    conversation.team = to
    if former_assignee is not None and not to.agents.filter(pk=former_assignee).exists():
        conversation.assignee = None
    conversation.save(update_fields=["team", "assignee"])
    recompute_clocks([conversation.pk], because=OTHER_TEAM)
    record(
        "conversation.team_changed",
        subject=conversation,
        by=acting(by, actor),
        reason=reason,
        to=to,
        former=former,
        former_assignee=former_assignee,
    )
    return conversation


@transaction.atomic
def resolve_conversation(conversation_id: int, *, by: Agent | None, actor: Actor | None = None) -> Conversation:
    """Close the exchange: replies that were promised are owed no more. Raises ConversationResolvedError."""
    conversation = locked_live(conversation_id)
    conversation.resolve(now())
    conversation.save(update_fields=["status", "resolved_at", "snoozed_until", "waiting_since"])
    abandon_clocks(conversation.pk)
    stop_resolution(conversation.pk)
    withdraw_open_hand_off(conversation, by=by, actor=actor)
    record("conversation.resolved", subject=conversation, by=acting(by, actor))
    return conversation


@transaction.atomic
def reopen_conversation(
    conversation_id: int, *, by: Agent | None, actor: Actor | None = None, is_way_back: bool = False
) -> Conversation:
    """Open it again, whether it was resolved, put away or pending; ``is_way_back`` where a slip is taken back: the
    figures count no reopening.

    Raises ConversationOpenError, MergedAwayError, and ReplacedConversationError when a newer one of the same person and
    thread is live.
    """
    conversation = locked(conversation_id)
    if conversation.merged_into_id:
        raise MergedAwayError
    if conversation.status == Conversation.Status.OPEN:
        raise ConversationOpenError
    was = conversation.status
    conversation.reopen()
    try:
        with transaction.atomic():
            conversation.save(update_fields=["status", "resolved_at", "snoozed_until"])
    except IntegrityError as error:
        raise ReplacedConversationError from error
    reopen_clocks({conversation.pk: now()})
    undone: dict[str, Any] = {"undone": True} if is_way_back else {}
    record("conversation.reopened", subject=conversation, by=acting(by, actor), was=was, **undone)
    return conversation


@transaction.atomic
def hold_conversation(conversation_id: int, *, by: Agent | None, actor: Actor | None = None) -> Conversation:
    """Pending: the next step is somebody else's, outside. Raises ConversationResolvedError."""
    conversation = locked_live(conversation_id)
    if conversation.status == Conversation.Status.PENDING:
        return conversation
    conversation.status, conversation.snoozed_until = Conversation.Status.PENDING, None
    conversation.save(update_fields=["status", "snoozed_until"])
    settle_pauses({conversation.pk: now()})
    record("conversation.held", subject=conversation, by=acting(by, actor))
    return conversation


def _tag_word(name: str) -> str:
    """A tag as it is stored, however it was written."""
    return " ".join(name.replace("\x00", "").split()).lower()[:MAX_TAG_CHARS].strip()


@transaction.atomic
def tag_conversation(conversation_id: int, *, name: str, by: Agent | None, actor: Actor | None = None) -> Tag:
    """Put a word on the conversation, making it where it is new. Raises EmptyTextError."""
    word = _tag_word(name)
    if not word:
        raise EmptyTextError
    conversation = locked(conversation_id)
    tag, _made = Tag.objects.get_or_create(name=word)
    if not conversation.tags.filter(pk=tag.pk).exists():
        conversation.tags.add(tag)
        record("conversation.tagged", subject=conversation, by=acting(by, actor), tag=tag.name)
    return tag


@transaction.atomic
def untag_conversation(conversation_id: int, *, name: str, by: Agent | None, actor: Actor | None = None) -> None:
    """Take a word off the conversation; one that is not there is no error."""
    conversation = locked(conversation_id)
    tag = conversation.tags.filter(name=_tag_word(name)).first()
    if tag is not None:
        conversation.tags.remove(tag)
        record("conversation.untagged", subject=conversation, by=acting(by, actor), tag=tag.name)
