"""Conversations: found, handed over, resolved, reopened, tagged."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from comptoir.api.authentication import ApiRequest, acting, needs, require
from comptoir.api.contacts import Identity, shown_identity
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError, invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked, Id, Instant, Words
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation as StoredConversation
from comptoir.conversations.models import Priority
from comptoir.conversations.reach import found_by, readable_by
from comptoir.desk.actions import (
    assign_conversation,
    change_team,
    hold_conversation,
    prioritize_conversation,
    reopen_conversation,
    resolve_conversation,
    tag_conversation,
    untag_conversation,
)
from comptoir.desk.errors import DeskError, NotAssignableError
from comptoir.desk.moving import move_conversation
from comptoir.desk.snoozing import snooze_conversation
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission

router = Router(tags=["conversations"])

Status = Literal["open", "pending", "snoozed", "resolved"]


class Conversation(Schema):
    id: int
    account_id: int
    contact_id: int
    identity: Identity
    subject: str
    status: Status
    priority: int = Field(description="0: low; 1: normal; 2: high; 3: urgent. Set by routing, or by hand.")
    is_public: bool
    team_id: int | None
    assignee_id: int | None
    tags: list[str]
    language: str
    started_at: datetime
    last_message_at: datetime
    last_message_text: str
    last_incoming_at: datetime | None
    waiting_since: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None


class ConversationPage(Schema):
    items: list[Conversation]
    next: str | None = None


class Filters(Schema):
    """What a list of conversations is narrowed to."""

    status: Status | None = None
    assignee: Id | None = None
    team: Id | None = None
    account: Id | None = None
    contact: Id | None = None
    updated_since: Instant | None = Field(None, description="With a message at this instant or later.")

    def applied(self, conversations: QuerySet[StoredConversation]) -> QuerySet[StoredConversation]:
        exact = self.model_dump(exclude_none=True, exclude={"updated_since"})
        found = conversations.filter(**exact)
        return found.filter(last_message_at__gte=self.updated_since) if self.updated_since else found


class ConversationChange(Asked):
    """What is left out stays as it is."""

    status: Status | None = None
    snoozed_until: Instant | None = Field(
        None, description="With the status “snoozed”: until then; without it, until the customer writes."
    )
    assignee_id: Id | None = Field(None, description="Null takes it from whoever has it.")
    account_id: Id | None = Field(
        None,
        description="Go on by another account of the same channel, and with its team, where the network allows it.",
    )
    team_id: Id | None = None
    priority: int | None = Field(None, ge=0, le=3, description="0: low; 1: normal; 2: high; 3: urgent.")
    tags: list[Annotated[Words, Field(min_length=1, max_length=40)]] | None = Field(
        None, max_length=50, description="All the tags there will be."
    )


@router.get(
    "/conversations", response=ConversationPage, **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS)
)
def list_conversations(
    request: ApiRequest, filters: Query[Filters], cursor: Cursor = "", limit: Limit = 50
) -> ConversationPage:
    """The conversations that the agent may read, the latest message first."""
    found, following = page_of(
        filters.applied(_visible(request.agent)),
        by=["-last_message_at", "-id"],
        cursor=cursor,
        limit=limit,
        request=request,
    )
    return ConversationPage(items=[_shown(conversation) for conversation in found], next=following)


@router.get(
    "/conversations/{int:conversation_id}",
    response=Conversation,
    **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS),
)
def get_conversation(request: ApiRequest, conversation_id: int) -> Conversation:
    """One conversation; also one that is offered to a team of the agent's, or about which they are asked."""
    conversation = _detailed(readable_by(request.agent)).filter(pk=conversation_id).first()
    if conversation is None:
        raise no_such_conversation()
    return _shown(conversation)


@router.patch(
    "/conversations/{int:conversation_id}",
    response=Conversation,
    **needs(Scope.CONVERSATIONS_WRITE, Permission.READ_CONVERSATIONS),
)
def change_conversation(request: ApiRequest, conversation_id: int, asked: ConversationChange) -> Conversation:
    """Assign, hand to another team, move to another account, tag, put away, resolve or reopen: all of it or nothing."""
    conversation = readable_conversation(request, conversation_id)
    _require_permissions(request, asked)
    try:
        with transaction.atomic():
            _change(request, conversation, asked)
    except NotAssignableError as error:
        raise invalid("/assignee_id", str(error)) from error
    except DeskError as error:
        raise ProblemError("conflict", str(error)) from error
    return _shown(_detailed(StoredConversation.objects.all()).get(pk=conversation_id))


