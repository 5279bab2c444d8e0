"""Looking after accounts: accesses are renewed before they end, networks are reminded where to deliver."""

from __future__ import annotations

from datetime import timedelta

import structlog

from comptoir.channels.actions import disconnect_account, keep_error
from comptoir.channels.models import ChannelAccount
from comptoir.channels.renewing import renew_if_due
from comptoir.channels.subscribing import look_after_subscription
from comptoir.channels.templates import read_templates_if_due
from comptoir.connectors.base import AuthError, ConnectorError
from comptoir.connectors.registry import UnknownKindError
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.tasks import OUTSIDE, defer, task

log = structlog.get_logger("comptoir.channels")

#: Idle accounts are renewed too: many networks void a refresh token that is not used for long.
_AHEAD = timedelta(minutes=30)


@task("channels.look_after_accounts", every="*/10 * * * *")
def look_after_accounts(timestamp: int) -> None:
    """Every ten minutes, see to each account by itself: one that is slow to answer holds up no other."""
    for account_id in ChannelAccount.objects.active().values_list("pk", flat=True):
        defer("channels.look_after", only_once=f"look-after:{account_id}", account_id=account_id)


@task("channels.look_after", lane=OUTSIDE)
def look_after(account_id: int) -> None:
    """Renew the account's access where it ends soon, and have the network deliver to us where it forgot."""
    account = ChannelAccount.objects.active().filter(pk=account_id).first()
    if account is None:
        return
    try:
        renew_if_due(account, ahead=_AHEAD)
        look_after_subscription(account)
        read_templates_if_due(account)
    except AuthError as error:
        disconnect_account(account, reason=error.reason)
    except ConnectorError as error:
        keep_error(account, reason=error.reason)
    except (UnreadableSecretError, UnknownKindError) as error:
        log.warning("account cannot be looked after", account=account_id, reason=str(error))
