"""What a decision proposes at this moment: its entry may have been changed since it was taken.

A decision says for ever what it found then. Whoever rules while the customer waits is shown, and sends, what the entry
says now: what the company has approved meanwhile goes before what it said when the message came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.timezone import localdate

from comptoir.bot.deciding import proposal_text, signed
from comptoir.bot.models import Decision
from comptoir.bot.wording import answer_to
from comptoir.catalogue.models import CatalogueEntry
from comptoir.conversations.models import Message


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer as a person would send it, the version of its entry that it is of, and whether it reads otherwise than
    when it was decided. Without ``text`` the entry says nothing here any more.
    """

    text: str
    files: Sequence[Mapping[str, Any]]
    version_id: int | None
    has_changed: bool = False


def may_still_send(decision: Decision) -> bool:
    """Whether the message still waits for an answer: nobody has answered it, and nothing was written since."""
    later = Message.objects.filter(
        conversation=decision.message.conversation_id, pk__gt=decision.message_id, deleted_at=None
    )
    later = later.exclude(state=Message.State.CANCELLED).exclude(direction="incoming", is_automatic=True)
    return decision.message.deleted_at is None and bool(decision.text) and not later.exists()


def proposal_of(decision: Decision, agent_name: str) -> Proposal:
    """What can still be sent, as the entry's approved version has it; of any other, what was decided."""
    decided = Proposal(proposal_text(decision, agent_name), decision.files, decision.version_id)
    if not may_still_send(decision):
        return decided
    message = decision.message
    serving = CatalogueEntry.objects.serving(localdate()).for_brand(message.conversation.account.brand_id)
    entry = serving.prefetch_related("variants__files").filter(pk=decision.entry_id or 0).first()
    if entry is not None and entry.approved_version_id == decision.version_id:
        return decided
    answer = answer_to(message, entry, decision.language) if entry else None
    if entry is None or answer is None:
        return Proposal("", [], None, has_changed=True)
    text, files = signed(answer.text, agent_name), [asdict(one) for one in answer.files]
    has_changed = (text, files) != (decided.text, decided.files)
    return Proposal(text, files, entry.approved_version_id, has_changed)
