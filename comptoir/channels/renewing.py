"""Credentials that end: exchanged for fresh ones before they do, by one process at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
from django.db import transaction

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors.base import Connector, RenewsCredentials
from comptoir.connectors.registry import connector_class
from comptoir.core.clock import now
from comptoir.core.http import new_client

#: An access that ends within this time is renewed before it is used.
_AHEAD = timedelta(minutes=5)


def renew_if_due(account: ChannelAccount, *, ahead: timedelta = _AHEAD) -> bool:
    """Renew the account's credentials where they end soon; whether they changed, here or in another process meanwhile.

    The row is locked while the network is asked: most networks void the old refresh token with the first use, and a
    second process that used it too would lose the account. Raises ConnectorError (an AuthError where only a person can
    open the account again) and core.crypto.UnreadableSecretError.
    """
    if not _is_due(account, ahead):
        return False
    with transaction.atomic():
        held = ChannelAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        if _is_due(held, ahead):
            _renew(held)
        account.encrypted_credentials = held.encrypted_credentials
    return True


def _is_due(account: ChannelAccount, ahead: timedelta) -> bool:
    with new_client() as http:
        ends_at = _renew_at(connector_class(account.kind), account, http)
    return ends_at is not None and ends_at <= now() + ahead


def _renew(account: ChannelAccount) -> None:
    kind = connector_class(account.kind)
    with new_client() as http:
        connector = kind(account.credentials, http, own_id=account.network_id or None)
        assert isinstance(connector, RenewsCredentials)
        account.credentials = connector.renew()
        ends_at = _renew_at(kind, account, http)
    account.save(update_fields=["encrypted_credentials"])
    AccountHealth.objects.filter(account=account).update(token_expires_at=ends_at)


def _renew_at(kind: type[Connector], account: ChannelAccount, http: httpx.Client) -> datetime | None:
    """When the account's credentials are to be renewed; None where they do not end."""
    if not issubclass(kind, RenewsCredentials):
        return None
    connector = kind(account.credentials, http, own_id=account.network_id or None)
    return connector.renew_at()
