"""Having the other side see that we type, and have read, where its network shows that. Nothing of it is kept."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from comptoir.channels.connecting import opened
from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import Author, ConnectorError, Family, SignalsTyping
from comptoir.connectors.registry import UnknownKindError
from comptoir.conversations.models import Conversation
from comptoir.conversations.threads import network_thread
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.tasks import defer
from comptoir.delivery.handover import holder_of

#: The shortest time that a network shows it for: Telegram's.
_SHOWN_FOR = timedelta(seconds=5)
#: Whoever begins after such a pause has read what was said meanwhile.
_PAUSE = timedelta(minutes=1)


def show_typing(conversation: Conversation, *, before: datetime | None) -> None:
    """Have the customer of a private exchange see that an agent types; ``before`` is when it was typed last.

    As often as networks forget it, and no more.
    """
    if conversation.is_public or not _shows_typing(conversation.account):
        return
    present = now()
    if before is not None and _span(before) == _span(present):
        return
    defer(
        "delivery.signal",
        only_once=f"signal-{conversation.pk}",
        conversation_id=conversation.pk,
        has_read=before is None or present - before > _PAUSE,
        typed_at=present.timestamp(),
    )


def signal(conversation_id: int, *, has_read: bool, typed_at: float) -> None:
    """Tell the network, unless it is too late for it; whatever it answers, nothing is lost."""
    conversation = Conversation.objects.select_related("account", "identity").get(pk=conversation_id)
    account, held = conversation.account, holder_of(conversation)
    is_late = now().timestamp() - typed_at > 2 * _SHOWN_FOR.total_seconds()
    if is_late or account.status != ChannelAccount.Status.ACTIVE or (held is not None and not held.is_ours):
        return
    person, thread_id = Author(id=conversation.identity.external_id), network_thread(conversation.thread_id)
    with contextlib.suppress(ConnectorError, UnknownKindError, UnreadableSecretError), opened(account) as connector:
        assert isinstance(connector, SignalsTyping)
        if has_read:
            connector.signal(person, "read", thread_id=thread_id)
        connector.signal(person, "typing", thread_id=thread_id)


def _shows_typing(account: ChannelAccount) -> bool:
    """Our own channels see the draft itself."""
    kind = registry.connector_classes().get(account.kind)
    return kind is not None and issubclass(kind, SignalsTyping) and kind.family is not Family.OWN


def _span(at: datetime) -> int:
    return int(at.timestamp() // _SHOWN_FOR.total_seconds())
