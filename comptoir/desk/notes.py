"""Notes: what colleagues tell one another in a conversation, and whom they address."""

from __future__ import annotations

import uuid

from django.db import transaction

from comptoir.conversations.models import Conversation, Note, NoteMention
from comptoir.core.clock import now
from comptoir.delivery.actions import acting
from comptoir.desk.colleagues import addressed_in
from comptoir.desk.errors import EmptyTextError
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent


@transaction.atomic
def add_note(
    conversation_id: int, *, text: str, by: Agent | None, actor: Actor | None = None, key: uuid.UUID | None = None
) -> Note:
    """Leave an internal remark, also on a resolved conversation. Raises EmptyTextError.

    Colleagues whom it names by @ find it among what is addressed to them; whoever was addressed here has answered. With
    ``key``, leaving the same remark again returns the one that was left; other words are a remark of their own.
    """
    words = text.replace("\x00", "").strip()
    if not words:
        raise EmptyTextError
    conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
    earlier = Note.objects.filter(key=key).first() if key else None
    if earlier and (earlier.conversation_id, earlier.agent, earlier.text) == (conversation.pk, by, words):
        return earlier
    if by is not None:
        answer_mentions(conversation.pk, agent=by)
    note = Note.objects.create(conversation=conversation, agent=by, text=words, key=None if earlier else key)
    addressed = [agent for agent in addressed_in(words, conversation) if agent != by]
    NoteMention.objects.bulk_create(
        NoteMention(note=note, conversation=conversation, agent=agent) for agent in addressed
    )
    record("note.added", subject=note, by=acting(by, actor), mentioned=[agent.pk for agent in addressed])
    return note


def answer_mentions(conversation_id: int, *, agent: Agent) -> int:
    """What was addressed to ``agent`` here is answered: they have written. Return how many were open."""
    still_open = NoteMention.objects.filter(conversation=conversation_id, agent=agent, done_at=None)
    return still_open.update(done_at=now())


@transaction.atomic
def put_mention_aside(mention_id: int, *, by: Agent) -> NoteMention:
    """The one who was addressed has nothing to add. Raises NoteMention.DoesNotExist for anybody else."""
    mention = NoteMention.objects.select_for_update().get(pk=mention_id, agent=by)
    if mention.done_at is None:
        mention.done_at = now()
        mention.save(update_fields=["done_at"])
        record("mention.put_aside", subject=mention, by=acting(by))
    return mention
