"""Arbitration: a person rules on a decision, once, and what they send leaves like any reply of theirs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction

from comptoir.bot.errors import (
    AnsweredMeanwhileError,
    CauseNeededError,
    NothingToSendError,
    ProposalChangedError,
    RuledAlreadyError,
)
from comptoir.bot.files import outgoing_files
from comptoir.bot.models import Decision, Ruling
from comptoir.bot.proposing import Proposal, may_still_send, proposal_of
from comptoir.bot.teaching import teach
from comptoir.catalogue.using import note_uses
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import acting
from comptoir.desk.sending import send_reply
from comptoir.events.record import Happening, record_all
from comptoir.people.models import Agent


@dataclass(frozen=True, slots=True)
class Word:
    """What a person says of a decision: ``text`` is what they send, where they send something. ``version_id`` is of
    what they were shown, where that is known: of anything else they have not said that it may leave.
    """

    verdict: Ruling.Verdict
    text: str = ""
    version_id: int | None = None
    cause: str = ""
    words: str = ""
    personal_data_confirmed: bool = False
    teaches: bool = True
    with_files: bool = True


@transaction.atomic
def rule_on(decision_id: int, word: Word, *, by: Agent) -> Ruling:
    """Rule on a decision: send its answer, as it is or changed, say that it is right, or refuse it with a cause.

    What is sent as it is, is as the entry says it now. All of it or nothing. Raises BotError, ReplyRefusedError,
    DeskError.
    """
    decision = _held(decision_id)
    sends = word.verdict in (Ruling.Verdict.AS_IS, Ruling.Verdict.EDITED)
    if word.verdict == Ruling.Verdict.REFUSED and word.cause not in Ruling.Cause.values:
        raise CauseNeededError
    proposal = proposal_of(decision, by.name)
    reply = _sent(decision, proposal, word, by) if sends else None
    ruling = Ruling.objects.create(
        decision=decision,
        agent=by,
        verdict=_verdict(proposal, word, reply),
        cause=word.cause if word.verdict == Ruling.Verdict.REFUSED else "",
        words=word.words.replace("\x00", "").strip()[:500],
        reply=reply,
        ruled_at=now(),
    )
    if word.teaches:
        ruling.draft = teach(ruling, by=by)
        ruling.save(update_fields=["draft"])
    details = {"verdict": str(ruling.verdict), "cause": ruling.cause}
    conversation_id = decision.message.conversation_id
    record_all([Happening("decision.ruled", "decision", decision.pk, acting(by), conversation_id, details=details)])
    return ruling


def _held(decision_id: int) -> Decision:
    """The decision, its conversation locked: of two who rule at once one is first. Raises RuledAlreadyError."""
    decisions = Decision.objects.select_related("message", "entry", "version")
    decision = decisions.get(pk=decision_id)
    Conversation.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.message.conversation_id)
    earlier = Ruling.objects.select_related("agent").filter(decision=decision).first()
    if earlier is not None:
        raise RuledAlreadyError(earlier)
    return decision


def _sent(decision: Decision, proposal: Proposal, word: Word, by: Agent) -> Message:
    if not may_still_send(decision):
        raise AnsweredMeanwhileError
    if word.version_id is not None and word.version_id != proposal.version_id:
        raise ProposalChangedError
    text = proposal.text if word.verdict == Ruling.Verdict.AS_IS else word.text
    if not text.strip():
        raise NothingToSendError
    message = decision.message
    reply = send_reply(
        message.conversation_id,
        by=by,
        text=text,
        visibility="public" if message.is_public else "private",
        personal_data_confirmed=word.personal_data_confirmed,
        key=uuid.uuid4(),
        seen_up_to=message.pk,
        files=outgoing_files(proposal.files) if word.with_files else (),
    )
    entries = [decision.entry_id] if decision.entry_id else []
    note_uses(entries, message_id=reply.pk, conversation_id=reply.conversation_id, text=reply.text, by=by)
    return reply


def _verdict(proposal: Proposal, word: Word, reply: Message | None) -> Ruling.Verdict:
    """What was “changed” without a change was sent as it is."""
    if reply is not None and word.verdict == Ruling.Verdict.EDITED:
        is_same = reply.text.strip() == proposal.text.strip()
        return Ruling.Verdict.AS_IS if is_same else Ruling.Verdict.EDITED
    return word.verdict
