"""From a stored account to the connector that speaks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

from comptoir.channels.models import ChannelAccount
from comptoir.channels.renewing import renew_if_due
from comptoir.connectors.base import AuthError, Connector, CredentialField
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.core.http import new_client


class _NoNetwork(httpx.BaseTransport):
    """Parsing is pure: whoever calls the network from it has made a mistake, and is told so."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"parsing must not call {request.url}")


_NO_NETWORK = httpx.Client(transport=_NoNetwork())


@contextmanager
def opened(account: ChannelAccount) -> Iterator[Connector]:
    """The account's connector, with its credentials and a client of its own; renewed credentials are stored at the end.

    Raises UnknownKindError, core.crypto.UnreadableSecretError, AuthError where a credential was never entered, and any
    ConnectorError where credentials that end could not be renewed.
    """
    renew_if_due(account)
    kind, credentials = connector_class(account.kind), account.credentials
    missing = [field.name for field in kind.credential_fields if field.required and not credentials.get(field.name)]
    if missing:
        raise AuthError(
            "This account lacks credentials (%(fields)s). Enter them to connect it.", fields=", ".join(missing)
        )
    with new_client() as http:
        connector = kind(credentials, http, own_id=account.network_id or None)
        try:
            yield connector
        finally:
            _keep_renewed(account, connector)


@contextmanager
def tried(account: ChannelAccount, credentials: Mapping[str, str]) -> Iterator[Connector]:
    """The account's connector with other credentials, to see whether they work; nothing is stored."""
    with new_client() as http:
        yield connector_class(account.kind)(credentials, http, own_id=account.network_id or None)


def _keep_renewed(account: ChannelAccount, connector: Connector) -> None:
    """Store rotated tokens by themselves, also after a failure: the old ones may no longer work.

    Where somebody entered other credentials meanwhile, theirs stay.
    """
    renewed = connector.renewed_credentials()
    if renewed is not None:
        unchanged = ChannelAccount.objects.filter(
            pk=account.pk, encrypted_credentials=bytes(account.encrypted_credentials)
        )
        account.credentials = renewed
        unchanged.update(encrypted_credentials=account.encrypted_credentials)


def parser_for(account: ChannelAccount) -> Connector:
    """A connector that can parse, verify and build, but not call: cheap, made once per account and batch.

    Raises UnknownKindError and core.crypto.UnreadableSecretError.
    """
    return connector_class(account.kind)(account.credentials, _NO_NETWORK, own_id=account.network_id or None)


def short_credentials(account: ChannelAccount) -> list[CredentialField]:
    """What opens the account and is shorter than what would be accepted today.

    Raises core.crypto.UnreadableSecretError.
    """
    try:
        fields = connector_class(account.kind).credential_fields
    except UnknownKindError:
        return []
    stored = account.credentials
    return [one for one in fields if 0 < len(stored.get(one.name, "")) < one.least_chars]
