"""Disconnecting an account for good: its access is given back, what opened it forgotten, what was said with it kept."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from comptoir.channels.actions import keep_error
from comptoir.channels.connecting import opened
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Connector, ConnectorError, Family, SignsIn
from comptoir.connectors.registry import connector_class
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.reasons import Reason
from comptoir.events.record import SYSTEM, Actor, record

_LEFT = Reason("It was disconnected here, and what opened it was forgotten. Connect it again to go on.")


def leave_network(account: ChannelAccount, *, by: Actor = SYSTEM) -> Reason | None:
    """Use an account no more: give its access back to the network, and forget all that opens it but the application.

    What is left to be done at the network by hand; None where nothing is. Raises UnknownKindError.
    """
    _stop_using(account, by)
    left_to_do = _given_back(account)
    with transaction.atomic():
        held = ChannelAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        held.credentials = _of_the_application(connector_class(held.kind), _readable(held))
        held.save(update_fields=["encrypted_credentials"])
        keep_error(held, reason=_LEFT)
    return left_to_do


@transaction.atomic
def _stop_using(account: ChannelAccount, by: Actor) -> None:
    """First of all, so that nobody uses, or renews, an access that is being given back."""
    held = ChannelAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    held.status = account.status = ChannelAccount.Status.DISCONNECTED
    held.save(update_fields=["status"])
    record("account.left", subject=held, by=by)


def _given_back(account: ChannelAccount) -> Reason | None:
    kind = connector_class(account.kind)
    if kind.family is Family.OWN:
        return None
    if not issubclass(kind, SignsIn) or kind.revoke is SignsIn.revoke:
        return Reason(
            "%(network)s lets no program give an access back: withdraw it there, in the settings of the account or of "
            "your application.",
            network=kind.label,
        )
    try:
        with opened(account) as connector:
            assert isinstance(connector, SignsIn)
            connector.revoke()
    except (ConnectorError, UnreadableSecretError) as error:
        return Reason(
            "%(network)s could not be told: withdraw the access there, in the settings of the account. (%(reason)s)",
            network=kind.label,
            reason=error.reason,
        )
    return None


def _readable(account: ChannelAccount) -> Mapping[str, str]:
    try:
        return account.credentials
    except UnreadableSecretError:
        return {}


def _of_the_application(kind: type[Connector], credentials: Mapping[str, str]) -> dict[str, str]:
    """What does not open the account: what is no secret, and the application by which one signs in again."""
    fields = {field.name for field in kind.credential_fields if not field.secret}
    if issubclass(kind, SignsIn):
        fields |= {kind.oauth.client_id, kind.oauth.client_secret}
    return {name: text for name, text in credentials.items() if name in fields}
