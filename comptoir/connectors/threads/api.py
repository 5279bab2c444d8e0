"""Calling the Threads API, and what its own error codes mean.

Source: Threads API, "Error codes", "Posts" (containers), "Long-Lived Access Tokens".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import httpx

from comptoir.connectors.base import ApiVersion, ConnectorError, TransientError
from comptoir.connectors.shared.calling import pause_of, quoting
from comptoir.connectors.shared.graph.api import Graph
from comptoir.connectors.shared.graph.errors import GraphError
from comptoir.connectors.shared.graph.long_tokens import LongTokens
from comptoir.core.reasons import Reason

LABEL = "Threads"
VERSION = ApiVersion("v1.0")
HOST = "https://graph.threads.net"
AUTHORIZE_URL = "https://threads.net/oauth/authorize"
#: A container that Threads is still preparing: publishing it left nothing.
_NOT_READY = 4279009
_READY_IN = timedelta(seconds=30)


def graph_of(credentials: Mapping[str, str], http: httpx.Client) -> Graph:
    """The API as one account may use it."""
    base = f"{HOST}/{VERSION.name}"
    token = credentials.get("access_token", "")
    return Graph(LABEL, http, token, base=base, dialect=dialect, in_header=False)


def tokens(http: httpx.Client) -> LongTokens:
    """Where the tokens of a sign-in are traded."""
    return LongTokens(LABEL, http, f"{HOST}/oauth/access_token", HOST, "th")


def dialect(told: GraphError, response: httpx.Response, repeatable: bool) -> ConnectorError | None:
    """The error that one of Threads' codes means; None for those of all Meta networks."""
    if told.subcode == _NOT_READY:
        early = Reason("%(network)s did not take the message and asks to try again.", network=LABEL)
        return TransientError(quoting(early, told.said), retry_after=pause_of(response) or _READY_IN)
    return None
