"""What the networks let us do with messages that they have: each by itself, as who wrote it and where matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from comptoir.channels.connecting import parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import (
    THREAD_AUTHOR,
    Connector,
    DeletesOthers,
    EditsMessages,
    HidesOthers,
    Likes,
    Moderates,
    Reports,
    Standing,
)
from comptoir.connectors.registry import UnknownKindError
from comptoir.conversations.models import Conversation, Message
from comptoir.core.crypto import UnreadableSecretError


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the network lets us do with one message."""

    may_hide: bool = False
    may_delete: bool = False
    may_remove: bool = False
    may_like: bool = False
    may_edit: bool = False
    may_report: bool = False


def abilities(message: Message) -> Abilities:
    """What may be done with one message from here."""
    return abilities_of([message], message.conversation)[message.pk]


def abilities_of(messages: Sequence[Message], conversation: Conversation) -> Mapping[int, Abilities]:
    """What may be done with each message of a conversation; nothing where its account cannot be opened.

    A conversation that was merged has messages of several accounts.
    """
    accounts = {message.account_id: conversation.account for message in messages}
    for message in messages:
        if message.account_id != conversation.account_id:
            accounts[message.account_id] = message.account
    found: dict[int, Abilities] = {}
    for account in accounts.values():
        found |= _of_account(account, [one for one in messages if one.account_id == account.pk], conversation.thread_id)
    return found


def _of_account(account: ChannelAccount, messages: Sequence[Message], thread_id: str) -> dict[int, Abilities]:
    try:
        connector = parser_for(account)
    except (UnknownKindError, UnreadableSecretError):
        return {message.pk: Abilities() for message in messages}
    everywhere = Abilities(
        may_delete=isinstance(connector, Moderates),
        may_like=isinstance(connector, Likes),
        may_edit=isinstance(connector, EditsMessages),
        may_report=isinstance(connector, Reports),
    )
    standings = _standings(connector, account, messages, thread_id)
    return {one.pk: _with_others(everywhere, connector, standings.get(one.pk)) for one in messages}


def _with_others(everywhere: Abilities, connector: Connector, standing: Standing | None) -> Abilities:
    """With what may be done to what somebody else said in public."""
    if standing is None:
        return everywhere
    return replace(
        everywhere,
        may_hide=isinstance(connector, HidesOthers) and connector.may_hide(standing),
        may_remove=isinstance(connector, DeletesOthers) and connector.may_remove(standing),
    )


def _standings(
    connector: Connector, account: ChannelAccount, messages: Sequence[Message], thread_id: str
) -> dict[int, Standing]:
    """Where each public message of a customer stands, for networks where that is asked."""
    theirs = [one.pk for one in messages if one.is_public and one.direction == Message.Direction.INCOMING]
    if not theirs or not isinstance(connector, HidesOthers | DeletesOthers):
        return {}
    began = _thread_author(account, thread_id)
    rows = Message.objects.filter(pk__in=theirs).values_list(
        "pk", "external_id", "identity__external_id", "parent_external_id", "custom"
    )
    return {
        pk: Standing(
            thread_id, external_id or "", author or None, parent or None, custom.get(THREAD_AUTHOR) or began, custom
        )
        for pk, external_id, author, parent, custom in rows
    }


def _thread_author(account: ChannelAccount, thread_id: str) -> str | None:
    """Who began a thread: by its first message, or by what another message of it told; None where nobody knows."""
    if not thread_id:
        return None
    of_account = Message.objects.filter(account=account)
    first = of_account.filter(external_id=thread_id).values_list("direction", "identity__external_id").first()
    if first is not None:
        return account.own_id if first[0] == Message.Direction.OUTGOING else first[1]
    beside = Conversation.objects.filter(account=account, thread_id=thread_id)
    told = of_account.filter(conversation__in=beside, custom__has_key=THREAD_AUTHOR).values_list("custom", flat=True)
    return next((str(custom[THREAD_AUTHOR]) for custom in told[:1]), None)
