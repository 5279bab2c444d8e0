"""What a customer who wrote in private shows of themselves to the account they wrote to.

Source: Messenger Platform, "User Profile API"; Instagram Platform, "User Profile API". Both tell it once the customer
has written, to apps that may read messages.
"""

from __future__ import annotations

from comptoir.connectors.base import Author
from comptoir.connectors.shared.graph.api import Graph
from comptoir.connectors.shared.graph.messaging.sending import Platform
from comptoir.connectors.shared.untrusted import name

_FIELDS = {"messenger": "first_name,last_name,profile_pic", "instagram": "name,username,profile_pic"}


def profile(graph: Graph, platform: Platform, person: str) -> Author:
    """Who this is. Raises PermanentError where Meta tells nothing of them."""
    told = graph.get(person, fields=_FIELDS[platform])
    parts = (name(told.get("first_name")), name(told.get("last_name")))
    shown = name(told.get("name")) or " ".join(part for part in parts if part) or None
    return Author(person, name(told.get("username")), shown, name(told.get("profile_pic")))
