"""The Graph API: one version for the whole family, called with one account's token; its lists, page by page."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx

from comptoir.connectors.base import ApiVersion, AuthError, ConnectorError, Delivery
from comptoir.connectors.shared.calling import Answered, Network
from comptoir.connectors.shared.graph.errors import Dialect, judged
from comptoir.connectors.shared.untrusted import inside, mapping, mappings, name

#: Pinned for Facebook, Messenger, Instagram and WhatsApp; Meta ends it two years after the next version came.
VERSION = ApiVersion("v23.0", date(2027, 10, 8))
FACEBOOK = f"https://graph.facebook.com/{VERSION.name}"
INSTAGRAM = f"https://graph.instagram.com/{VERSION.name}"
_HOSTS = frozenset({"graph.facebook.com", "graph.instagram.com", "graph.threads.net", "graph.threads.com"})
_SECRETS_OF_ADDRESSES = frozenset({"access_token", "appsecret_proof"})


@dataclass(frozen=True, slots=True)
class Graph:
    """Meta's API as one account may use it. ``secret``: the app's, by which each call proves that it is the app's."""

    label: str
    http: httpx.Client
    token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    base: str = FACEBOOK
    dialect: Dialect | None = None
    in_header: bool = True  # Threads documents its token as a parameter only

    def call(self, method: str, path: str, *, repeatable: bool | None = None, **options: Any) -> Answered:
        """Call once; ``path`` is below the version, or a whole address of the same host. Raises as `Network.call`."""
        if not self.token:
            raise AuthError("This account has no access token for %(network)s: sign in.", network=self.label)
        again = method != "POST" if repeatable is None else repeatable
        said = {"Authorization": f"Bearer {self.token}"} if self.in_header else {}
        headers = {**said, **options.pop("headers", {})}
        params = {**options.pop("params", {}), **self._proof()}
        address = httpx.URL(path if path.startswith("https://") else f"{self.base}/{path}")
        address = address.copy_merge_params(params) if params else address
        return self._network(again).call(method, str(address), repeatable=again, headers=headers, **options)

    def get(self, path: str, **params: str | int) -> Mapping[str, Any]:
        """What an object says of itself."""
        return mapping(self.call("GET", path, params=params).content)

    def pages(self, path: str, **params: str | int) -> Iterator[Mapping[str, Any]]:
        """The pages of a list, each as it came."""
        page = self.get(path, **params)
        while True:
            yield page
            following = self.next_address(page)
            if following is None:
                return
            page = self.get(following)

    def next_address(self, page: object) -> str | None:
        """Where the page after this one is, without anybody's token; None where there is none, or on another host."""
        return following_address(page, self.base)

    def _proof(self) -> dict[str, str]:
        if not self.in_header:
            return {"access_token": self.token}
        if not self.secret:
            return {}
        return {"appsecret_proof": hmac.new(self.secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()}

    def _network(self, repeatable: bool) -> Network:
        def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
            return judged(self.label, response, content, repeatable=repeatable, dialect=self.dialect)

        return Network(self.label, self.http, judge)


def following_address(page: object, base: str) -> str | None:
    """The address of the next page of a list, on ``base``'s host and stripped of secrets; None where there is none.

    Meta names its hosts in more than one way; an address on any other host is none.
    """
    written = name(inside(page, "paging", "next"))
    if written is None:
        return None
    try:
        parts = urlsplit(written)
        kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in _SECRETS_OF_ADDRESSES]
    except ValueError:
        return None
    if parts.scheme != "https" or parts.netloc not in _HOSTS:
        return None
    return urlunsplit(("https", urlsplit(base).netloc, parts.path, urlencode(kept), ""))


def as_delivery(content: object, *, key: str | None = None) -> Delivery:
    """A page of the API as a delivery, to be stored and read like any other."""
    return Delivery(json.dumps(content, ensure_ascii=False, default=float).encode("utf-8", "replace"), key=key)


def listed(page: object) -> list[Mapping[str, Any]]:
    """The objects of a page."""
    return mappings(inside(page, "data"))
