"""People whose ids are unique only on one server, or one account: 42 of a forum is not 42 of another one."""

from __future__ import annotations

from comptoir.channels.connecting import parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Connector
from comptoir.connectors.registry import UnknownKindError


def place_of(connector: Connector, account: ChannelAccount) -> str:
    """Within what an author's id is unique where an event does not say; empty where it is on the whole network."""
    told = connector.people_scope()
    return account.hook_key if told is None else told


def place_on(account: ChannelAccount) -> str:
    """The same, where the connector is not at hand. Raises core.crypto.UnreadableSecretError."""
    try:
        return place_of(parser_for(account), account)
    except UnknownKindError:  # what was brought in outlives its connector
        return ""
