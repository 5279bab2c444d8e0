"""People whose ids are unique only on one server, or one account: 42 of a forum is not 42 of another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from comptoir.channels.connecting import parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Connector, NetworkEvent
from comptoir.connectors.registry import UnknownKindError


def within_their_place(
    connector: Connector, account: ChannelAccount, events: Iterable[NetworkEvent]
) -> list[NetworkEvent]:
    """The events, each saying within what its author's id is unique."""
    told = connector.people_scope()
    place = account.hook_key if told is None else told
    return [replace(event, scope=place) if place and not event.scope else event for event in events]


def in_their_place(account: ChannelAccount, events: Iterable[NetworkEvent]) -> list[NetworkEvent]:
    """The same, of an account whose connector is not at hand. Raises core.crypto.UnreadableSecretError."""
    try:
        return within_their_place(parser_for(account), account, events)
    except UnknownKindError:  # what was brought in outlives its connector
        return list(events)
