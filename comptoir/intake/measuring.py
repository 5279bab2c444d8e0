"""What networks count of us, kept once a day: followers, views, what our posts set off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from comptoir.channels.connecting import opened
from comptoir.channels.models import ChannelAccount, Figure
from comptoir.connectors import base
from comptoir.connectors.base import Measures
from comptoir.connectors.registry import connector_class
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.intake.models import ContextPost

_MOST_POSTS = 50
#: What customers said to us that day, counted by ourselves: where they are, and how far we depend on one network.
RECEIVED = "received"


def measure_account(account: ChannelAccount, *, measured_on: date) -> int:
    """Keep today's figures of one account, in the place of those of an earlier round; how many.

    Raises ConnectorError, UnknownKindError and core.crypto.UnreadableSecretError.
    """
    figures: list[base.Figure] = []
    if issubclass(connector_class(account.kind), Measures):
        with opened(account) as connector:
            assert isinstance(connector, Measures)
            figures += [one for one in connector.figures(_newest_posts(account)) if one.name in base.FIGURES]
    return _keep(account, figures, measured_on)


def count_received(account_ids: Iterable[int], *, received_on: date) -> None:
    """Keep how many messages customers sent on each account that day."""
    for account in ChannelAccount.objects.filter(pk__in=list(account_ids)):
        said = Message.objects.incoming().filter(account=account, sent_at__date=received_on)
        _keep(account, [base.Figure(RECEIVED, float(said.count()))], received_on)


def _newest_posts(account: ChannelAccount) -> list[str]:
    """Our own newest public words there, those that came as context among them."""
    since = now() - timedelta(days=30)
    answers = Message.objects.outgoing().filter(
        account=account, visibility="public", external_id__isnull=False, deleted_at=None, sent_at__gt=since
    )
    posts = ContextPost.objects.filter(account=account, is_ours=True, sent_at__gt=since)
    found = [
        (sent_at, external_id)
        for rows in (answers, posts)
        for sent_at, external_id in rows.order_by("-sent_at").values_list("sent_at", "external_id")[:_MOST_POSTS]
        if external_id
    ]
    return list(dict.fromkeys(external_id for _at, external_id in sorted(found, reverse=True)))[:_MOST_POSTS]


def _keep(account: ChannelAccount, figures: Iterable[base.Figure], measured_on: date) -> int:
    """One row a figure and day: of a figure that comes twice, the last one counts."""
    kept = {
        (one.name, one.external_id or ""): Figure(
            account=account,
            measured_on=measured_on,
            name=one.name,
            external_id=(one.external_id or "")[:1000],
            value=one.value,
            best=one.best,
        )
        for one in figures
    }
    Figure.objects.bulk_create(
        kept.values(),
        update_conflicts=True,
        unique_fields=["account", "name", "external_id", "measured_on"],
        update_fields=["value", "best"],
    )
    return len(kept)
