"""Consultations: questions to experts inside and outside, and their answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.conversations import readable_conversation
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError, invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked, Id, Words
from comptoir.conversations.models import Consultation as StoredConsultation
from comptoir.conversations.reach import consultations_of
from comptoir.desk.consultations import MAX_ANSWER_CHARS, answer_consultation, ask_expert, withdraw_consultation
from comptoir.desk.errors import DeskError, EmptyTextError
from comptoir.desk.refusals import BadAddressError, UnsaidError
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission

router = Router(tags=["consultations"])

State = Literal["asked", "answered", "withdrawn"]


class Consultation(Schema):
    id: int
    conversation_id: int
    asked_by_id: int | None
    expert_id: int | None = Field(description="The colleague who is asked; null where it is somebody outside.")
    outside_name: str
    question: str
    state: State
    asked_at: datetime
    due_at: datetime | None = Field(description="Until when an answer is promised; null where nothing is.")
    ended_at: datetime | None
    answer: str
    answered_by_way: str = Field(description="screen, link or email.")
    note_id: int | None = Field(description="The note that the answer landed as.")


class ConsultationPage(Schema):
    items: list[Consultation]
    next: str | None = None


class Filters(Schema):
    """What a list of consultations is narrowed to."""

    state: State | None = None
    expert: Id | None = None
    conversation: Id | None = None


class NewConsultation(Asked):
    """A colleague (``expert_id``), or somebody outside (``email``): one of the two."""

    question: Annotated[Words, Field(min_length=1, max_length=4000)]
    expert_id: Id | None = None
    email: Annotated[Words, Field(max_length=254)] = ""
    name: Annotated[Words, Field(max_length=120)] = ""
    language: Literal["fr", "en"] = "fr"


class NewAnswer(Asked):
    answer: Annotated[Words, Field(min_length=1, max_length=MAX_ANSWER_CHARS)]


@router.get(
    "/consultations", response=ConsultationPage, **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS)
)
def list_consultations(
    request: ApiRequest, filters: Query[Filters], cursor: Cursor = "", limit: Limit = 50
) -> ConsultationPage:
    """The questions of what the agent may read, and those that are put to them, the newest first."""
    wanted = filters.model_dump(exclude_none=True)
    found, following = page_of(
        _readable(request.agent).filter(**wanted), by=["-asked_at", "-id"], cursor=cursor, limit=limit, request=request
    )
    return ConsultationPage(items=[_shown(one) for one in found], next=following)


@router.post(
    "/conversations/{int:conversation_id}/consultations",
    response={201: Consultation},
    **needs(Scope.CONVERSATIONS_WRITE, Permission.CONSULT),
)
def post_consultation(request: ApiRequest, conversation_id: int, asked: NewConsultation) -> Consultation:
    """Ask an expert; the conversation stays where it is, and the customer's promise runs on."""
    conversation = readable_conversation(request, conversation_id)
    expert = Agent.objects.filter(pk=asked.expert_id, is_active=True).first() if asked.expert_id else None
    if asked.expert_id and expert is None:
        raise invalid("/expert_id", _("No such agent."))
    try:
        consultation = ask_expert(
            conversation.pk, question=asked.question, expert=expert, email=asked.email, name=asked.name,
            language=asked.language, by=request.agent, actor=acting(request),
        )  # fmt: skip
    except UnsaidError as error:
        raise invalid("/question", str(error)) from error
    except BadAddressError as error:
        raise invalid("/email", str(error)) from error
    except DeskError as error:
        raise ProblemError("conflict", str(error)) from error
    return _told(consultation.pk)


@router.get(
    "/consultations/{int:consultation_id}",
    response=Consultation,
    **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS),
)
def get_consultation(request: ApiRequest, consultation_id: int) -> Consultation:
    """One question."""
    return _shown(_seen(request, consultation_id))


@router.post(
    "/consultations/{int:consultation_id}/answer",
    response=Consultation,
    **needs(Scope.CONVERSATIONS_WRITE, Permission.WRITE_NOTES),
)
def answer(request: ApiRequest, consultation_id: int, asked: NewAnswer) -> Consultation:
    """Answer what is put to the token's agent; it lands as a note."""
    if _seen(request, consultation_id).expert_id != request.agent.pk:
        raise ProblemError("not-found", _("No such question to you."))

    def act(pk: int) -> object:
        return answer_consultation(pk, text=asked.answer, way=StoredConsultation.Way.SCREEN, by=request.agent)

    return _decided(consultation_id, act)


@router.post(
    "/consultations/{int:consultation_id}/withdraw",
    response=Consultation,
    **needs(Scope.CONVERSATIONS_WRITE, Permission.CONSULT),
)
def withdraw_question(request: ApiRequest, consultation_id: int) -> Consultation:
    """The answer is needed no more; for those who have the conversation."""
    readable_conversation(request, _seen(request, consultation_id).conversation_id)
    return _decided(consultation_id, lambda pk: withdraw_consultation(pk, by=request.agent, actor=acting(request)))


def _decided(consultation_id: int, act: Callable[[int], object]) -> Consultation:
    try:
        act(consultation_id)
    except EmptyTextError as error:
        raise invalid("/answer", str(error)) from error
    except DeskError as error:
        raise ProblemError("conflict", str(error)) from error
    return _told(consultation_id)


def _readable(agent: Agent) -> QuerySet[StoredConsultation]:
    return consultations_of(agent).prefetch_related("clocks")


def _seen(request: ApiRequest, consultation_id: int) -> StoredConsultation:
    consultation = _readable(request.agent).filter(pk=consultation_id).first()
    if consultation is None:
        raise ProblemError("not-found", _("No such question."))
    return consultation


def _told(consultation_id: int) -> Consultation:
    return _shown(StoredConsultation.objects.prefetch_related("clocks").get(pk=consultation_id))


def _shown(consultation: StoredConsultation) -> Consultation:
    clock = next(iter(consultation.clocks.all()), None)
    return Consultation(
        id=consultation.pk,
        conversation_id=consultation.conversation_id,
        asked_by_id=consultation.asked_by_id,
        expert_id=consultation.expert_id,
        outside_name=consultation.outside_name,
        question=consultation.question,
        state=cast("State", consultation.state),
        asked_at=consultation.asked_at,
        due_at=clock.due_at if clock else None,
        ended_at=consultation.ended_at,
        answer=consultation.answer,
        answered_by_way=consultation.answered_by_way,
        note_id=consultation.note_id,
    )
