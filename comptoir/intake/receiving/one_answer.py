"""Networks that keep one answer under a review: ours may be written anew, or changed, on the network's own pages."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from datetime import timedelta

from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.events.record import Happening
from comptoir.intake.arrivals import Arrival
from comptoir.intake.receiving.rows import KnownMessage, rows, run

#: What was written longer than this before the answer that we know was read on a page from before it.
_CLOCKS_DIFFER = timedelta(minutes=5)

_OURS = """
SELECT external_id, text, sent_at FROM conversations_message
WHERE account_id = %s AND external_id = ANY(%s) AND direction = 'outgoing' AND state IN ('sent', 'delivered', 'read')
    AND deleted_at IS NULL
"""
_RELEASE = "UPDATE conversations_message SET external_id = NULL WHERE account_id = %s AND external_id = ANY(%s)"

# The last to be written is the one that is read there, in whatever order they are told of.
_REPLACE = """
UPDATE conversations_message AS earlier SET deleted_at = GREATEST(later.sent_at, earlier.sent_at)
FROM (
    SELECT DISTINCT ON (conversation_id, visibility) conversation_id, visibility, id, sent_at
    FROM conversations_message
    WHERE conversation_id = ANY(%s) AND direction = 'outgoing' AND state IN ('sent', 'delivered', 'read')
        AND deleted_at IS NULL
    ORDER BY conversation_id, visibility, sent_at DESC, id DESC
) AS later
WHERE earlier.conversation_id = later.conversation_id AND earlier.visibility = later.visibility
    AND earlier.id <> later.id AND earlier.direction = 'outgoing' AND earlier.state IN ('sent', 'delivered', 'read')
    AND earlier.deleted_at IS NULL
RETURNING earlier.id, earlier.conversation_id, later.id
"""


def keeps_one_answer(account: ChannelAccount) -> bool:
    """Whether a second answer takes the place of the first there."""
    kind = registry.connector_classes().get(account.kind)
    return kind is not None and kind.limits.one_answer


def release_rewritten(
    account_id: int, spoken: Mapping[str, Arrival], known: Mapping[str, KnownMessage]
) -> Collection[str]:
    """The ids under which other words of ours stand now than those that we know: what we know loses them, so that the
    new words come in as an answer that takes the place of the one before.
    """
    told = {name: arrival for name, arrival in spoken.items() if name in known and arrival.is_ours}
    stored = rows(_OURS, [account_id, sorted(told)]) if told else []
    others = [
        name
        for name, text, sent_at in stored
        if told[name].at > sent_at - _CLOCKS_DIFFER and _words_of(text) != _words_of(told[name].text)
    ]
    if others:
        run(_RELEASE, [account_id, others])
    return others


def _words_of(text: str) -> str:
    """Letters and digits alone: a network may leave out emoji, and write signs and spaces in its own way."""
    return "".join(filter(str.isalnum, html.unescape(text))).casefold()


def replace_earlier(conversation_ids: Collection[int]) -> list[Happening]:
    """Where an answer of ours came in: those before it are read by nobody any more."""
    if not conversation_ids:
        return []
    replaced = sorted(rows(_REPLACE, [sorted(conversation_ids)]))
    return [
        Happening("message.replaced", "message", pk, conversation_id=conversation, details={"by_message": later})
        for pk, conversation, later in replaced
    ]
