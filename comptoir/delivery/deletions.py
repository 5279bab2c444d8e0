"""Taking a message of ours off the network."""

from __future__ import annotations

from django.db import transaction

from comptoir.channels.actions import disconnect_account
from comptoir.channels.connecting import opened
from comptoir.connectors.base import AuthError, ConnectorError, Moderates, PermanentError
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.events.record import Actor, record


def delete_from_network(message_id: int, *, by: Actor) -> None:
    """Ask the network and write down its answer.

    Raises TransientError, and UncertainError (deleting again is harmless), when it should be asked again.
    """
    message = Message.objects.select_related("account").get(pk=message_id)
    if message.deleted_at is not None or not message.external_id:
        return
    try:
        with opened(message.account) as connector:
            if not isinstance(connector, Moderates):
                return
            connector.delete(message.external_id, message.custom)
    except AuthError as error:
        disconnect_account(message.account, reason=str(error))
        refuse_deletion(message, error, by=by)
    except PermanentError as error:
        refuse_deletion(message, error, by=by)
    else:
        _keep_deleted(message, by)


def refuse_deletion(message: Message, error: ConnectorError, *, by: Actor) -> None:
    """The network does not delete it: the reason is in the record."""
    record("message.deletion_refused", subject=message, by=by, reason=str(error))


@transaction.atomic
def _keep_deleted(message: Message, by: Actor) -> None:
    if Message.objects.filter(pk=message.pk, deleted_at=None).update(deleted_at=now()):
        record("message.deleted", subject=message, by=by)
