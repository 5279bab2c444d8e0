"""Making and revoking tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from comptoir.api.models import ApiToken, IdempotentAnswer
from comptoir.api.scopes import Scope
from comptoir.core.clock import now
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Agent


@transaction.atomic
def create_token(
    *, name: str, agent: Agent, scopes: Iterable[str], expires_at: datetime | None = None, by: Actor = SYSTEM
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is not kept. Raises ValueError for a scope there is not."""
    wanted = sorted({Scope(scope).value for scope in scopes})
    token = ApiToken(name=name, agent=agent, scopes=wanted, expires_at=expires_at)
    secret = token.new_secret()
    token.save()
    record("token.created", subject=token, by=by, agent=agent, scopes=wanted)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Actor = SYSTEM) -> None:
    """End it at once; doing so twice records it once."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now()):
        record("token.revoked", subject=token, by=by)


def forget_old_answers() -> int:
    """Drop the answers that nobody may ask for again."""
    return IdempotentAnswer.objects.filter(created_at__lt=now() - IdempotentAnswer.LIFETIME).delete()[0]