def _require_permissions(request: ApiRequest, asked: ConversationChange) -> None:
    if asked.model_fields_set & {"assignee_id", "account_id", "team_id", "priority", "tags"}:
        require(request, Permission.ASSIGN)
    if asked.model_fields_set & {"status", "snoozed_until"}:
        require(request, Permission.RESOLVE)
    if asked.snoozed_until is not None and asked.status != "snoozed":
        raise invalid("/snoozed_until", _("Only what is snoozed comes back at an instant."))


def _change(request: ApiRequest, conversation: StoredConversation, asked: ConversationChange) -> None:
    """In the order in which a person would: open it, hand it over, tag it, resolve it."""
    pk, by, actor = conversation.pk, request.agent, acting(request)
    is_resolved = conversation.status == StoredConversation.Status.RESOLVED
    if asked.status == "open" and conversation.status != StoredConversation.Status.OPEN:
        reopen_conversation(pk, by=by, actor=actor)
    if asked.account_id is not None:
        move_conversation(pk, to=_account(request, asked.account_id), by=by, actor=actor)
    if asked.team_id is not None:
        change_team(pk, to=_team(asked.team_id), by=by, actor=actor)
    if "assignee_id" in asked.model_fields_set:
        assign_conversation(pk, to=_assignee(asked.assignee_id), by=by, actor=actor)
    if asked.priority is not None:
        prioritize_conversation(pk, priority=Priority(asked.priority), by=by, actor=actor)
    if asked.tags is not None:
        _set_tags(request, conversation, asked.tags)
    if asked.status == "resolved" and not is_resolved:
        resolve_conversation(pk, by=by, actor=actor)
    elif asked.status == "snoozed":
        snooze_conversation(pk, until=asked.snoozed_until, by=by, actor=actor)
    elif asked.status == "pending":
        hold_conversation(pk, by=by, actor=actor)


def _set_tags(request: ApiRequest, conversation: StoredConversation, wanted: list[str]) -> None:
    kept = {
        tag_conversation(conversation.pk, name=name, by=request.agent, actor=acting(request)).name for name in wanted
    }
    for name in conversation.tags.exclude(name__in=kept).values_list("name", flat=True):
        untag_conversation(conversation.pk, name=name, by=request.agent, actor=acting(request))


def _account(request: ApiRequest, account_id: int) -> ChannelAccount:
    hidden = ChannelAccount.objects.hidden_from(request.agent).order_by().values("pk")
    account = ChannelAccount.objects.exclude(pk__in=hidden).filter(pk=account_id).first()
    if account is None:
        raise invalid("/account_id", _("No such account."))
    return account


def _team(team_id: int) -> Team:
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise invalid("/team_id", _("No such team."))
    return team


def _assignee(agent_id: int | None) -> Agent | None:
    if agent_id is None:
        return None
    agent = Agent.objects.filter(pk=agent_id).first()
    if agent is None:
        raise invalid("/assignee_id", _("No such agent."))
    return agent


def asked_conversation(request: ApiRequest, conversation_id: int) -> StoredConversation:
    """The conversation, if the token's agent may read it, be it only because something is asked of them: to be read and
    noted on, not acted on. Raises ProblemError.
    """
    conversation = readable_by(request.agent).filter(pk=conversation_id).first()
    if conversation is None:
        raise no_such_conversation()
    return conversation


def readable_conversation(request: ApiRequest, conversation_id: int) -> StoredConversation:
    """The conversation, if it is the token's agent's to act on. Raises ProblemError."""
    conversation = StoredConversation.objects.visible_to(request.agent).filter(pk=conversation_id).first()
    if conversation is None:
        raise no_such_conversation()
    return conversation


def no_such_conversation() -> ProblemError:
    return ProblemError("not-found", _("No such conversation."))


def _visible(agent: Agent) -> QuerySet[StoredConversation]:
    return _detailed(found_by(agent))


def _detailed(conversations: QuerySet[StoredConversation]) -> QuerySet[StoredConversation]:
    return conversations.select_related("identity").prefetch_related("tags")


def _shown(conversation: StoredConversation) -> Conversation:
    return Conversation(
        id=conversation.pk,
        account_id=conversation.account_id,
        contact_id=conversation.contact_id,
        identity=shown_identity(conversation.identity),
        subject=conversation.subject,
        status=cast("Status", conversation.status),
        priority=conversation.priority,
        is_public=conversation.is_public,
        team_id=conversation.team_id,
        assignee_id=conversation.assignee_id,
        tags=[tag.name for tag in conversation.tags.all()],
        language=conversation.language,
        started_at=conversation.started_at,
        last_message_at=conversation.last_message_at,
        last_message_text=conversation.last_message_text,
        last_incoming_at=conversation.last_incoming_at,
        waiting_since=conversation.waiting_since,
        snoozed_until=conversation.snoozed_until,
        resolved_at=conversation.resolved_at,
    )
