"""Calling a customer back: the network rings the agent first, and then the customer."""

from __future__ import annotations

import uuid

from django.core.cache import cache
from django.utils.translation import gettext as _

from comptoir.channels.actions import disconnect_account
from comptoir.channels.connecting import opened, parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import AuthError, ConnectorError, PlacesCalls
from comptoir.conversations.models import Conversation
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.saying import in_words
from comptoir.delivery.refusals import ReplyRefusedError
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent

#: The agent's own choice that holds the number on which they are rung.
TELEPHONE = "telephone"
_RINGS_S = 20


class CallRefusedError(ReplyRefusedError):
    """The call did not come about; the text, translated, says why."""


class NoTelephoneError(CallRefusedError):
    """The agent has not said on which telephone they are to be rung."""

    def __init__(self) -> None:
        super().__init__(_("Say first on which telephone you want to be rung: it is on your own page."))


def is_telephone(account: ChannelAccount) -> bool:
    """Whether customers call there, so that they are answered by calling back."""
    kind = registry.connector_classes().get(account.kind)
    return kind is not None and issubclass(kind, PlacesCalls)


def places_calls(account: ChannelAccount) -> bool:
    """Whether customers can be called from this account now."""
    if not is_telephone(account) or account.status != ChannelAccount.Status.ACTIVE:
        return False
    try:
        connector = parser_for(account)
    except UnreadableSecretError:
        return False
    return isinstance(connector, PlacesCalls) and connector.calls_here()


def call_customer(conversation_id: int, *, by: Agent) -> None:
    """Have the agent and then the customer rung; what becomes of it comes in like any call.

    A second press within seconds rings nobody twice. Raises CallRefusedError.
    """
    conversation = Conversation.objects.select_related("account", "identity").get(pk=conversation_id)
    if not by.preferences.get(TELEPHONE):
        raise NoTelephoneError
    if not places_calls(conversation.account):
        raise CallRefusedError(_("Nobody can be called from this account."))
    if ring_once(conversation.account, conversation.identity.external_id, about=str(conversation.pk), by=by):
        record("call.placed", subject=conversation, by=Actor("agent", by.pk))


def calling_kinds() -> list[str]:
    """The kinds of accounts from which customers can be called."""
    return [kind for kind, known in registry.connector_classes().items() if issubclass(known, PlacesCalls)]


def calling_accounts(brand_id: int) -> list[ChannelAccount]:
    """The brand's numbers from which customers can be called."""
    return list(ChannelAccount.objects.active().filter(brand=brand_id, kind__in=calling_kinds()).order_by("pk"))


def ring_once(account: ChannelAccount, number: str, *, about: str, by: Agent) -> bool:
    """Have the agent rung, and then ``number``; what becomes of it comes in like any call.

    False where the same agent has asked for the same within seconds: a second press rings nobody twice. Raises
    CallRefusedError, also where a colleague has.
    """
    key = f"calling-{about}"
    if not cache.add(key, by.pk, _RINGS_S):
        if cache.get(key, by.pk) != by.pk:
            raise CallRefusedError(_("A colleague is calling this customer at this moment: nobody was rung."))
        return False
    try:
        _ring(account, number, by=by)
    except CallRefusedError:
        cache.delete(key)  # nobody rings: whoever tries again is not told that somebody does
        raise
    return True


def _ring(account: ChannelAccount, number: str, *, by: Agent) -> None:
    telephone = str(by.preferences.get(TELEPHONE, ""))
    if not telephone:
        raise NoTelephoneError
    if not places_calls(account):
        raise CallRefusedError(_("Nobody can be called from this account."))
    try:
        with opened(account) as connector:
            assert isinstance(connector, PlacesCalls)
            connector.place_call(number, agent=telephone, key=str(uuid.uuid4()))
    except AuthError as error:
        disconnect_account(account, reason=error.reason)
        raise CallRefusedError(in_words(error.reason)) from error
    except (ConnectorError, UnreadableSecretError) as error:
        raise CallRefusedError(_("Not called: %(reason)s") % {"reason": in_words(error.reason)}) from error
