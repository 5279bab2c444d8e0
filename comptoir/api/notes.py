"""Notes: internal remarks on a conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Router, Schema
from pydantic import Field

from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.conversations import asked_conversation
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked, Words
from comptoir.conversations.models import Note as StoredNote
from comptoir.desk.errors import EmptyTextError
from comptoir.desk.notes import add_note
from comptoir.people.permissions import Permission

router = Router(tags=["notes"])


class Note(Schema):
    id: int
    conversation_id: int
    agent_id: int | None
    text: str
    created_at: datetime


class NotePage(Schema):
    items: list[Note]
    next: str | None = None


class NewNote(Asked):
    text: Annotated[Words, Field(min_length=1, max_length=20_000)]


@router.get(
    "/conversations/{int:conversation_id}/notes",
    response=NotePage,
    **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS),
)
def list_notes(request: ApiRequest, conversation_id: int, cursor: Cursor = "", limit: Limit = 50) -> NotePage:
    """The notes on one conversation, oldest first."""
    notes = asked_conversation(request, conversation_id).notes.all()
    found, following = page_of(notes, by=["created_at", "id"], cursor=cursor, limit=limit, request=request)
    return NotePage(items=[_shown(note) for note in found], next=following)


@router.post(
    "/conversations/{int:conversation_id}/notes",
    response={201: Note},
    **needs(Scope.CONVERSATIONS_WRITE, Permission.WRITE_NOTES),
)
def post_note(request: ApiRequest, conversation_id: int, asked: NewNote) -> Note:
    """Leave a note; customers never see it."""
    conversation = asked_conversation(request, conversation_id)
    try:
        return _shown(add_note(conversation.pk, text=asked.text, by=request.agent, actor=acting(request)))
    except EmptyTextError as error:
        raise invalid("/text", str(error)) from error


def _shown(note: StoredNote) -> Note:
    return Note(
        id=note.pk,
        conversation_id=note.conversation_id,
        agent_id=note.agent_id,
        text=note.text,
        created_at=note.created_at,
    )
