"""What customers have said on their network about being written to at all."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.db import connection

from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import Connector, HeedsRefusals
from comptoir.conversations.models import Conversation, Message
from comptoir.core.reasons import Reason

# A wish stands in every conversation of the person on that account, not only where it was said.
_SAID_LAST = """
SELECT one.id, last.custom::text
FROM conversations_conversation AS one, LATERAL (
    SELECT said.custom FROM conversations_message AS said
    WHERE said.identity_id = one.identity_id AND said.account_id = one.account_id AND said.direction = 'incoming'
        AND said.custom ? %(wish)s
    ORDER BY said.sent_at DESC, said.id DESC LIMIT 1
) AS last
WHERE one.account_id = %(account)s AND one.identity_id IN (
    SELECT identity_id FROM conversations_conversation WHERE id = ANY(%(touched)s))
    AND (one.id = ANY(%(touched)s) OR one.waiting_since IS NOT NULL)
"""


def refusal_of(connector: type[Connector], conversation: Conversation) -> Reason | None:
    """Why the customer may not be written to from this account, where the network knows such wishes.

    They stand beyond the conversation in which they were said.
    """
    if not issubclass(connector, HeedsRefusals):
        return None
    said = Message.objects.incoming().filter(
        identity=conversation.identity_id, conversation__account=conversation.account_id, custom__has_key=connector.wish
    )
    last = said.order_by("-sent_at", "-pk").first()
    return connector.refusal(last.custom) if last is not None else None


def knows_wishes(kind: str) -> bool:
    """Whether customers can say on a kind of network that they do not want to be written to."""
    return issubclass(registry.connector_classes().get(kind, object), HeedsRefusals)


def is_refusing(conversation: Conversation) -> bool:
    """Whether the customer is not to be written to from this account: nobody owes them an answer there."""
    kind = registry.connector_classes().get(conversation.account.kind)
    return kind is not None and refusal_of(kind, conversation) is not None


def refusing(account: ChannelAccount, conversation_ids: Collection[int]) -> list[int]:
    """Of these conversations, and of others in which the same people wait, those that may not be written to."""
    kind = registry.connector_classes().get(account.kind)
    if kind is None or not issubclass(kind, HeedsRefusals) or not conversation_ids:
        return []
    asked: dict[str, Any] = {"wish": kind.wish, "account": account.pk, "touched": sorted(conversation_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_SAID_LAST, asked)
        found = cursor.fetchall()
    return sorted(pk for pk, custom in found if kind.refusal(json.loads(custom)) is not None)
