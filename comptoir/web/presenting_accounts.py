"""What is shown of an account: its health in words, its addresses, what is not verified."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors.base import Connector, ReceivesWebhooks
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.core.clock import now

_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """One account and how it is. ``state`` is a word for the eye: fine, trouble, broken, paused."""

    account: ChannelAccount
    health: AccountHealth | None
    state: str
    is_expiring: bool
    cursor: str
    reservations: str


def accounts_seen() -> Sequence[AccountSeen]:
    """Every account, in one query."""
    return [_seen(account) for account in ChannelAccount.objects.select_related("health", "brand", "team")]


def _seen(account: ChannelAccount) -> AccountSeen:
    health: AccountHealth | None = getattr(account, "health", None)
    expires_at: datetime | None = health.token_expires_at if health else None
    return AccountSeen(
        account=account,
        health=health,
        state=_state(account, health),
        is_expiring=expires_at is not None and expires_at - now() < _SOON,
        cursor=_short(health.cursor) if health else "",
        reservations=_kind_reservations(account.kind),
    )


def _state(account: ChannelAccount, health: AccountHealth | None) -> str:
    if account.status == ChannelAccount.Status.DISCONNECTED:
        return "broken"
    if account.status == ChannelAccount.Status.PAUSED:
        return "paused"
    return "trouble" if health and health.last_error else "fine"


def _short(cursor: Any) -> str:
    text = json.dumps(cursor, ensure_ascii=False) if cursor else ""
    return text if len(text) <= 200 else text[:200] + "…"


def _kind_reservations(kind: str) -> str:
    try:
        return reservations(connector_class(kind))
    except UnknownKindError:
        return ""


def reservations(connector: type[Connector]) -> str:
    """What of the connector was not tried against the real service, in the reader's language."""
    return connector.unverified[0 if (get_language() or "fr").startswith("fr") else 1]


def embedding(account: ChannelAccount) -> str:
    """What the company adds to its own site for this account; empty where there is nothing to add."""
    try:
        line = connector_class(account.kind).embedding
    except UnknownKindError:
        return ""
    return line.format(base=settings.BASE_URL, key=account.hook_key)


def own_addresses(account: ChannelAccount) -> list[str]:
    """Where the network delivers to us, where it does."""
    try:
        receives = issubclass(connector_class(account.kind), ReceivesWebhooks)
    except UnknownKindError:
        return []
    return [f"{settings.BASE_URL}/hooks/{account.kind}/{account.hook_key}/"] if receives else []
