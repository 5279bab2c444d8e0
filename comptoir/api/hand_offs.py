"""Hand-offs: conversations offered to another team, accepted, refused, taken back or given back."""

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
from comptoir.conversations.models import HandOff as StoredHandOff
from comptoir.conversations.reach import hand_offs_of
from comptoir.desk.consultations import MAX_ANSWER_CHARS
from comptoir.desk.errors import DeskError, EmptyTextError
from comptoir.desk.giving_back import give_back, is_given_back
from comptoir.desk.hand_offs import accept_hand_off, offer_hand_off, refuse_hand_off, withdraw_hand_off
from comptoir.desk.refusals import ReasonNeededError, UnsaidError
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission

router = Router(tags=["hand-offs"])

State = Literal["offered", "accepted", "refused", "withdrawn", "answered"]


class HandOff(Schema):
    id: int
    conversation_id: int
    from_team_id: int | None
    to_team_id: int
    given_by_id: int | None
    asked: str = Field(description="What the other team is to do.")
    state: State
    given_at: datetime
    due_at: datetime | None = Field(description="Until when it is to be accepted; null where nothing is promised.")
    ended_at: datetime | None
    ended_by_id: int | None
    reason: str = Field(description="Why it was refused.")
    answer: str = Field(description="With what it was given back.")
    answered_at: datetime | None
    answered_by_id: int | None


class HandOffPage(Schema):
    items: list[HandOff]
    next: str | None = None


class Filters(Schema):
    """What a list of hand-offs is narrowed to."""

    state: State | None = None
    to_team: Id | None = None
    conversation: Id | None = None


class NewHandOff(Asked):
    to_team_id: Id
    asked: Annotated[Words, Field(min_length=1, max_length=4000)]


class Refusal(Asked):
    reason: Annotated[Words, Field(min_length=1, max_length=4000)]


class Answer(Asked):
    text: Annotated[Words, Field(min_length=1, max_length=MAX_ANSWER_CHARS)]


@router.get("/hand-offs", response=HandOffPage, **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS))
def list_hand_offs(request: ApiRequest, filters: Query[Filters], cursor: Cursor = "", limit: Limit = 50) -> HandOffPage:
    """The hand-offs of what the agent may read, and those that their teams were offered, the newest first."""
    wanted = filters.model_dump(exclude_none=True)
    found, following = page_of(
        _readable(request.agent).filter(**wanted), by=["-given_at", "-id"], cursor=cursor, limit=limit, request=request
    )
    return HandOffPage(items=[_shown(one) for one in found], next=following)


@router.post(
    "/conversations/{int:conversation_id}/hand-offs",
    response={201: HandOff},
    **needs(Scope.CONVERSATIONS_WRITE, Permission.HAND_OFF),
)
def post_hand_off(request: ApiRequest, conversation_id: int, asked: NewHandOff) -> HandOff:
    """Offer the conversation to another team; it stays where it is until somebody there accepts."""
    conversation = readable_conversation(request, conversation_id)
    team = Team.objects.filter(pk=asked.to_team_id).first()
    if team is None:
        raise invalid("/to_team_id", _("No such team."))
    try:
        hand_off = offer_hand_off(conversation.pk, to=team, asked=asked.asked, by=request.agent, actor=acting(request))
    except UnsaidError as error:
        raise invalid("/asked", str(error)) from error
    except DeskError as error:
        raise ProblemError("conflict", str(error)) from error
    return _told(hand_off.pk)


@router.get(
    "/hand-offs/{int:hand_off_id}",
    response=HandOff,
    **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS),
)
def get_hand_off(request: ApiRequest, hand_off_id: int) -> HandOff:
    """One hand-off."""
    return _shown(_seen(request, hand_off_id))


