"""Deliveries of networks that could not be read and were set aside."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Id
from comptoir.channels.models import ChannelAccount
from comptoir.intake.actions import replay_deliveries
from comptoir.intake.models import RawDelivery
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission

router = Router(tags=["deliveries"])


class SetAside(Schema):
    id: int
    account_id: int
    received_at: datetime
    content_type: str
    size_bytes: int
    tries: int
    reason: str


class SetAsidePage(Schema):
    items: list[SetAside]
    next: str | None = None


class Replayed(Schema):
    count: int


class Narrowed(Schema):
    account: Id | None = None


@router.get("/deliveries", response=SetAsidePage, **needs(Scope.ADMIN, Permission.REPLAY_DELIVERIES))
def list_set_aside(
    request: ApiRequest, narrowed: Query[Narrowed], cursor: Cursor = "", limit: Limit = 50
) -> SetAsidePage:
    """What was set aside, newest first, each with its reason."""
    aside = _set_aside(request.agent).annotate(size_bytes=Length("body")).defer("body", "headers")
    if narrowed.account is not None:
        aside = aside.filter(account_id=narrowed.account)
    found, following = page_of(aside, by=["-id"], cursor=cursor, limit=limit, request=request)
    return SetAsidePage(items=[_shown(delivery) for delivery in found], next=following)


@router.post("/deliveries/replay", response=Replayed, **needs(Scope.ADMIN, Permission.REPLAY_DELIVERIES))
def replay_all(request: ApiRequest) -> Replayed:
    """Read everything that was set aside once more."""
    ids = list(_set_aside(request.agent).values_list("pk", flat=True))
    return Replayed(count=replay_deliveries(ids=ids, by=acting(request)))


@router.post(
    "/deliveries/{int:delivery_id}/replay", response=Replayed, **needs(Scope.ADMIN, Permission.REPLAY_DELIVERIES)
)
def replay_one(request: ApiRequest, delivery_id: int) -> Replayed:
    """Read one delivery once more."""
    if not _set_aside(request.agent).filter(pk=delivery_id).exists():
        raise ProblemError("not-found", _("No such delivery is set aside."))
    return Replayed(count=replay_deliveries(ids=[delivery_id], by=acting(request)))


def _set_aside(agent: Agent) -> QuerySet[RawDelivery]:
    """Those of accounts whose conversations the agent may read."""
    hidden = ChannelAccount.objects.hidden_from(agent).order_by().values("pk")
    return RawDelivery.objects.filter(state=RawDelivery.State.SET_ASIDE).exclude(account__in=hidden)


def _shown(delivery: RawDelivery) -> SetAside:
    return SetAside(
        id=delivery.pk,
        account_id=delivery.account_id,
        received_at=delivery.received_at,
        content_type=delivery.content_type,
        size_bytes=getattr(delivery, "size_bytes", 0),
        tries=delivery.tries,
        reason=delivery.reason,
    )
