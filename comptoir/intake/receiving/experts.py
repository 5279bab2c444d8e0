"""Mails that answer a question of ours to an expert: they are no customer's words, and make no conversation."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils.translation import gettext_noop

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import EventKind
from comptoir.conversations.models import Consultation
from comptoir.desk.consultation_mails import note_unreached
from comptoir.desk.consultations import answer_consultation
from comptoir.desk.errors import EmptyTextError
from comptoir.intake.arrivals import Arrival

#: How the tokens of consultations begin; a conversation's may begin so too, and is then found nowhere here.
_PREFIX = "c-q"
_ANSWERS = uuid.UUID("6f3f7f0e-7d0c-4d7e-9b57-0f6e2f6b1a52")


def without_answers(account: ChannelAccount, new: Sequence[Arrival]) -> list[Arrival]:
    """Keep the answers of experts, each once however often its mail comes; return everything else.

    What no person wrote (an out-of-office reply) answers nothing, and neither does the copy of our own mail.
    """
    tokens = {one.event.thread_token for one in new if (one.event.thread_token or "").startswith(_PREFIX)}
    if not tokens:
        return list(new)
    asked = {one.mail_token: one for one in Consultation.objects.filter(mail_token__in=tokens, expert=None)}
    for arrival in new:
        consultation = asked.get(arrival.event.thread_token or "")
        if consultation is not None and not arrival.is_ours and not arrival.event.automatic:
            _keep(account, arrival, consultation)
    return [one for one in new if one.event.thread_token not in asked]


def without_bounces(changes: Sequence[Arrival]) -> list[Arrival]:
    """Whoever asked is told that their mail did not reach the expert; return everything else."""
    failed = [one for one in changes if one.event.event is EventKind.FAILED]
    tokens = {one.event.thread_token for one in failed if (one.event.thread_token or "").startswith(_PREFIX)}
    if not tokens:
        return list(changes)
    asked = {one.mail_token: one for one in Consultation.objects.filter(mail_token__in=tokens, expert=None)}
    for arrival in failed:
        consultation = asked.get(arrival.event.thread_token or "")
        if consultation is not None:
            note_unreached(consultation, arrival.event.reason or gettext_noop("The mail came back."))
    return [one for one in changes if one not in failed or one.event.thread_token not in asked]


def _keep(account: ChannelAccount, arrival: Arrival, consultation: Consultation) -> None:
    address = (arrival.author.handle or arrival.author.id or "").lower()
    try:
        answer_consultation(
            consultation.pk,
            text=_said(arrival),
            way=Consultation.Way.EMAIL,
            signed="" if address == consultation.outside_email.lower() else address,
            key=uuid.uuid5(_ANSWERS, f"{account.pk}/{arrival.external_id}"),
        )
    except EmptyTextError:
        return  # an empty mail: there is nothing to be kept


def _said(arrival: Arrival) -> str:
    """Its words, and the names of its files, which stay in the mailbox."""
    names = [f"📎 {one.name}" for one in arrival.event.attachments if one.name]
    return "\n".join([(arrival.event.text or "").strip(), *names]).strip()
