"""What agents have begun to write: kept as they type, until it is sent or wiped out by them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from comptoir.conversations.models import Conversation, Draft, Message, Note
from comptoir.core.clock import now
from comptoir.delivery.actions import acting
from comptoir.delivery.checking import clean_choices
from comptoir.delivery.draft_files import copy_files
from comptoir.delivery.signalling import show_typing
from comptoir.events.record import record
from comptoir.people.models import Agent

#: Longer than any network takes; what is beyond is the beginning of an attack, not of an answer.
MAX_DRAFT_CHARS = 100_000
_FROM_THE_FEWEST_READERS = ("note", Message.Visibility.PRIVATE, Message.Visibility.PUBLIC)
MAX_DRAFT_CHOICES, MAX_DRAFT_CHOICE_CHARS = 50, 250


def lock_for_writing(conversation_id: int) -> Conversation:
    """Whoever sends holds this row until the draft is gone: a late keeping waits here, then sees that it was sent."""
    return Conversation.objects.select_for_update(of=("self",), no_key=True).get(pk=conversation_id)


@transaction.atomic
def save_draft(
    conversation_id: int,
    *,
    agent: Agent,
    text: str,
    visibility: str,
    choices: Sequence[str] = (),
    key: uuid.UUID | None = None,
    sequence: int = 0,
) -> Draft | None:
    """Keep what ``agent`` has written so far; an emptied draft is forgotten and None returned.

    ``key`` is the form it is written in, ``sequence`` grows with each keeping there: one that comes late, after a newer
    one or after what was written has been sent, changes nothing. Drafts are not events: they change with every pause in
    typing, and nobody's record should.
    """
    conversation = lock_for_writing(conversation_id)
    stored = Draft.objects.filter(conversation_id=conversation_id, agent=agent).first()
    if key is not None and (_was_taken(key) or (stored and stored.key == key and stored.sequence > sequence)):
        return stored
    kept = text.replace("\x00", "")[:MAX_DRAFT_CHARS]
    offered = clean_choices(choices)[:MAX_DRAFT_CHOICES]
    if not kept.strip() and not offered:
        discard_draft(conversation_id, agent=agent)
        return None
    draft, _made = Draft.objects.update_or_create(
        conversation_id=conversation_id,
        agent=agent,
        defaults={
            "text": kept,
            "choices": [choice[:MAX_DRAFT_CHOICE_CHARS] for choice in offered],
            "visibility": visibility,
            "key": key,
            "sequence": sequence,
            "taken_over_by": None,
            "taken_over_at": None,
        },
    )
    if visibility == Message.Visibility.PRIVATE:
        show_typing(conversation, before=stored.updated_at if stored else None)
    return draft


@transaction.atomic
def put_before_draft(conversation_id: int, *, agent: Agent, text: str, visibility: str) -> Draft | None:
    """Put ready words before what ``agent`` has begun to write, a blank line between; where nothing is begun, one goes
    on below them, or behind them where they end with a space.

    What was begun for fewer readers stays with those: who else reads it is the agent's to say.
    """
    lock_for_writing(conversation_id)
    begun = Draft.objects.filter(conversation_id=conversation_id, agent=agent).first()
    if begun is None or not begun.text.strip():
        whole = text if text.endswith(" ") else f"{text}\n\n"
        return save_draft(conversation_id, agent=agent, text=whole, visibility=visibility)
    return save_draft(
        conversation_id, agent=agent, text=f"{text.rstrip()}\n\n{begun.text.lstrip()}", choices=begun.choices,
        visibility=min(visibility, begun.visibility, key=_FROM_THE_FEWEST_READERS.index),
    )  # fmt: skip


def _was_taken(key: uuid.UUID) -> bool:
    """Whether what was written in this form has become a reply or a note."""
    return Message.objects.filter(key=key).exists() or Note.objects.filter(key=key).exists()


def discard_draft(conversation_id: int, *, agent: Agent) -> None:
    """Forget the agent's draft in one conversation."""
    Draft.objects.filter(conversation_id=conversation_id, agent=agent).delete()


@transaction.atomic
def take_over_draft(draft_id: int, *, by: Agent) -> Draft:
    """Go on with what a colleague has begun: it comes after what ``by`` has written here, with its files.

    The colleague keeps their words, and is told. Raises Draft.DoesNotExist once it is gone.
    """
    conversation_id = Draft.objects.exclude(agent=by).values_list("conversation_id", flat=True).get(pk=draft_id)
    lock_for_writing(conversation_id)
    theirs = Draft.objects.select_related("agent").get(pk=draft_id, taken_over_by=None)
    mine, is_new = Draft.objects.get_or_create(
        conversation_id=conversation_id,
        agent=by,
        defaults={"text": theirs.text, "visibility": theirs.visibility, "choices": theirs.choices},
    )
    if not is_new:
        mine.text = f"{mine.text}\n\n{theirs.text}" if mine.text.strip() else theirs.text
        mine.visibility = theirs.visibility if mine.visibility == "public" else mine.visibility
        mine.choices = mine.choices or theirs.choices
        mine.taken_over_by, mine.taken_over_at = None, None
        mine.save()
    copy_files(conversation_id, of=theirs.agent, to=by)
    theirs.taken_over_by, theirs.taken_over_at = by, now()
    theirs.save(update_fields=["taken_over_by", "taken_over_at"])
    record("draft.taken_over", subject=theirs, by=acting(by), former=theirs.agent)
    return mine
