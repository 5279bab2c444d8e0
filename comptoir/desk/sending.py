"""Sending what an agent has written, and what goes with it in the same breath: resolving, putting away, undoing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from comptoir.connectors.base import OutgoingFile, Visibility
from comptoir.conversations.models import Conversation, DraftFile, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import check_departure, queue_reply, take_back
from comptoir.delivery.draft_files import mark_left, read_beside
from comptoir.desk.actions import reopen_conversation, resolve_conversation
from comptoir.desk.drafts import discard_draft, lock_for_writing
from comptoir.desk.errors import DeskError
from comptoir.desk.notes import answer_mentions
from comptoir.desk.snoozing import snooze_conversation
from comptoir.desk.taking import TOOK, leave_again, take_by_answering
from comptoir.events.record import Actor
from comptoir.people.models import Agent
from comptoir.sla.actions import start_clocks
from comptoir.sla.recomputing import settle_pauses

_KEPT = "then"


@dataclass(frozen=True, slots=True)
class Then:
    """What becomes of the conversation once the reply is queued."""

    act: Literal["resolve", "snooze"]
    until: datetime | None = None


@transaction.atomic
def send_reply(
    conversation_id: int,
    *,
    by: Agent,
    text: str,
    visibility: Visibility,
    beside: Sequence[DraftFile] = (),
    files: Sequence[UploadedFile[bytes] | OutgoingFile] = (),
    personal_data_confirmed: bool = False,
    send_after: datetime | None = None,
    key: uuid.UUID | None = None,
    seen_up_to: int | None = None,
    then: Then | None = None,
    choices: Sequence[str] = (),
) -> Message:
    """Queue the reply with the files that lie ``beside`` its draft, do what comes ``then``, and forget the draft.

    All of it or nothing. Asking again with the same ``key`` does nothing more. Raises ReplyRefusedError, DeskError.
    """
    lock_for_writing(conversation_id)
    is_repeated = key is not None and Message.objects.filter(key=key).exists()
    if not is_repeated:
        check_departure(send_after)
    message = queue_reply(
        conversation_id,
        by=by,
        text=text,
        visibility=visibility,
        files=[*read_beside(beside), *files],
        personal_data_confirmed=personal_data_confirmed,
        send_after=send_after,
        key=key,
        seen_up_to=seen_up_to,
        choices=choices,
    )
    if not is_repeated:
        mark_left(beside, message)
        answer_mentions(conversation_id, agent=by)
        take_by_answering(message, by=by)
        _follow(message, then, by)
    discard_draft(conversation_id, agent=by)
    return message


def _follow(message: Message, then: Then | None, by: Agent) -> None:
    """Do it, and write down how things stood, for the one who takes the reply back."""
    conversation = Conversation.objects.get(pk=message.conversation_id)
    if then is None or conversation.status == Conversation.Status.RESOLVED:
        return
    message.custom[_KEPT] = _standing(conversation) | {"act": then.act}
    message.save(update_fields=["custom"])
    if then.act == "resolve":
        resolve_conversation(conversation.pk, by=by)
    else:
        snooze_conversation(conversation.pk, until=then.until, by=by)


def _standing(conversation: Conversation) -> dict[str, Any]:
    waiting = conversation.waiting_since
    return {
        "status": conversation.status,
        "waiting_since": waiting.isoformat() if waiting else None,
        "is_promised": conversation.clocks.filter(stopped_at=None).exists(),
    }


@transaction.atomic
def take_reply_back(message_id: int, *, by: Agent, actor: Actor | None = None) -> Message:
    """Undo: text, files and the conversation's state are what they were. Raises TooLateError.

    What somebody has done to the conversation since stays.
    """
    conversation_id = Message.objects.values_list("conversation_id", flat=True).get(pk=message_id)
    lock_for_writing(conversation_id)
    message = take_back(message_id, by=by, actor=actor)
    kept, took = message.custom.pop(_KEPT, None), message.custom.pop(TOOK, False)
    if kept is not None or took:
        message.save(update_fields=["custom"])
    if kept is not None:
        _restore(message.conversation_id, kept, by, actor)
    if took:
        leave_again(message, by=by, actor=actor)
    return message


_LEFT_IN = {"resolve": Conversation.Status.RESOLVED, "snooze": Conversation.Status.SNOOZED}


def _restore(conversation_id: int, kept: dict[str, Any], by: Agent, actor: Actor | None) -> None:
    conversation = Conversation.objects.get(pk=conversation_id)
    if conversation.status != _LEFT_IN[kept["act"]]:
        return
    try:
        with transaction.atomic():
            reopen_conversation(conversation_id, by=by, actor=actor, is_way_back=True)
    except DeskError:
        return  # a newer exchange of the same person is open: the text is back, and it goes on there
    status = Conversation.Status.OPEN if kept["status"] == Conversation.Status.SNOOZED else kept["status"]
    Conversation.objects.filter(pk=conversation_id).update(status=status, waiting_since=kept["waiting_since"])
    if kept["is_promised"] and kept["waiting_since"]:
        start_clocks({conversation_id: datetime.fromisoformat(kept["waiting_since"])})
    settle_pauses({conversation_id: now()})