@router.post(
    "/hand-offs/{int:hand_off_id}/accept", response=HandOff, **needs(Scope.CONVERSATIONS_WRITE, Permission.HAND_OFF)
)
def accept(request: ApiRequest, hand_off_id: int) -> HandOff:
    """Take the conversation over for the team. Where a colleague was faster, the problem says who."""
    return _decided(request, hand_off_id, lambda pk: accept_hand_off(pk, by=request.agent, actor=acting(request)))


@router.post(
    "/hand-offs/{int:hand_off_id}/refuse", response=HandOff, **needs(Scope.CONVERSATIONS_WRITE, Permission.HAND_OFF)
)
def refuse(request: ApiRequest, hand_off_id: int, asked: Refusal) -> HandOff:
    """Leave the conversation where it is, and say why."""

    def act(pk: int) -> object:
        return refuse_hand_off(pk, reason=asked.reason, by=request.agent, actor=acting(request))

    return _decided(request, hand_off_id, act)


@router.post(
    "/hand-offs/{int:hand_off_id}/withdraw", response=HandOff, **needs(Scope.CONVERSATIONS_WRITE, Permission.HAND_OFF)
)
def withdraw(request: ApiRequest, hand_off_id: int) -> HandOff:
    """Keep the conversation after all; for those who have it."""
    readable_conversation(request, _seen(request, hand_off_id).conversation_id)
    return _decided(request, hand_off_id, lambda pk: withdraw_hand_off(pk, by=request.agent, actor=acting(request)))


@router.post(
    "/hand-offs/{int:hand_off_id}/answer", response=HandOff, **needs(Scope.CONVERSATIONS_WRITE, Permission.HAND_OFF)
)
def give_back_with_answer(request: ApiRequest, hand_off_id: int, asked: Answer) -> HandOff:
    """Give what was accepted back to whoever gave it, with an answer, which becomes a note. Asked again with the same
    words, it is given back once.
    """
    accepted = _seen(request, hand_off_id)
    if not is_given_back(accepted, text=asked.text, by=request.agent):
        readable_conversation(request, accepted.conversation_id)

    def act(pk: int) -> object:
        return give_back(pk, text=asked.text, by=request.agent, actor=acting(request))

    return _decided(request, hand_off_id, act)


def _decided(request: ApiRequest, hand_off_id: int, act: Callable[[int], object]) -> HandOff:
    _seen(request, hand_off_id)
    try:
        act(hand_off_id)
    except ReasonNeededError as error:
        raise invalid("/reason", str(error)) from error
    except EmptyTextError as error:
        raise invalid("/text", str(error)) from error
    except DeskError as error:
        raise ProblemError("conflict", str(error)) from error
    return _told(hand_off_id)


def _readable(agent: Agent) -> QuerySet[StoredHandOff]:
    return hand_offs_of(agent).prefetch_related("clocks")


def _seen(request: ApiRequest, hand_off_id: int) -> StoredHandOff:
    hand_off = _readable(request.agent).filter(pk=hand_off_id).first()
    if hand_off is None:
        raise ProblemError("not-found", _("No such hand-off."))
    return hand_off


def _told(hand_off_id: int) -> HandOff:
    return _shown(StoredHandOff.objects.prefetch_related("clocks").get(pk=hand_off_id))


def _shown(hand_off: StoredHandOff) -> HandOff:
    clock = next(iter(hand_off.clocks.all()), None)
    return HandOff(
        id=hand_off.pk,
        conversation_id=hand_off.conversation_id,
        from_team_id=hand_off.from_team_id,
        to_team_id=hand_off.to_team_id,
        given_by_id=hand_off.given_by_id,
        asked=hand_off.asked,
        state=cast("State", hand_off.state),
        given_at=hand_off.given_at,
        due_at=clock.due_at if clock else None,
        ended_at=hand_off.ended_at,
        ended_by_id=hand_off.ended_by_id,
        reason=hand_off.reason,
        answer=hand_off.answer,
        answered_at=hand_off.answered_at,
        answered_by_id=hand_off.answered_by_id,
    )
