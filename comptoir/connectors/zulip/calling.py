"""Calling a Zulip server: its address, the bot's key, and what its own error codes mean."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, quoting, refusal
from comptoir.connectors.shared.untrusted import inside, mapping, name
from comptoir.core.reasons import Reason

_LOCKED = frozenset(["INVALID_API_KEY", "UNAUTHORIZED", "USER_DEACTIVATED", "REALM_DEACTIVATED"])
#: One condition of a search: an operator and its operand.
Narrow = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Server:
    """One Zulip organization, spoken to as one bot."""

    site: str
    email: str
    key: str = field(repr=False)
    http: httpx.Client

    def call(self, method: str, path: str, *, repeatable: bool | None = None, **options: Any) -> Answered:
        """One call of /api/v1. Raises the errors of `Network.call`."""
        network = Network("Zulip", self.http, _judged)
        address = f"{self.site}/api/v1/{path}"
        return network.call(method, address, repeatable=repeatable, auth=(self.email, self.key), **options)

    def messages(
        self, anchor: str | int, *, before: int = 0, after: int = 0, narrow: Narrow = (), rendered: bool = True
    ) -> Answered:
        """Messages around one, which is itself left out; oldest first."""
        asked = {
            "anchor": anchor,
            "include_anchor": "true" if anchor == "newest" else "false",
            "num_before": before,
            "num_after": after,
            "narrow": json.dumps([{"operator": operator, "operand": operand} for operator, operand in narrow]),
            "apply_markdown": "true" if rendered else "false",
            "client_gravatar": "false",
            "allow_empty_topic_name": "true",
        }
        return self.call("GET", "messages", params=asked)

    def message(self, message_id: str) -> Mapping[str, Any] | None:
        """One message; None where there is none, or none that we may see."""
        try:
            answered = self.call("GET", f"messages/{message_id}", params={"allow_empty_topic_name": "true"})
        except RefusedError:
            return None
        return mapping(inside(answered.content, "message"))


def _judged(response: httpx.Response, content: Any) -> ConnectorError | None:
    if response.status_code < 400 or response.status_code >= 500 or response.status_code in (408, 425, 429):
        return None
    code, said = name(inside(content, "code")) or "", name(inside(content, "msg")) or ""
    if response.status_code == 401 or code in _LOCKED:
        return AuthError(quoting(Reason("%(network)s no longer accepts these credentials.", network="Zulip"), said))
    if not said:
        return None
    status = response.status_code
    refused = refusal("Zulip", status)
    return RefusedError(quoting(refused, said), status=status, code=code)
