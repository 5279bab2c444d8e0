"""Asking an expert inside a conversation, and what comes back. The customer's own clock runs on beside it.

Whoever answers for somebody outside holds a link or a mail's token, and nothing else: the acts here take the
consultation's id from code that has checked it.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from comptoir.conversations.models import Consultation, Conversation, Note
from comptoir.core.clock import now
from comptoir.core.lines import on_one_line
from comptoir.core.tasks import defer
from comptoir.delivery.actions import acting
from comptoir.desk.errors import EmptyTextError
from comptoir.desk.holding import locked, locked_live
from comptoir.desk.refusals import BadAddressError, ConsultationOverError, NotAskedError, OneExpertError, UnsaidError
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.sla.among_ourselves import abandon_promise, keep_promise, start_clock

#: Where nothing is promised, the question is called to mind as if it were this long.
_UNPROMISED = timedelta(days=9)
MAX_ANSWER_CHARS = 20_000


@transaction.atomic
def ask_expert(
    conversation_id: int,
    *,
    question: str,
    expert: Agent | None = None,
    email: str = "",
    name: str = "",
    language: str = "fr",
    by: Agent | None,
    actor: Actor | None = None,
) -> Consultation:
    """Ask a colleague, or somebody outside by e-mail; whoever has an account is asked inside in any case.

    Raises ConversationResolvedError, UnsaidError, OneExpertError, BadAddressError, NotAskedError for a colleague who
    may not write notes.
    """
    conversation = locked_live(conversation_id)
    words, address = question.replace("\x00", "").strip(), email.strip()
    if not words:
        raise UnsaidError
    expert, address = _whom(expert, address)
    consultation = Consultation(
        conversation=conversation, asked_by=by, expert=expert, outside_email=address, question=words, language=language,
        outside_name="" if expert else on_one_line(name)[:120].strip(), asked_at=now(),
    )  # fmt: skip
    consultation.save()
    clock = start_clock(consultation, at=consultation.asked_at)
    consultation.expect_by(clock.due_at if clock else consultation.asked_at + _UNPROMISED, consultation.asked_at)
    consultation.save(update_fields=["link_expires_at", "next_reminder_at"])
    record("consultation.asked", subject=consultation, by=acting(by, actor), expert=expert, asked_by=by)
    if expert is None:
        defer("desk.mail_consultation", consultation_id=consultation.pk, number=0)
    return consultation


def _whom(expert: Agent | None, address: str) -> tuple[Agent | None, str]:
    """Exactly one of them."""
    if (expert is None) == (not address):
        raise OneExpertError
    if address:
        try:
            validate_email(address)
        except ValidationError as error:
            raise BadAddressError(address) from error
        expert = Agent.objects.filter(user__email__iexact=address, is_active=True).first()
    if expert is not None and not may(expert, Permission.WRITE_NOTES):
        raise NotAskedError(expert.name)
    return expert, "" if expert else address


@transaction.atomic
def answer_consultation(
    consultation_id: int,
    *,
    text: str,
    way: Consultation.Way,
    by: Agent | None = None,
    signed: str = "",
    key: uuid.UUID | None = None,
) -> Note:
    """Keep the expert's answer, as a note. The same ``key`` keeps it once; a further mail is a further note.
    ``signed`` is who wrote it, where that is not the one who was asked.

    Raises EmptyTextError; ConsultationOverError where it was answered or taken back, but for mails, which are kept.
    """
    words = text.replace("\x00", "").strip()[:MAX_ANSWER_CHARS]
    if not words:
        raise EmptyTextError
    conversation, consultation = _held(consultation_id)
    earlier = Note.objects.filter(key=key, conversation=conversation).first() if key else None
    if earlier is not None:
        return earlier
    if not consultation.is_open and way != Consultation.Way.EMAIL:
        raise ConsultationOverError
    noted = f"{words}\n\n— {signed}" if signed else words
    note = Note.objects.create(conversation=conversation, agent=by, text=noted, key=key)
    record("note.added", subject=note, by=acting(by), mentioned=[], consultation=consultation)
    if consultation.is_open:
        consultation.note = note
        consultation.end(Consultation.State.ANSWERED, now(), answer=words, way=way)
        consultation.save(update_fields=["note", "state", "ended_at", "answer", "answered_by_way", "next_reminder_at"])
        keep_promise(consultation, at=consultation.ended_at or now())
        record(
            "consultation.answered", subject=consultation, by=acting(by), expert=consultation.expert_id,
            asked_by=consultation.asked_by_id, way=str(way),
        )  # fmt: skip
    return note


@transaction.atomic
def withdraw_consultation(consultation_id: int, *, by: Agent | None, actor: Actor | None = None) -> Consultation:
    """The answer is needed no more: every link to it is worthless from now on. Raises ConsultationOverError."""
    _conversation, consultation = _held(consultation_id)
    if not consultation.is_open:
        raise ConsultationOverError
    consultation.end(Consultation.State.WITHDRAWN, now())
    consultation.save(update_fields=["state", "ended_at", "next_reminder_at"])
    abandon_promise(consultation)
    record("consultation.withdrawn", subject=consultation, by=acting(by, actor))
    return consultation


def remind_due() -> int:
    """Call to mind what waits for its expert; what is due is told to whoever asked, and to supervisors. How many."""
    due = Consultation.objects.open().filter(next_reminder_at__lte=now()).order_by("next_reminder_at")
    ids = list(due.values_list("pk", flat=True)[:200])
    for pk in ids:
        _remind(pk)
    return len(ids)


@transaction.atomic
def _remind(consultation_id: int) -> None:
    """Once for each instant, whoever else is at it."""
    waiting = Consultation.objects.open().filter(pk=consultation_id, next_reminder_at__lte=now())
    consultation = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if consultation is None:
        return
    clock = consultation.clocks.first()
    due = clock.due_at if clock else consultation.asked_at + _UNPROMISED
    consultation.reminder_count += 1
    later = [at for at in consultation.reminders(due) if at > now()]
    consultation.next_reminder_at = later[0] if later else None
    told: dict[str, Any] = {"expert": consultation.expert_id, "asked_by": consultation.asked_by_id}
    if not later and consultation.escalated_at is None:
        consultation.escalated_at = now()
        record("consultation.escalated", subject=consultation, **told)
    consultation.save(update_fields=["reminder_count", "next_reminder_at", "escalated_at"])
    record("consultation.reminded", subject=consultation, **told, times=consultation.reminder_count)
    if consultation.expert_id is None:
        defer("desk.mail_consultation", consultation_id=consultation.pk, number=consultation.reminder_count)


def _held(consultation_id: int) -> tuple[Conversation, Consultation]:
    """The conversation first, as everywhere. Raises Consultation.DoesNotExist."""
    conversation = locked(Consultation.objects.values_list("conversation_id", flat=True).get(pk=consultation_id))
    return conversation, Consultation.objects.select_for_update(of=("self",)).get(pk=consultation_id)
