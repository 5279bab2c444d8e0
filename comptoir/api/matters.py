"""Matters: a customer's conversations about one thing, joined, followed and resolved together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, cast

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from comptoir.api.authentication import ApiRequest, Needs, acting, needs
from comptoir.api.conversations import readable_conversation
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError, invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked, Id, Words
from comptoir.conversations.models import Conversation
from comptoir.conversations.models import Matter as StoredMatter
from comptoir.conversations.reach import matters_of
from comptoir.desk.errors import DeskError
from comptoir.desk.matters import (
    MAX_TITLE_CHARS,
    change_matter,
    join_conversation,
    open_matter,
    part_conversation,
    reopen_matter,
    resolve_matter,
)
from comptoir.desk.refusals import UntitledError
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission

router = Router(tags=["matters"])

Status = Literal["open", "resolved"]
Title = Annotated[Words, Field(min_length=1, max_length=MAX_TITLE_CHARS)]
_MOST_JOINED = 100
#: Words to the customer are messages: without them, resolving sends nothing.
_says = Needs(Scope.MESSAGES_WRITE, Permission.ANSWER)


class Matter(Schema):
    id: int
    title: str
    status: Status
    owner_id: int | None
    opened_at: datetime
    opened_by_id: int | None
    due_at: datetime | None = Field(description="Until when it is to be resolved; null where nothing is promised.")
    breached_at: datetime | None = Field(description="Since when that promise is broken.")
    resolved_at: datetime | None
    resolution: str = Field(description="What was done, for colleagues.")
    conversation_ids: list[int] = Field(description="Those that the agent may read.")
    conversations: int = Field(description="How many there are, those of other teams too.")


class MatterPage(Schema):
    items: list[Matter]
    next: str | None = None


class Filters(Schema):
    """What a list of matters is narrowed to."""

    status: Status | None = None
    owner: Id | None = None
    contact: Id | None = None
    conversation: Id | None = None

    def applied(self, matters: QuerySet[StoredMatter]) -> QuerySet[StoredMatter]:
        exact = self.model_dump(exclude_none=True, include={"status", "owner"})
        found = matters.filter(**exact)
        if self.contact is not None:
            found = found.filter(joined__conversation__contact=self.contact).distinct()
        return found.filter(joined__conversation=self.conversation) if self.conversation is not None else found


class NewMatter(Asked):
    """Conversations of one person, and what they are about."""

    title: Title
    conversation_ids: list[Id] = Field(min_length=1, max_length=_MOST_JOINED)


class MatterChange(Asked):
    """What is left out stays as it is."""

    title: Title | None = None
    owner_id: Id | None = Field(None, description="Null takes it from whoever has it.")


class Joining(Asked):
    conversation_id: Id


class Resolution(Asked):
    resolution: Annotated[Words, Field(max_length=4000)] = Field("", description="What was done, for colleagues.")
    text: Annotated[Words, Field(max_length=20_000)] = Field("", description="A word to the customer.")
    tell_conversation_ids: list[Id] = Field([], max_length=_MOST_JOINED, description="In which of them it is said.")


@router.get("/matters", response=MatterPage, **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS))
def list_matters(request: ApiRequest, filters: Query[Filters], cursor: Cursor = "", limit: Limit = 50) -> MatterPage:
    """The matters of what the agent may read, and their own, the newest first."""
    wanted = filters.applied(matters_of(request.agent))
    rows = _detailed(StoredMatter.objects.filter(pk__in=wanted.order_by().values("pk")), request.agent)
    found, following = page_of(rows, by=["-opened_at", "-id"], cursor=cursor, limit=limit, request=request)
    return MatterPage(items=[_shown(one) for one in found], next=following)


@router.post("/matters", response={201: Matter}, **needs(Scope.CONVERSATIONS_WRITE, Permission.ASSIGN))
def post_matter(request: ApiRequest, asked: NewMatter) -> Matter:
    """Join conversations of one person to a new matter, which the token's agent owns."""
    joining = [readable_conversation(request, one).pk for one in dict.fromkeys(asked.conversation_ids)]
    try:
        matter = open_matter(joining, title=asked.title, by=request.agent, actor=acting(request))
    except UntitledError as error:
        raise invalid("/title", str(error)) from error
    except DeskError as error:
        raise ProblemError("conflict", str(error)) from error
    return _told(request, matter.pk)


@router.get(
    "/matters/{int:matter_id}", response=Matter, **needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS)
)
def get_matter(request: ApiRequest, matter_id: int) -> Matter:
    """One matter."""
    return _told(request, _seen(request, matter_id).pk)


@router.patch("/matters/{int:matter_id}", response=Matter, **needs(Scope.CONVERSATIONS_WRITE, Permission.ASSIGN))
def patch_matter(request: ApiRequest, matter_id: int, asked: MatterChange) -> Matter:
    """Call it by another name, give it to somebody else."""
    matter = _seen(request, matter_id)
    title = asked.title if asked.title is not None else matter.title
    owner = _owner(asked.owner_id) if "owner_id" in asked.model_fields_set else matter.owner

    def act(pk: int) -> object:
        return change_matter(pk, title=title, owner=owner, by=request.agent, actor=acting(request))

    return _done(request, matter_id, act)


