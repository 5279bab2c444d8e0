"""The Bot API of one bot: calling its methods, and what its refusals mean."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, PermanentError, TransientError
from comptoir.connectors.shared.calling import Network, RefusedError
from comptoir.connectors.shared.untrusted import inside, mapping, name, whole
from comptoir.core.reasons import Reason

DEFAULT_API = "https://api.telegram.org"
_NOT_THERE = ("message to delete not found", "message to edit not found", "message_id_invalid")
#: Codes of our own for refusals that whoever called may want to treat as something else.
GONE, UNCHANGED, MOVED, HOOKED = "gone", "unchanged", "moved:", "hooked"


@dataclass(frozen=True, slots=True)
class Bot:
    """One bot, by its token. The token is in every address: it must not be shown."""

    token: str
    api: str
    network: Network

    @classmethod
    def of(cls, credentials: Mapping[str, str], http: httpx.Client) -> Bot:
        """The bot that the credentials name. Raises AuthError where they hold no token."""
        token = credentials.get("bot_token", "").strip()
        if not token or "/" in token:
            raise AuthError("This is not a bot's token: copy it whole from @BotFather.")
        api = credentials.get("api_base", "").strip().rstrip("/") or DEFAULT_API
        return cls(token, api, Network("Telegram", http, _judge))

    def call(self, method: str, *, repeatable: bool = True, files: Any = None, **parameters: Any) -> Any:
        """Call one method and return its result; parameters that are None are left out.

        Raises what `Network.call` raises; a RefusedError's ``code`` is GONE, UNCHANGED, HOOKED, or MOVED with the
        new id of a group that became a supergroup.
        """
        said = {key: value for key, value in parameters.items() if value is not None}
        options: dict[str, Any] = {"data": said, "files": files} if files else {"json": said}
        answer = self.network.call("POST", f"{self.api}/bot{self.token}/{method}", repeatable=repeatable, **options)
        return mapping(answer.content).get("result")

    def file_url(self, path: str) -> str:
        """Where a file that `getFile` told of is fetched, within the hour."""
        return f"{self.api}/file/bot{self.token}/{path}"


def own_id_of(credentials: Mapping[str, str]) -> str | None:
    """A bot's id is what its token begins with."""
    head, colon, _rest = credentials.get("bot_token", "").strip().partition(":")
    return head if colon and head.isdigit() else None


def webhook_secret(credentials: Mapping[str, str]) -> str:
    """What Telegram is asked to send with each delivery: known to whoever knows the token, and to nobody else."""
    token = credentials.get("bot_token", "").strip()
    return hashlib.sha256(f"comptoir webhook {token}".encode()).hexdigest() if token else ""


def _judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """Telegram's errors: a code and a sentence, sometimes with what to do."""
    answer = mapping(content)
    if answer.get("ok") is not False:
        return None
    code = whole(answer.get("error_code")) or response.status_code
    said = (name(answer.get("description")) or "").removeprefix("Bad Request: ").removeprefix("Forbidden: ")
    if code == 429:
        wait = whole(inside(answer, "parameters", "retry_after"))
        pause = timedelta(seconds=min(max(wait, 1), 86_400)) if wait is not None else None
        return TransientError("Telegram asks us to slow down (rate limit).", retry_after=pause)
    if code in (401, 404):
        return AuthError("Telegram does not know this bot's token: copy it anew from @BotFather.")
    if code >= 500:
        return None
    return RefusedError(_reason(said), status=code, code=_code(said, answer, code))


def _reason(said: str) -> Reason:
    lowered = said.lower()
    if "blocked by the user" in lowered:
        return Reason("The customer has blocked the bot: nothing can be written to them on Telegram.")
    if "can't initiate conversation" in lowered:
        return Reason("The customer has never written to the bot in private: Telegram lets only them begin.")
    if "user is deactivated" in lowered:
        return Reason("The customer's account no longer exists.")
    if "bot was kicked" in lowered or "not a member" in lowered:
        return Reason("The bot is no longer a member of this chat.")
    return Reason("Telegram refused: “%(said)s”.", said=said)


def _code(said: str, answer: Mapping[str, Any], code: int) -> str:
    moved = name(inside(answer, "parameters", "migrate_to_chat_id"))
    if moved:
        return f"{MOVED}{moved}"
    lowered = said.lower()
    if any(words in lowered for words in _NOT_THERE):
        return GONE
    if "message is not modified" in lowered:
        return UNCHANGED
    return HOOKED if code == 409 else ""


def split_id(external_id: str) -> tuple[str | None, str, str]:
    """The business connection, the chat and the number in the chat that make up a message's id.

    Raises PermanentError where it is no message's (a pressed button has an id of its own).
    """
    place, slash, number = external_id.rpartition("/")
    business, colon, chat = place.rpartition(":")
    if not slash or not chat or not number.isdigit() or len(number) > 12:
        raise PermanentError("This is not a message on Telegram that can be acted upon.")
    return (business if colon else None), chat, number
