"""What becomes of an expert's answer: a reply to be read over, and an entry of the catalogue to be approved."""

from __future__ import annotations

from django.db import transaction

from comptoir.catalogue.content import MAX_QUESTION_CHARS, Content, Variant
from comptoir.catalogue.editing import write_entry
from comptoir.catalogue.models import EntryVersion
from comptoir.conversations.models import Consultation, Conversation, Draft, HandOff
from comptoir.core.lines import on_one_line
from comptoir.desk.drafts import lock_for_writing, save_draft
from comptoir.desk.refusals import NotAnsweredError
from comptoir.people.models import Agent


@transaction.atomic
def draft_of_answer(asked: Consultation | HandOff, *, agent: Agent) -> None:
    """Put the answer before what ``agent`` has begun to write; there already, it is not put twice. Raises
    NotAnsweredError.
    """
    answer = _answer(asked)
    lock_for_writing(asked.conversation_id)
    begun = Draft.objects.filter(conversation=asked.conversation_id, agent=agent).first()
    if begun is not None and answer in begun.text:
        return
    text = f"{answer}\n\n{begun.text}" if begun and begun.text.strip() else answer
    visibility = begun.visibility if begun and begun.visibility != "note" else _visibility(asked.conversation_id)
    save_draft(asked.conversation_id, agent=agent, text=text, visibility=visibility)


def entry_of_answer(consultation: Consultation, *, by: Agent) -> EntryVersion:
    """Begin an entry with the question and its answer, as a draft. Raises NotAnsweredError, EntryRefusedError."""
    answer = _answer(consultation)
    conversation = Conversation.objects.select_related("account__brand").get(pk=consultation.conversation_id)
    language = (conversation.language or conversation.account.brand.language)[:2]
    question = on_one_line(consultation.question)
    short = question if len(question) <= MAX_QUESTION_CHARS else f"{question[: MAX_QUESTION_CHARS - 1]}…"
    content = Content(question=short, language=language, variants=(Variant(answer, language),), uses=("service",))
    return write_entry(content, by=by)


def _answer(asked: Consultation | HandOff) -> str:
    if asked.state not in (Consultation.State.ANSWERED, HandOff.State.ANSWERED):
        raise NotAnsweredError
    return asked.answer


def _visibility(conversation_id: int) -> str:
    is_public = Conversation.objects.values_list("is_public", flat=True).get(pk=conversation_id)
    return "public" if is_public else "private"
