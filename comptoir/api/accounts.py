"""Accounts: what we answer from, and how well they do. Their credentials never leave by here."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Router, Schema

from comptoir.api.authentication import ApiRequest, needs
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Named
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

router = Router(tags=["accounts"])


class Health(Schema):
    last_delivery_at: datetime | None = None
    last_checked_at: datetime | None = None
    last_error: str = ""
    last_error_at: datetime | None = None
    unsent_since: datetime | None = None
    token_expires_at: datetime | None = None


class Account(Schema):
    id: int
    kind: str
    name: str
    handle: str
    own_id: str
    status: str
    brand: Named
    team: Named
    health: Health
    created_at: datetime


class AccountPage(Schema):
    items: list[Account]
    next: str | None = None


@router.get("/accounts", response=AccountPage, **needs(Scope.ACCOUNTS_READ, Permission.READ_CONVERSATIONS))
def list_accounts(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> AccountPage:
    """The accounts of the agent's teams, or all of them for who sees every team."""
    found, following = page_of(_visible(request.agent), by=["id"], cursor=cursor, limit=limit, request=request)
    return AccountPage(items=[_shown(account) for account in found], next=following)


@router.get("/accounts/{int:account_id}", response=Account, **needs(Scope.ACCOUNTS_READ, Permission.READ_CONVERSATIONS))
def get_account(request: ApiRequest, account_id: int) -> Account:
    """One account."""
    account = _visible(request.agent).filter(pk=account_id).first()
    if account is None:
        raise ProblemError("not-found", _("No such account."))
    return _shown(account)


def _visible(agent: Agent) -> QuerySet[ChannelAccount]:
    accounts = ChannelAccount.objects.select_related("brand", "team", "health").defer("encrypted_credentials")
    accounts = accounts.exclude(pk__in=ChannelAccount.objects.hidden_from(agent).order_by().values("pk"))
    if may(agent, Permission.SEE_EVERY_TEAM):
        return accounts
    return accounts.filter(team__in=agent.teams.all())


def _shown(account: ChannelAccount) -> Account:
    health: AccountHealth | None = getattr(account, "health", None)
    return Account(
        id=account.pk,
        kind=account.kind,
        name=account.name,
        handle=account.handle,
        own_id=account.own_id,
        status=account.status,
        brand=Named(id=account.brand.pk, name=account.brand.name),
        team=Named(id=account.team.pk, name=account.team.name),
        health=_shown_health(health) if health else Health(),
        created_at=account.created_at,
    )


def _shown_health(health: AccountHealth) -> Health:
    return Health(
        last_delivery_at=health.last_delivery_at,
        last_checked_at=health.last_checked_at,
        last_error=health.last_error,
        last_error_at=health.last_error_at,
        unsent_since=health.unsent_since,
        token_expires_at=health.token_expires_at,
    )
