"""Credentials that end: exchanged for fresh ones before they do, by one process at a time."""

from __future__ import annotations

from datetime import timedelta

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
    kind = connector_class(account.kind)
    if not issubclass(kind, RenewsCredentials):
        return False
    with new_client() as http:
        connector = kind(account.credentials, http, own_id=account.own_id or None)
        renew_at = connector.renew_at() if isinstance(connector, RenewsCredentials) else None
    return renew_at is not None and renew_at <= now() + ahead


def _renew(account: ChannelAccount) -> None:
    with new_client() as http:
        connector: Connector = connector_class(account.kind)(account.credentials, http, own_id=account.own_id or None)
        assert isinstance(connector, RenewsCredentials)
        account.credentials = connector.renew()
        fresh = connector_class(account.kind)(account.credentials, http, own_id=account.own_id or None)
        renew_at = fresh.renew_at() if isinstance(fresh, RenewsCredentials) else None
    account.save(update_fields=["encrypted_credentials"])
    AccountHealth.objects.filter(account=account).update(token_expires_at=renew_at)
