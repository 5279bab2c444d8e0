"""The account's homeserver: calling it, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, PermanentError, TransientError
from comptoir.connectors.shared.calling import Network, RefusedError
from comptoir.connectors.shared.untrusted import mapping, name, number
from comptoir.core.reasons import Reason

_V3 = "/_matrix/client/v3"
_LOCKED_OUT = frozenset(["M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED"])
_MEANINGS = {
    "M_FORBIDDEN": Reason("The account may not do this in this room."),
    "M_NOT_FOUND": Reason("The homeserver no longer has it."),
    "M_TOO_LARGE": Reason("It is larger than the homeserver takes."),
    "M_GUEST_ACCESS_FORBIDDEN": Reason("The account may not do this in this room."),
    "M_UNSUPPORTED_ROOM_VERSION": Reason("The homeserver does not know this kind of room."),
}


@dataclass(frozen=True, slots=True)
class Homeserver:
    """One homeserver, called with the account's token."""

    base_url: str
    token: str
    network: Network

    @classmethod
    def of(cls, credentials: Mapping[str, str], http: httpx.Client) -> Homeserver:
        """The homeserver that the credentials name. Raises AuthError and PermanentError where they are incomplete."""
        typed = credentials.get("homeserver", "").strip().rstrip("/")
        token = credentials.get("access_token", "").strip()
        if not typed:
            raise PermanentError("Enter the homeserver's address, for example https://matrix.example.org.")
        if not token:
            raise AuthError("Enter the account's access token.")
        base = typed if typed.startswith(("https://", "http://")) else f"https://{typed}"
        return cls(base, token, Network(Reason("The homeserver"), http, _judge))

    def call(self, method: str, path: str, *, repeatable: bool = True, headers: Any = None, **options: Any) -> Any:
        """Call ``path`` of the client API and return its JSON. Raises what `Network.call` raises."""
        url = f"{self.base_url}{path if path.startswith('/_matrix') else _V3 + path}"
        said = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self.network.call(method, url, repeatable=repeatable, headers=said, **options).content

    def room(self, room_id: str, *steps: str) -> str:
        """The path of something in a room."""
        return "/rooms/" + "/".join(quote(step, safe="") for step in (room_id, *steps))


def _judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    answer = mapping(content)
    code, said = name(answer.get("errcode")) or "", name(answer.get("error")) or ""
    if response.is_success or not code:
        return None
    if code == "M_LIMIT_EXCEEDED":
        wait = number(answer.get("retry_after_ms"))
        pause = timedelta(milliseconds=min(max(wait, 0.0), 86_400_000)) if wait is not None else None
        return TransientError("The homeserver asks us to slow down (rate limit).", retry_after=pause)
    if code in _LOCKED_OUT:
        return AuthError("The homeserver does not accept this access token: sign in again and enter a new one.")
    if response.status_code >= 500:
        return None
    reason = _MEANINGS.get(code) or Reason("The homeserver refused (%(code)s): “%(said)s”.", code=code, said=said)
    return RefusedError(reason, status=response.status_code, code=code)
