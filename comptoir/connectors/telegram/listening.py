"""How updates reach us: by webhook, or asked for where no webhook is set."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import flag, mapping, mappings, name, whole
from comptoir.connectors.telegram.bot import HOOKED, Bot
from comptoir.core.reasons import Reason

#: What we want to be told; reactions are told only to who asks for them.
ALLOWED = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "message_reaction", "callback_query", "my_chat_member",
)  # fmt: skip
_PAGE = 100
_MOST_PAGES = 50


def set_webhook(bot: Bot, url: str, secret: str) -> None:
    """Have updates delivered to ``url``, each with our secret in a header."""
    bot.call("setWebhook", url=url, secret_token=secret, allowed_updates=list(ALLOWED), max_connections=20)


def is_delivered_to(bot: Bot, url: str) -> bool:
    """Whether updates are delivered to ``url`` now, with all the kinds that we want.

    Telegram delivers by https only: to any other address nothing is to be delivered, and nothing is missing.
    """
    if not url.startswith("https://"):
        return True
    told = mapping(bot.call("getWebhookInfo"))
    allowed = told.get("allowed_updates")
    return told.get("url") == url and (not isinstance(allowed, list) or set(ALLOWED) <= {str(one) for one in allowed})


def waiting_updates(bot: Bot, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Updates that wait; asking for the next ones tells Telegram that the former are stored. None with a webhook."""
    after = whole(cursor.get("after"))
    for _page in range(_MOST_PAGES):
        try:
            found = bot.call(
                "getUpdates", offset=after + 1 if after is not None else None, limit=_PAGE, timeout=0,
                allowed_updates=list(ALLOWED),
            )  # fmt: skip
        except RefusedError as error:
            if error.code == HOOKED:
                return
            raise
        updates = mappings(found)
        numbers = [number for update in updates if (number := whole(update.get("update_id"))) is not None]
        if not numbers:
            return
        after = max(numbers)
        deliveries = [
            Delivery(json.dumps(update, default=str).encode(), key=name(update.get("update_id"))) for update in updates
        ]
        yield Page(deliveries, {"after": after})


def remarks_on(bot: Bot, me: Mapping[str, Any]) -> tuple[Reason, ...]:
    """What is worth knowing of a bot that works."""
    remarks = []
    if not flag(me.get("can_read_all_group_messages")):
        remarks.append(
            Reason("In groups the bot reads only commands and answers to it, until /setprivacy is disabled.")
        )
    told = mapping(bot.call("getWebhookInfo"))
    failed = name(told.get("last_error_message"))
    if failed and whole(told.get("pending_update_count")):
        remarks.append(Reason("Telegram could not deliver lately: “%(said)s”.", said=failed))
    return tuple(remarks)