@router.post(
    "/matters/{int:matter_id}/conversations",
    response=Matter,
    **needs(Scope.CONVERSATIONS_WRITE, Permission.ASSIGN),
)
def post_joined(request: ApiRequest, matter_id: int, asked: Joining) -> Matter:
    """One more conversation of the same person."""
    joining = readable_conversation(request, asked.conversation_id)

    def act(pk: int) -> object:
        return join_conversation(pk, conversation_id=joining.pk, by=request.agent, actor=acting(request))

    return _done(request, matter_id, act)


@router.delete(
    "/matters/{int:matter_id}/conversations/{int:conversation_id}",
    response=Matter,
    **needs(Scope.CONVERSATIONS_WRITE, Permission.ASSIGN),
)
def delete_joined(request: ApiRequest, matter_id: int, conversation_id: int) -> Matter:
    """It is about something else after all. A matter whose last conversation is taken out is resolved."""
    parting = readable_conversation(request, conversation_id)

    def act(pk: int) -> object:
        return part_conversation(pk, conversation_id=parting.pk, by=request.agent, actor=acting(request))

    return _done(request, matter_id, act)


@router.post(
    "/matters/{int:matter_id}/resolve", response=Matter, **needs(Scope.CONVERSATIONS_WRITE, Permission.RESOLVE)
)
def post_resolution(request: ApiRequest, matter_id: int, asked: Resolution) -> Matter:
    """Resolve every conversation of it and, in those that are named, say so first: all of it or nothing.

    Words to the customer need the scope `messages:write` too.
    """
    matter = _seen(request, matter_id)
    if asked.text.strip() and asked.tell_conversation_ids:
        _says(request)
        if set(asked.tell_conversation_ids) - set(matter.joined.values_list("conversation_id", flat=True)):
            raise invalid("/tell_conversation_ids", _("One of them is not part of this matter."))

    def act(pk: int) -> object:
        return resolve_matter(
            pk, resolution=asked.resolution, text=asked.text, tell=asked.tell_conversation_ids, by=request.agent,
            actor=acting(request),
        )  # fmt: skip

    return _done(request, matter_id, act)


@router.post("/matters/{int:matter_id}/reopen", response=Matter, **needs(Scope.CONVERSATIONS_WRITE, Permission.RESOLVE))
def post_reopening(request: ApiRequest, matter_id: int) -> Matter:
    """It is not done after all: its promise runs on."""
    return _done(request, matter_id, lambda pk: reopen_matter(pk, by=request.agent, actor=acting(request)))


def _done(request: ApiRequest, matter_id: int, act: Callable[[int], object]) -> Matter:
    _seen(request, matter_id)
    try:
        act(matter_id)
    except UntitledError as error:
        raise invalid("/title", str(error)) from error
    except DeskError as error:
        raise ProblemError("conflict", str(error)) from error
    return _told(request, matter_id)


def _owner(agent_id: int | None) -> Agent | None:
    if agent_id is None:
        return None
    agent = Agent.objects.filter(pk=agent_id, is_active=True).first()
    if agent is None:
        raise invalid("/owner_id", _("No such agent."))
    return agent


def _seen(request: ApiRequest, matter_id: int) -> StoredMatter:
    matter = matters_of(request.agent).select_related("owner").filter(pk=matter_id).first()
    if matter is None:
        raise ProblemError("not-found", _("No such matter."))
    return matter


def _told(request: ApiRequest, matter_id: int) -> Matter:
    return _shown(_detailed(StoredMatter.objects.all(), request.agent).get(pk=matter_id))


def _detailed(matters: QuerySet[StoredMatter], agent: Agent) -> QuerySet[StoredMatter]:
    readable = Conversation.objects.visible_to(agent).order_by("started_at", "pk").only("pk", "started_at")
    there = Prefetch("conversations", queryset=readable, to_attr="readable")
    return matters.annotate(count=Count("joined")).prefetch_related(there, "clocks")


def _shown(matter: StoredMatter) -> Matter:
    """One that was read by `_detailed`."""
    clock = next(iter(matter.clocks.all()), None)
    readable: list[Conversation] = matter.readable  # type: ignore[attr-defined]  # by the prefetch
    return Matter(
        id=matter.pk,
        title=matter.title,
        status=cast("Status", matter.status),
        owner_id=matter.owner_id,
        opened_at=matter.opened_at,
        opened_by_id=matter.opened_by_id,
        due_at=clock.due_at if clock else None,
        breached_at=clock.breached_at if clock else None,
        resolved_at=matter.resolved_at,
        resolution=matter.resolution,
        conversation_ids=[one.pk for one in readable],
        conversations=matter.count,  # type: ignore[attr-defined]  # annotated
    )
