"""Where networks deliver to us: told to those that let themselves be told, and looked at again."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from comptoir.channels.connecting import opened
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors.base import Connector, ConnectorError, Streams, SubscribesWebhooks
from comptoir.connectors.registry import connector_class
from comptoir.core.clock import now
from comptoir.core.reasons import Reason
from comptoir.events.record import record

_ASKED_EVERY = timedelta(hours=1)


def hook_url(account: ChannelAccount) -> str:
    """The address to which the account's network delivers."""
    return f"{settings.BASE_URL}/hooks/{account.kind}/{account.hook_key}/"


def subscribe(connector: Connector, account: ChannelAccount) -> Reason | None:
    """Have the network deliver to us, where it does not; what stands in the way, for people."""
    if not isinstance(connector, SubscribesWebhooks) or is_heard_otherwise(connector):
        return None
    url = hook_url(account)
    try:
        if not connector.is_subscribed(url):
            connector.subscribe(url)
    except ConnectorError as error:
        return Reason(
            "The network does not deliver to this counter: %(reason)s What customers write is fetched less quickly, or "
            "not at all, until it does.",
            reason=error.reason,
        )
    _note_subscribed(account)
    return None


def is_heard_otherwise(connector: Connector) -> bool:
    """Where nobody can be told the address, and a stream brings what there is: an Asterisk among telephones."""
    is_deaf = isinstance(connector, SubscribesWebhooks) and not connector.subscribes_here()
    return is_deaf and isinstance(connector, Streams) and connector.streams_here()


def look_after_subscription(account: ChannelAccount) -> None:
    """Subscribe again where the network forgot us; recorded where that was so. Raises ConnectorError.

    A network is asked once an hour at most.
    """
    if not issubclass(connector_class(account.kind), SubscribesWebhooks) or not _is_due(account):
        return
    url = hook_url(account)
    with opened(account) as connector:
        assert isinstance(connector, SubscribesWebhooks)
        if connector.subscribes_here() and not connector.is_subscribed(url):
            try:
                connector.subscribe(url)
            except ConnectorError as error:
                _note_lost(account, error.reason)
                raise
    _note_subscribed(account)


def _is_due(account: ChannelAccount) -> bool:
    asked = AccountHealth.objects.filter(account=account)
    due = asked.exclude(subscription_checked_at__gt=now() - _ASKED_EVERY)
    return bool(due.update(subscription_checked_at=now()))


@transaction.atomic
def _note_lost(account: ChannelAccount, reason: str) -> None:
    if AccountHealth.objects.filter(account=account, subscription_lost_at=None).update(subscription_lost_at=now()):
        record("account.subscription_lost", subject=account, reason=reason)


@transaction.atomic
def _note_subscribed(account: ChannelAccount) -> None:
    lost = AccountHealth.objects.filter(account=account).exclude(subscription_lost_at=None)
    if lost.update(subscription_lost_at=None):
        record("account.subscribed", subject=account)
