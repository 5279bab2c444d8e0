"""What the bot decided about messages, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from comptoir.api.authentication import ApiRequest, needs
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Id
from comptoir.bot.models import Decision as StoredDecision
from comptoir.bot.models import Ruling as StoredRuling
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission

router = Router(tags=["bot"])

Done = Literal["nothing", "noted", "proposed", "answered"]
_ALLOWED = needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS)


class Ruling(Schema):
    """A person's word on a decision."""

    verdict: Literal["as_is", "edited", "right", "refused"]
    cause: str
    agent_id: int | None
    reply_id: int | None
    ruled_at: datetime


class Decision(Schema):
    """What the bot did with one message; `rules` are those that forbade an answer alone."""

    id: int
    message_id: int
    conversation_id: int
    decided_at: datetime
    mode: Literal["silent", "proposes", "answers"]
    done: Done
    entry_id: int | None
    entry_version: int | None
    phrasing: str = Field(description="Of the entry's, the one that came nearest.")
    confidence: float = Field(ge=0, le=1)
    answers_from: float | None = Field(description="From which confidence on answers were proven; null: from none.")
    rules: list[str]
    would_answer: bool
    language: str
    text: str
    reply_id: int | None
    ruling: Ruling | None


class DecisionPage(Schema):
    items: list[Decision]
    next: str | None = None


class Filters(Schema):
    """What a list of decisions is narrowed to."""

    conversation: Id | None = None
    entry: Id | None = None
    done: Done | None = None


@router.get("/bot/decisions", response=DecisionPage, **_ALLOWED)
def list_decisions(
    request: ApiRequest, filters: Query[Filters], cursor: Cursor = "", limit: Limit = 50
) -> DecisionPage:
    """Decisions about messages that the agent may read, the newest first."""
    names = {"conversation": "message__conversation", "entry": "entry", "done": "done"}
    wanted = {names[name]: value for name, value in filters.model_dump(exclude_none=True).items()}
    found, following = page_of(
        _readable(request.agent).filter(**wanted),
        by=["-decided_at", "-id"],
        cursor=cursor,
        limit=limit,
        request=request,
    )
    return DecisionPage(items=[_shown(one) for one in found], next=following)


@router.get("/bot/decisions/{int:decision_id}", response=Decision, **_ALLOWED)
def get_decision(request: ApiRequest, decision_id: int) -> Decision:
    """One decision."""
    found = _readable(request.agent).filter(pk=decision_id).first()
    if found is None:
        raise ProblemError("not-found", _("No such decision."))
    return _shown(found)


def _readable(agent: Agent) -> QuerySet[StoredDecision]:
    return StoredDecision.objects.visible_to(agent).select_related("message", "version", "ruling")


def _shown(one: StoredDecision) -> Decision:
    ruling: StoredRuling | None = getattr(one, "ruling", None)
    return Decision.model_validate(
        {
            "id": one.pk,
            "message_id": one.message_id,
            "conversation_id": one.message.conversation_id,
            "decided_at": one.decided_at,
            "mode": one.mode,
            "done": one.done,
            "entry_id": one.entry_id,
            "entry_version": one.version.number if one.version else None,
            "phrasing": one.phrasing,
            "confidence": one.confidence,
            "answers_from": one.answers_from,
            "rules": one.rules,
            "would_answer": one.would_answer,
            "language": one.language,
            "text": one.text,
            "reply_id": one.reply_id,
            "ruling": _ruling(ruling),
        }
    )


def _ruling(ruling: StoredRuling | None) -> dict[str, object] | None:
    if ruling is None:
        return None
    return {name: getattr(ruling, name) for name in ("verdict", "cause", "agent_id", "reply_id", "ruled_at")}
