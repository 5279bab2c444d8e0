"""Discord's REST API for one bot, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError
from comptoir.connectors.shared.untrusted import mapping, name, number, whole
from comptoir.core.reasons import Reason

VERSION = "v10"
BASE = f"https://discord.com/api/{VERSION}"
#: Codes of what is not there (any more): message, channel.
GONE = frozenset(["10008"])
_MEANINGS = {
    10003: Reason("This channel no longer exists."),
    10008: Reason("This message no longer exists."),
    20028: Reason("Discord asks us to slow down in this channel (slow mode)."),
    40005: Reason("The files are too large for this server."),
    50001: Reason("The bot does not see this channel: give its role access."),
    50007: Reason("The customer takes no private messages from members of this server."),
    50013: Reason("The bot lacks a permission for this: give it to its role."),
    50278: Reason("The customer shares no server with the bot any more: nothing can be written to them in private."),
    90001: Reason("The customer has blocked the bot."),
}


@dataclass(frozen=True, slots=True)
class Api:
    """The API, called as one bot."""

    token: str
    network: Network

    @classmethod
    def of(cls, credentials: Mapping[str, str], http: httpx.Client) -> Api:
        """The bot that the credentials name. Raises AuthError where they hold no token."""
        token = credentials.get("bot_token", "").strip().removeprefix("Bot ")
        if not token:
            raise AuthError("Enter the bot's token, from the developer portal's page “Bot”.")
        return cls(token, Network("Discord", http, _judge))

    def call(self, method: str, path: str, *, repeatable: bool | None = None, **options: Any) -> Answered:
        """Call one route. Raises what `Network.call` raises; a RefusedError's ``code`` is Discord's own."""
        headers = {"Authorization": f"Bot {self.token}", "User-Agent": "DiscordBot (comptoir, 1)"}
        return self.network.call(method, f"{BASE}{path}", repeatable=repeatable, headers=headers, **options)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of one reading call."""
        return self.call("GET", path, params=query).content


def _judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    answer = mapping(content)
    if response.status_code == 429:
        seconds = number(answer.get("retry_after"))
        pause = timedelta(seconds=min(max(seconds, 0.0), 86_400)) if seconds is not None else None
        return TransientError("Discord asks us to slow down (rate limit).", retry_after=pause)
    code = whole(answer.get("code"))
    if response.is_success or code is None or response.status_code >= 500:
        return None
    if response.status_code == 401:
        return AuthError("Discord does not accept this bot's token: make a new one in the developer portal.")
    if code == 20028:
        return TransientError("Discord asks us to slow down in this channel (slow mode).")
    said = name(answer.get("message")) or ""
    reason = _MEANINGS.get(code) or Reason("Discord refused (%(code)s): “%(said)s”.", code=code, said=said)
    return RefusedError(reason, status=response.status_code, code=str(code))
