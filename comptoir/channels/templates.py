"""The texts that a network approved: read from it once a day, or when the account is checked."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from comptoir.channels.connecting import opened
from comptoir.channels.models import AccountHealth, ChannelAccount, MessageTemplate
from comptoir.connectors import base
from comptoir.connectors.base import Connector, SendsTemplates
from comptoir.connectors.registry import connector_class
from comptoir.core.clock import now

_READ_EVERY = timedelta(days=1)
_APPROVED = "approved"


def read_templates(connector: Connector, account: ChannelAccount) -> int:
    """Keep the account's templates as the network has them now; how many. Raises ConnectorError."""
    if not isinstance(connector, SendsTemplates):
        return 0
    return _keep(account, {(one.name, one.language): one for one in connector.templates()})


def read_templates_if_due(account: ChannelAccount) -> None:
    """Read them once a day. Raises ConnectorError."""
    if not issubclass(connector_class(account.kind), SendsTemplates):
        return
    due = AccountHealth.objects.filter(account=account).exclude(templates_read_at__gt=now() - _READ_EVERY)
    if due.update(templates_read_at=now()):
        with opened(account) as connector:
            read_templates(connector, account)


@transaction.atomic
def _keep(account: ChannelAccount, found: dict[tuple[str, str], base.MessageTemplate]) -> int:
    rows = [
        MessageTemplate(
            account=account,
            name=one.name[:512],
            language=one.language[:20],
            text=one.text,
            blanks=one.blanks,
            status=one.status[:30],
            is_approved=one.status.lower() == _APPROVED,
        )
        for one in found.values()
    ]
    kept = MessageTemplate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["account", "name", "language"],
        update_fields=["text", "blanks", "status", "is_approved"],
    )
    names = {(row.name, row.language) for row in rows}
    gone = [one.pk for one in MessageTemplate.objects.filter(account=account) if (one.name, one.language) not in names]
    MessageTemplate.objects.filter(pk__in=gone).delete()
    return len(kept)
