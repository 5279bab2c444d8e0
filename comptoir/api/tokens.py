"""Tokens: which there are, and their end. They are made on the command line, by who runs the installation."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from comptoir.api.actions import revoke_token
from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.models import ApiToken
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Named
from comptoir.people.permissions import Permission

router = Router(tags=["tokens"])


class Token(Schema):
    id: int
    name: str
    prefix: str
    agent: Named
    role: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenPage(Schema):
    items: list[Token]
    next: str | None = None


@router.get("/tokens/current", response=Token, **needs(None))
def get_current_token(request: ApiRequest) -> Token:
    """The token that asks: whom it acts for, and what it may do."""
    return _shown(request.token)


@router.get("/tokens", response=TokenPage, **needs(Scope.ADMIN, Permission.SET_UP))
def list_tokens(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> TokenPage:
    """Every token, without its secret."""
    tokens = ApiToken.objects.select_related("agent")
    found, following = page_of(tokens, by=["id"], cursor=cursor, limit=limit, request=request)
    return TokenPage(items=[_shown(token) for token in found], next=following)


@router.delete("/tokens/{int:token_id}", response={204: None}, **needs(Scope.ADMIN, Permission.SET_UP))
def end_token(request: ApiRequest, token_id: int) -> Status[None]:
    """Revoke a token at once, also this one."""
    token = ApiToken.objects.filter(pk=token_id).first()
    if token is None:
        raise ProblemError("not-found", _("No such token."))
    revoke_token(token, by=acting(request))
    return Status(204, None)


def _shown(token: ApiToken) -> Token:
    return Token(
        id=token.pk,
        name=token.name,
        prefix=token.prefix,
        agent=Named(id=token.agent.pk, name=token.agent.name),
        role=token.agent.role,
        scopes=token.scopes,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        revoked_at=token.revoked_at,
    )
