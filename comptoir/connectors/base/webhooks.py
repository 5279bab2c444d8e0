"""What a network posts to us, and what it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HookRequest:
    """One request to an account's address. ``url`` is the whole public address with its query, as the network called
    it, for those that sign it; names of headers are lower case.
    """

    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def sent(self) -> bytes:
        """What the request brings, as it came: its body, or the query of a GET."""
        return self.url.partition("?")[2].encode("utf-8", "replace") if self.method == "GET" else self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook endpoint says back: to a verification challenge, or after a delivery is stored."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Addressee:
    """An account that a delivery is about, where the network posts for several accounts to one address."""

    kind: str
    own_id: str
