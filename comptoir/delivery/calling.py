"""Calling a customer back: the network rings the agent first, and then the customer."""

from __future__ import annotations

import uuid

from django.core.cache import cache
from django.utils.translation import gettext as _

from comptoir.channels.actions import disconnect_account
from comptoir.channels.connecting import opened
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


def places_calls(account: ChannelAccount) -> bool:
    """Whether customers can be called from this account."""
    kind = registry.connector_classes().get(account.kind)
    return kind is not None and issubclass(kind, PlacesCalls)


def call_customer(conversation_id: int, *, by: Agent) -> None:
    """Have the agent and then the customer rung; what becomes of it comes in like any call.

    A second press within seconds rings nobody twice. Raises CallRefusedError.
    """
    conversation = Conversation.objects.select_related("account", "identity").get(pk=conversation_id)
    number = str(by.preferences.get(TELEPHONE, ""))
    if not number:
        raise NoTelephoneError
    if not places_calls(conversation.account):
        raise CallRefusedError(_("Nobody can be called from this account."))
    if not cache.add(f"calling-{conversation.pk}-{by.pk}", True, _RINGS_S):
        return
    _ring(conversation, number)
    record("call.placed", subject=conversation, by=Actor("agent", by.pk))


def _ring(conversation: Conversation, number: str) -> None:
    account = conversation.account
    try:
        with opened(account) as connector:
            assert isinstance(connector, PlacesCalls)
            connector.place_call(conversation.identity.external_id, agent=number, key=str(uuid.uuid4()))
    except AuthError as error:
        disconnect_account(account, reason=error.reason)
        raise CallRefusedError(in_words(error.reason)) from error
    except (ConnectorError, UnreadableSecretError) as error:
        raise CallRefusedError(_("Not called: %(reason)s") % {"reason": in_words(error.reason)}) from error
