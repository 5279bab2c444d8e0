"""Calls to be made: customers who asked to be called back, or whom a colleague or a program put on the list."""

from __future__ import annotations

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
from comptoir.api.shapes import Asked, Id, Instant, Words
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.call_backs import ask_call_back, end_call_back
from comptoir.desk.errors import DeskError, PastInstantError
from comptoir.desk.models import CallBack as StoredCallBack
from comptoir.desk.refusals import BadNumberError
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission

router = Router(tags=["call-backs"])

State = Literal["waiting", "reached", "given_up", "withdrawn"]


class CallBack(Schema):
    id: int
    conversation_id: int
    account_id: int = Field(description="The telephone that the customer is called from.")
    number: str = Field(description="E.164; empty where the customer did not say on which number.")
    state: State
    asked_by_id: int | None = Field(description="The colleague; null where the customer asked for it.")
    message_id: int | None = Field(description="The customer’s message that asks for it.")
    asked_at: datetime
    due_at: datetime = Field(description="By when the customer is to be called.")
    is_overdue: bool = Field(description="It waits, and should have been made by now.")
    tries: int = Field(description="Calls that were not picked up.")
    missed_at: datetime | None = Field(description="The last of them.")
    ended_at: datetime | None
    ended_by_id: int | None
    call_conversation_id: int | None = Field(description="The conversation of the call that was made.")


class CallBackPage(Schema):
    items: list[CallBack]
    next: str | None = None


class Filters(Schema):
    """What a list of calls to be made is narrowed to."""

    state: State | None = None
    conversation: Id | None = None
    account: Id | None = None
    due_before: Instant | None = Field(None, description="Due before this instant.")


class NewCallBack(Asked):
    number: Annotated[Words, Field(min_length=1, max_length=30, description="As people write numbers.")]
    account_id: Id | None = Field(None, description="The telephone to call from; without it, the brand’s first.")
    due_at: Instant | None = Field(None, description="Without it, an hour of the telephone’s opening hours from now.")


class Ending(Asked):
    state: Literal["reached", "given_up", "withdrawn"]


@router.get("/call-backs", response=CallBackPage, **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS))
def list_call_backs(
    request: ApiRequest, filters: Query[Filters], cursor: Cursor = "", limit: Limit = 50
) -> CallBackPage:
    """The calls about conversations that the agent may read; what is due first comes first."""
    wanted = filters.model_dump(exclude_none=True)
    due_before = wanted.pop("due_before", None)
    readable = _readable(request.agent).filter(**wanted)
    if due_before is not None:
        readable = readable.filter(due_at__lt=due_before)
    found, following = page_of(readable, by=["due_at", "id"], cursor=cursor, limit=limit, request=request)
    return CallBackPage(items=[_shown(one) for one in found], next=following)


@router.post(
    "/conversations/{int:conversation_id}/call-backs",
    response={201: CallBack},
    **needs(Scope.CONVERSATIONS_WRITE, Permission.ANSWER),
)
def post_call_back(request: ApiRequest, conversation_id: int, asked: NewCallBack) -> CallBack:
    """Put the customer on the list of those to be called. One call waits for each conversation: asking again changes
    its number, its telephone and when it is due.
    """
    conversation = readable_conversation(request, conversation_id)
    account = _account(asked.account_id, conversation)
    try:
        call_back = ask_call_back(
            conversation.pk,
            number=asked.number,
            account=account,
            due_at=asked.due_at,
            by=request.agent,
            actor=acting(request),
        )
    except BadNumberError as error:
        raise invalid("/number", str(error)) from error
    except PastInstantError as error:
        raise invalid("/due_at", str(error)) from error
    except DeskError as error:
        raise ProblemError("conflict", str(error)) from error
    return _shown(call_back)


@router.get(
    "/call-backs/{int:call_back_id}",
    response=CallBack,
    **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS),
)
def get_call_back(request: ApiRequest, call_back_id: int) -> CallBack:
    """One call to be made, or that was."""
    return _shown(_seen(request, call_back_id))


@router.post(
    "/call-backs/{int:call_back_id}/end", response=CallBack, **needs(Scope.CONVERSATIONS_WRITE, Permission.ANSWER)
)
def end(request: ApiRequest, call_back_id: int, asked: Ending) -> CallBack:
    """Say how it ended: reached by another telephone, not reached, not needed any more."""
    call_back = _seen(request, call_back_id)
    readable_conversation(request, call_back.conversation_id)
    state = StoredCallBack.State(asked.state)
    try:
        return _shown(end_call_back(call_back.pk, state=state, by=request.agent, actor=acting(request)))
    except DeskError as error:
        raise ProblemError("conflict", str(error)) from error


def _account(account_id: int | None, conversation: Conversation) -> ChannelAccount | None:
    if account_id is None:
        return None
    account = ChannelAccount.objects.filter(pk=account_id, brand=conversation.account.brand_id).first()
    if account is None:
        raise invalid("/account_id", _("No such account of this brand."))
    return account


def _readable(agent: Agent) -> QuerySet[StoredCallBack]:
    visible = Conversation.objects.visible_to(agent).order_by().values("pk")
    return StoredCallBack.objects.filter(conversation__in=visible)


def _seen(request: ApiRequest, call_back_id: int) -> StoredCallBack:
    call_back = _readable(request.agent).filter(pk=call_back_id).first()
    if call_back is None:
        raise ProblemError("not-found", _("No such call."))
    return call_back


def _shown(call_back: StoredCallBack) -> CallBack:
    return CallBack(
        id=call_back.pk,
        conversation_id=call_back.conversation_id,
        account_id=call_back.account_id,
        number=call_back.number,
        state=cast("State", call_back.state),
        asked_by_id=call_back.asked_by_id,
        message_id=call_back.message_id,
        asked_at=call_back.asked_at,
        due_at=call_back.due_at,
        is_overdue=call_back.is_waiting and call_back.due_at < now(),
        tries=call_back.tries,
        missed_at=call_back.missed_at,
        ended_at=call_back.ended_at,
        ended_by_id=call_back.ended_by_id,
        call_conversation_id=call_back.call_id,
    )
